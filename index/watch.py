"""Keeping a library as a folder is: look when something is noticed to change, and now and then in any case."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

from index.library import Library
from index.load.sources import file_source
from index.mirror import Mirrored, mirror
from index.sandbox.limits import Limits

SETTLE = 1.0
"""Seconds for which a file must have been left alone to be read."""
_TICK = 0.5  # seconds
_IN_ANY_CASE = 60.0
"""Seconds after which is looked without a notice: disks of other machines give none."""
_POLL = 5.0
_LONGEST_PAUSE = 60.0


def watch(
    library: Library,
    folder: str | Path,
    report: Callable[[Mirrored | Exception], None],
    *,
    stop: threading.Event,
    poll: float | None = None,
    settle: float = SETTLE,
    limits: Limits = Limits(),
) -> None:
    """Mirror a folder, and again whenever it changes, until told to stop.

    Nothing that goes wrong ends it: what is reported is tried again, after ever longer pauses of up to a minute.

    Args:
        library: What is kept as the folder is.
        folder: The folder.
        report: Called with what was done where something was, or with what went wrong; not twice with the same.
        stop: Set to end it.
        poll: Seconds between two looks, where notices of changes are not to be relied on; None to wait for notices.
        settle: Seconds for which a file must have been left alone to be read.
        limits: What reading may cost.
    """
    reported = ""
    failed = 0

    def look() -> float:
        """Mirror once; returns the seconds until the next look."""
        nonlocal reported, failed
        try:
            done: Mirrored | Exception = mirror(library, folder, settle=settle, limits=limits)
        except Exception as error:  # a full disk, a busy library, a folder that is not there: all may pass
            done = error
        failed = failed + 1 if isinstance(done, Exception) else 0
        words = str(done) if isinstance(done, Exception) else "".join(map(str, done.failures))
        if words != reported or (isinstance(done, Mirrored) and done.is_change):
            report(done)
        reported = words
        if failed:
            return min(2.0**failed, _LONGEST_PAUSE)
        if isinstance(done, Mirrored) and done.waiting:
            return settle
        return poll or _IN_ANY_CASE

    while not stop.is_set():
        try:
            due = 0.0
            for noticed in _ticks(library, folder, stop, poll):
                if noticed or monotonic() >= due:
                    due = monotonic() + look()
        except OSError as error:  # no more files can be watched, or the folder is not there
            report(error)
            poll = poll or (_POLL if os.path.isdir(folder) else None)
            stop.wait(look())


def _ticks(library: Library, folder: str | Path, stop: threading.Event, poll: float | None) -> Iterator[bool]:
    """Tell twice a second whether something was noticed, until told to stop or the folder is another."""
    if poll:
        while not stop.is_set():
            yield False
            stop.wait(min(_TICK, poll))
        return
    from watchfiles import watch as changes

    own = file_source(library.folder).path
    root = _identity(folder)
    for noticed in changes(
        folder,
        watch_filter=lambda _, path: not path.startswith(own),  # else what we write would be noticed
        stop_event=stop,
        rust_timeout=int(_TICK * 1000),
        yield_on_timeout=True,
        force_polling=False,
        ignore_permission_denied=True,
    ):
        yield bool(noticed)
        if _identity(folder) != root:
            return


def _identity(folder: str | Path) -> tuple[int, int]:
    """What tells a folder from another of its name: one that was removed and made again, or a disk that came back."""
    seen = os.stat(folder)
    return seen.st_dev, seen.st_ino
