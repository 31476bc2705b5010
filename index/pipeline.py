"""Overlapping the steps of a long run: what comes next is made in one thread, what is done put away in another."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

_T = TypeVar("_T")
_END = object()


@contextmanager
def read_ahead(items: Iterable[_T], room: int = 2) -> Iterator[Iterator[_T]]:
    """Iterate in a thread of its own, a few items ahead of whoever takes them.

    Args:
        items: What to iterate; an error in it reaches the taker in its turn.
        room: How many items wait at the most (1 and up): bounds the memory.

    Yields:
        The same items. When the context is left, the thread ends behind the item that it is making.
    """
    source = iter(items)
    thread = ThreadPoolExecutor(1, "read-ahead")

    def taken() -> Iterator[_T]:
        waiting: deque[Future[_T | object]] = deque(thread.submit(next, source, _END) for _ in range(room))
        while (item := waiting.popleft().result()) is not _END:
            waiting.append(thread.submit(next, source, _END))
            yield item  # type: ignore[misc]

    try:
        yield taken()
    finally:
        thread.shutdown(cancel_futures=True)


@contextmanager
def write_behind(write: Callable[[_T], None]) -> Iterator[Callable[[_T], None]]:
    """Call a function in a thread of its own, so that whoever has work for it can go on.

    Args:
        write: Called with one piece of work after the other; an error in it reaches the caller with the next piece,
            or when the context is left.

    Yields:
        The function to call instead; it waits for the piece before. When the context is left, all work is done.
    """
    thread = ThreadPoolExecutor(1, "write-behind")
    last: Future[None] | None = None

    def put(work: _T) -> None:
        nonlocal last
        if last:
            last.result()
        last = thread.submit(write, work)

    try:
        yield put
        if last:
            last.result()
    finally:
        thread.shutdown()
