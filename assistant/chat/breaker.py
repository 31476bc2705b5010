"""A circuit breaker: a model that fails again and again is left alone for a while."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Counts failures in a row.

    After `after` of them no call is let through for `rest` seconds, then one to try; if that fails too, none for as
    long again.

    Args:
        after: Failures in a row that open it.
        rest: Seconds it stays open.
        clock: Tells the time in seconds.
    """

    def __init__(self, after: int = 3, rest: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._after, self._rest, self._clock = after, rest, clock
        self._failures = 0
        self._open_until = 0.0
        self._changing = threading.Lock()

    def wait(self) -> float:
        """Seconds until a call may be made; 0 where it may be made now, and must then be told of."""
        with self._changing:
            now = self._clock()
            if now < self._open_until:
                return self._open_until - now
            if self._failures >= self._after:  # this call tries whether it works again; the others wait for it
                self._open_until = now + self._rest
            return 0.0

    def failed(self) -> None:
        """A call failed."""
        with self._changing:
            self._failures += 1
            if self._failures >= self._after:
                self._open_until = self._clock() + self._rest

    def succeeded(self) -> None:
        """A call did not fail."""
        with self._changing:
            self._failures, self._open_until = 0, 0.0
