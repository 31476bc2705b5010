"""The child: reads the files it is told of, says what it found, and is killed by an alarm where one takes too long.

It is started with an environment and open files of its own (see `reader`). Here it gives up what a parser has no use
for: memory beyond the limit, writing files, connections, other programs.
"""

import contextlib
import errno
import json
import os
import signal
import sys
from typing import IO, Any

from index.load.parsing import replies_to
from index.sandbox.limits import Limits
from index.sandbox.messages import Begin, End, Request, to_line

_REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Serve requests, one JSON object a line on standard input, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business; when it ends, so does our input
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the replies
    limits = Limits(**json.loads(sys.stdin.buffer.readline()))
    _give_up(limits)
    replies.write(b"ready\n")
    replies.flush()
    for line in sys.stdin.buffer:
        _serve(Request(**json.loads(line)), limits, replies)
        if _memory_in_use() > limits.memory // 2:  # what libraries keep must not be the next file's fault
            return


def _serve(request: Request, limits: Limits, replies: IO[bytes]) -> None:
    """Answer one request: `begin` and what was found of each item, then `end`.

    The alarm runs while we read, not while we wait for the parent to take a reply. Its default action is death, which
    no parser can catch.
    """
    _alarm(limits.seconds)
    for reply in replies_to(request, limits):
        left = _alarm(0)
        replies.write(to_line(reply))
        if isinstance(reply, Begin):
            left = limits.seconds
            replies.flush()  # so that it is known whose fault it is if this is our end
        _alarm(left)
    _alarm(0)
    replies.write(to_line(End()))
    replies.flush()


def _alarm(seconds: float) -> float:
    """Set the alarm, 0 for none; returns what was left of the one before."""
    if not hasattr(signal, "setitimer"):  # Windows: the parent's clock alone
        return seconds
    return max(signal.setitimer(signal.ITIMER_REAL, seconds)[0], 0.001)


def _give_up(limits: Limits) -> None:
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with contextlib.suppress(ValueError, OSError):  # macOS refuses this one
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse connections, other programs and writing to any Python code: no parser needs them."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if writes or event.startswith(_REFUSED):
        raise PermissionError(errno.EPERM, f"{event} is not allowed while reading a file")


def _memory_in_use() -> int:
    """The address space in use, in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as status:
            return int(status.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


if __name__ == "__main__":
    main()
