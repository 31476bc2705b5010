"""Dates as people read them."""

from datetime import date


def day_in_words(iso: str | None) -> str | None:
    """`2025-05-09T10:30:00+00:00` as `9 May 2025`; None stays None."""
    if not iso:
        return None
    day = date.fromisoformat(iso[:10])
    return f"{day.day} {day:%B} {day.year}"
