"""How often a key may ask: rates and quotas, counted since the server started."""

import time
from functools import lru_cache
from typing import TYPE_CHECKING

from index.errors import SettingsError

if TYPE_CHECKING:
    from limits import RateLimitItem


class Rates:
    """Counts requests.

    Args:
        default: The rate of keys that have none of their own, as `60/minute;5000/day`.
    """

    def __init__(self, default: str) -> None:
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._default = default
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def seconds_to_wait(self, who: str, rate: str | None) -> int:
        """Count a request.

        Args:
            who: Whose.
            rate: Their rate; None for the default.

        Returns:
            0 where it may be answered; else after how many seconds the next one may.
        """
        rate = self._default if rate is None else rate
        for item in _parsed(rate):
            if not self._limiter.hit(item, who, rate):
                again = self._limiter.get_window_stats(item, who, rate).reset_time
                return max(1, round(again - time.time()))
        return 0


def require_rate(rate: str) -> str:
    """The same rate, if it is one.

    Raises:
        SettingsError: It is none.
    """
    _parsed(rate)
    return rate


@lru_cache
def _parsed(rate: str) -> tuple["RateLimitItem", ...]:
    from limits import parse_many

    try:
        return tuple(parse_many(rate)) if rate.strip() else ()
    except ValueError:
        raise SettingsError(f"{rate!r} is no rate. Write, for example, 60/minute or 60/minute;5000/day.") from None
