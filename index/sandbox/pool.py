"""Files to articles, in the order of the files, by a few children that are kept warm."""

import atexit
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeVar

from index.sandbox.limits import Limits
from index.sandbox.messages import Found, Link, Lost, Request
from index.sandbox.reader import Reader

_MOST = 2  # children
_AHEAD = 8  # files that a child is sent ahead of what is read
_BACKLOG = 16_384  # bytes; what is sent ahead must fit into a pipe, or parent and child would wait for each other
_BEFORE_SECOND = 16  # files that one child reads alone: starting another costs as much as reading them

_warm: list[Reader] = []
_lock = threading.Lock()

T = TypeVar("T")


def read_in_order(
    files: Iterable[tuple[T, Request | None]], limits: Limits
) -> Iterator[tuple[T, Iterator[Found | Lost | Link]]]:
    """Read files in child processes.

    Args:
        files: What each file is known as, and how to read it; None where there is nothing to read. Taken a little
            ahead of what is given back.
        limits: What each may cost.

    Yields:
        What the file is known as, and what was found in it, which must be read to its end before the next.
    """
    readers: list[Reader] = []
    ahead: deque[tuple[T, Reader | None]] = deque()
    rest = iter(files)
    sent = 0
    try:
        while True:
            while len(ahead) < _AHEAD * max(1, len(readers)) and sum(r.backlog for r in readers) < _BACKLOG:
                file = next(rest, None)
                if file is None:
                    break
                known_as, request = file
                reader = _reader(readers, sent, limits) if request else None
                if reader and request:
                    reader.send(request)
                    sent += 1
                ahead.append((known_as, reader))
            if not ahead:
                return
            known_as, reader = ahead.popleft()
            yield known_as, reader.replies() if reader else iter(())
    finally:
        for reader in readers:
            _put_back(reader)


def _reader(readers: list[Reader], sent: int, limits: Limits) -> Reader:
    """In turn, so that each child works on while the other's results are read."""
    if not readers or (len(readers) < _MOST and sent >= _BEFORE_SECOND):
        readers.append(_take(limits))
    return readers[sent % len(readers)]


def _take(limits: Limits) -> Reader:
    with _lock:
        for reader in _warm:
            if reader.limits == limits:
                _warm.remove(reader)
                return reader
    return Reader(limits)


def _put_back(reader: Reader) -> None:
    with _lock:
        keep = reader.is_idle and len(_warm) < _MOST
        if keep:
            _warm.append(reader)
    if not keep:
        reader.close()


def close_warm() -> None:
    """Let go of the children that wait for more files; the next file starts another."""
    while _warm:
        _warm.pop().close()


atexit.register(close_warm)
if hasattr(os, "register_at_fork"):  # a fork must not speak to its parent's children
    os.register_at_fork(after_in_child=_warm.clear)
