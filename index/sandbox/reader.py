"""The parent's side of one child: sends it files, takes its replies, and starts another where it died."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import IO

from index.errors import SandboxError
from index.sandbox.limits import Limits
from index.sandbox.messages import Begin, End, Found, Link, Lost, Reply, Request, from_line

_GRACE = 0.5  # seconds; after that the child's own alarm has failed it
_START = 20.0  # seconds that a child may take to start on a busy machine
_PIECE = 1 << 16  # bytes
_TOO_LONG = "takes longer than {:g} s to read: save the article as plain text"
_CRASHED = "crashes what reads it, or has it run out of memory ({}): save the article as plain text"


class ChildGone(Exception):
    """The child is dead; `str()` says of what, to follow the name of what it was reading.

    Attributes:
        was_reading: Whether it is known to have been reading: alarms only go off then.
    """

    def __init__(self, reason: str, *, was_reading: bool = False) -> None:
        super().__init__(reason)
        self.was_reading = was_reading


class Child:
    """A running child process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "index.sandbox.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=os.sep,
            env=_environment(),
            close_fds=True,
        )
        self._replies = selectors.DefaultSelector()
        self._replies.register(self._stdout, selectors.EVENT_READ)
        self._buffer = bytearray()
        self._scanned = 0
        self._is_ready = False
        self.send(json.dumps(asdict(limits)).encode())

    def send(self, line: bytes) -> None:
        """Send it a line; that it is gone shows when its replies are read."""
        with contextlib.suppress(OSError):
            self._stdin.write(line + b"\n")
            self._stdin.flush()

    def receive(self) -> Reply:
        """The next reply.

        Raises:
            ChildGone: It died, or had to be killed.
            SandboxError: It never came to reading.
        """
        if not self._is_ready:
            self._line(_START, f"does not start within {_START:g} s")
            self._is_ready = True
        line = self._line(self.limits.seconds + _GRACE, _TOO_LONG.format(self.limits.seconds))
        try:
            return from_line(line)
        except (ValueError, TypeError, KeyError, AttributeError):
            self.kill()
            raise ChildGone(_CRASHED.format("its reply makes no sense")) from None

    def _line(self, patience: float, too_late: str) -> bytes:
        deadline = time.monotonic() + patience
        while (end := self._buffer.find(b"\n", self._scanned)) < 0:
            self._scanned = len(self._buffer)
            if not self._replies.select(max(0.0, deadline - time.monotonic())):
                self.kill()
                raise ChildGone(too_late, was_reading=self._is_ready)
            piece = os.read(self._stdout.fileno(), _PIECE)
            if not piece:
                raise self._death()
            self._buffer += piece
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._scanned = 0
        return line

    def _death(self) -> ChildGone:
        with contextlib.suppress(subprocess.TimeoutExpired):  # it is dying; let it, to know of what
            self._process.wait(_GRACE)
        status = self.kill()
        if not self._is_ready:
            raise SandboxError(
                f"The process that reads files does not start (exit status {status}): run "
                f"{sys.executable} -P -m index.sandbox.child to see why."
            )
        if status == -getattr(signal, "SIGALRM", 0):
            return ChildGone(_TOO_LONG.format(self.limits.seconds), was_reading=True)
        if status == -signal.SIGKILL:
            return ChildGone("needs more memory than there is to read: save the article as plain text")
        return ChildGone(_CRASHED.format(signal.Signals(-status).name if status < 0 else f"exit status {status}"))

    def kill(self) -> int:
        """Kill it, if it is still alive, and let go of its pipes; returns how it ended."""
        self._process.kill()
        status = self._process.wait()
        self._replies.close()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):  # a line that could not be sent
                pipe.close()
        return status

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        return self._process.stdout


def _environment() -> dict[str, str]:
    """What a child must know: where modules lie. No key or password of ours is in it."""
    path = os.pathsep.join(os.path.abspath(place) for place in sys.path if place)
    fixed = {"PYTHONPATH": path, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | fixed


class Reader:
    """Reads files one after the other, by a child that is started when it is needed and replaced when it dies."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._child: Child | None = None
        self._sent: deque[Request] = deque()

    @property
    def is_idle(self) -> bool:
        """Whether all that was sent has been read."""
        return not self._sent

    @property
    def backlog(self) -> int:
        """The bytes of what was sent and not yet read."""
        return sum(len(request.path) for request in self._sent)

    def send(self, request: Request) -> None:
        """Have a file read, after those sent before."""
        self._sent.append(request)
        if self._child:
            self._child.send(_line(request))

    def replies(self) -> Iterator[Found | Lost | Link]:
        """What there is in the oldest file sent and not yet read; to be read to its end."""
        request = self._sent[0]
        deaths = 0
        while True:
            begun: list[Begin] = []
            try:
                yield from self._items(request, begun)
                break
            except ChildGone as gone:
                self._child = None
                deaths += 1
                if begun or gone.was_reading or deaths > 1:  # else it may have been worn, or killed, before
                    at = begun[-1] if begun else Begin()
                    yield Lost(at.where, at.position, str(gone), may_pass=True)
                    if not begun or at.is_last:
                        break
                    if deaths >= self.limits.deaths:
                        yield Lost("", None, f"has killed {deaths} readers: the rest of it is not read, split it")
                        break
                request = replace(request, start=request.start + len(begun))
        self._sent.popleft()

    def _items(self, request: Request, begun: list[Begin]) -> Iterator[Found | Lost | Link]:
        child = self._child or self._start(request)
        while not isinstance(reply := child.receive(), End):
            if isinstance(reply, Begin):
                begun.append(reply)
            else:
                yield reply

    def _start(self, first: Request) -> Child:
        """Start a child and send it all that is unread, from where the first file was left."""
        self._child = child = Child(self.limits)
        for request in (first, *list(self._sent)[1:]):
            child.send(_line(request))
        return child

    def close(self) -> None:
        """Kill the child; what is unread is forgotten."""
        self._sent.clear()
        if self._child:
            self._child.kill()
            self._child = None


def _line(request: Request) -> bytes:
    return json.dumps(asdict(request)).encode()
