"""Dates in a text, as far as they are given, and whether one text's dates bear out another's."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = (
    r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\b\.?)"
)
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>(?:1[5-9]|20)\d\d)"
_LEAD = rf"(?:{_WEEKDAY},?\s+(?:the\s+)?)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b",
        rf"\b{_LEAD}{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?\b",
        rf"\b{_LEAD}{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?\b(?!\s+(?:percent|per\s+cent|million|billion|people))",
        rf"\b{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_WEEKDAY}(?=\W|$)",
        r"\b(?P<month>January|February|March|April|June|July|August|September|October|November|December)\b",
        r"\b(?:in|by|until|since|of|from|next|last|this|late|early)\s+(?P<month>May)\b",
    )
)
_WEEK = 7


@dataclass(frozen=True)
class Day:
    """A date as far as it is given.

    Attributes:
        written: The words.
        year: None where none is given.
        month: 1 to 12.
        day: Of the month.
        weekday: 0 for Monday.
    """

    written: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


def take_days(text: str) -> tuple[list[Day], str]:
    """The dates of a text, and the text with spaces in their place; a year by itself is a number."""
    found: list[Day] = []
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            found.append(
                Day(
                    match[0],
                    int(parts["year"]) if parts.get("year") else None,
                    _month(parts.get("month")),
                    int(parts["day"]) if parts.get("day") else None,
                    _WEEKDAYS.index(parts["weekday"][:3].lower()) if parts.get("weekday") else None,
                )
            )
        text = form.sub(lambda match: " " * len(match[0]), text)
    return found, text


def _month(written: str | None) -> int | None:
    if not written:
        return None
    return int(written) if written.isdigit() else _MONTHS.index(written[:3].lower()) + 1


def bears_out(claimed: Day, said: Day, published: str | None) -> bool:
    """Whether a date that a text says is the date claimed, in an article of this day.

    What the claim gives, the text must give too; a year left out is the article's, and a weekday is that of the week
    before or after it.

    Args:
        claimed: A date in a sentence.
        said: A date in the quote.
        published: The day of the article (ISO 8601), if known.
    """
    day = date.fromisoformat(published[:10]) if published else None
    if said.day is None and said.month is None and said.weekday is not None:
        near = [day + timedelta(days=n) for n in range(-_WEEK, _WEEK + 1)] if day else []
        dates = [other for other in near if other.weekday() == said.weekday]
        if claimed.day is None and claimed.month is None:
            return claimed.weekday == said.weekday
        return any(_is(claimed, other) for other in dates)
    years = _years(said, day)
    agree = claimed.month in (None, said.month) and claimed.day in (None, said.day)
    if not agree or (claimed.year is not None and claimed.year not in years):
        return False
    if claimed.weekday in (None, said.weekday):
        return True
    return any(_is(claimed, made) for year in years if (made := _date(year, said.month, said.day)))


def _years(said: Day, published: date | None) -> list[int]:
    if said.year is not None:
        return [said.year]
    return [published.year, published.year + 1, published.year - 1] if published else []


def _date(year: int, month: int | None, day: int | None) -> date | None:
    try:
        return date(year, month, day) if month and day else None
    except ValueError:
        return None


def _is(claimed: Day, day: date) -> bool:
    """Whether this day has all that is claimed."""
    return (
        claimed.year in (None, day.year)
        and claimed.month in (None, day.month)
        and claimed.day in (None, day.day)
        and claimed.weekday in (None, day.weekday())
    )
