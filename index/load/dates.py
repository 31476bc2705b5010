"""Dates as pages print them, to ISO 8601; a date that has to be guessed is no date."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_ZONE = r"(?P<zone>z|[a-z]{2,5}|(?:gmt|utc)?\s?[+-]\d{1,2}(?::?\d{2})?)"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    rf"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?hrs)?(?:\s?\(?{_ZONE}\)?)?"
)
_TIME = rf"(?:(?:\s*[,|•·-]?\s*(?:at\s+)?|t){_CLOCK})?"
_LEAD = rf"(?:{_WEEKDAY},?\s+(?:the\s+)?)?"

_WRITTEN = (
    rf"{_LEAD}{_DAY}[\s-]+(?:of\s+)?{_MONTH},?[\s-]+{_YEAR}{_TIME}",
    rf"{_LEAD}{_MONTH}\s+{_DAY}(?:,\s*|\s+){_YEAR}{_TIME}",
    rf"{_YEAR}[-/.](?P<m>\d{{1,2}})[-/.]{_DAY}{_TIME}",
    rf"{_LEAD}(?P<d1>\d{{1,2}})(?P<sep>[/.-])(?P<d2>\d{{1,2}})(?P=sep){_YEAR}{_TIME}",
)
_TIME_FIRST = re.compile(
    r"(?P<clock>\d{1,2}[:.]\d{2}[^\s,|]*(?:\s[a-z]{2,4})?)[\s,|-]+(?P<date>\D*\d.*)", re.IGNORECASE
)
_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<m>\d{2})(?P<day>\d{2})"
    r"(?:t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?(?P<zone>z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _WRITTEN)

# Only the names that mean one thing everywhere (RFC 2822): IST and BST each name several zones.
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6}
_ZONES |= {"pst": -8, "pdt": -7}

_AGO = (
    r"(?:about\s+)?(?:\d+|an?|one|two|three|a\s+few|few)\s?"
    r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?)\s+ago"
)
_PARTIAL = (
    rf"{_AGO}|(?:just|right)\s+now|moments?\s+ago"
    rf"|(?:today|yesterday|last\s+(?:night|week)|{_WEEKDAY}|{_LEAD}{_DAY}\s+{_MONTH}|{_LEAD}{_MONTH}\s+{_DAY}"
    rf"|{_MONTH},?\s+{_YEAR}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}){_TIME}"
    r"|\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s?[a-z]{2,5})?"
)
_PARTIAL_PATTERN = re.compile(re.sub(r"\?P<\w+>", "?:", _PARTIAL), re.IGNORECASE)


def to_iso(text: str) -> str | None:
    """Read a date with day, month and year.

    Args:
        text: The whole of a date, such as `Friday 9 May 2025, 14:30 GMT`, and nothing else.

    Returns:
        `YYYY-MM-DD`, or with a time whose zone is known `YYYY-MM-DDTHH:MM:SS+00:00` (in UTC). None for what is
        relative (`2 hours ago`), incomplete (`9 May`), ambiguous (`9/5/2025`) or no date at all.
    """
    text = " ".join(text.split()).strip(" .,;|")
    if swapped := _TIME_FIRST.fullmatch(text):
        text = f"{swapped['date']} {swapped['clock']}"
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            return _iso(match.groupdict())
    return None


def from_record(text: str | None) -> str | None:
    """Read a date as programs write it: as `to_iso` does, and without hyphens too (`20250509T103000Z`).

    On a page such a number may be anything; in a field for dates it is one.
    """
    text = (text or "").strip()
    match = _BASIC.fullmatch(text)
    return _iso(match.groupdict()) if match else to_iso(text)


def is_moment(text: str) -> bool:
    """Tell whether the text tells a time at all: a full date, a part of one (`9 May`), or a relative one."""
    text = " ".join(text.split()).strip(" .,;|")
    return _PARTIAL_PATTERN.fullmatch(text) is not None or to_iso(text) is not None


def _iso(found: dict[str, str | None]) -> str | None:
    try:
        day = _day(found)
        if day is None:
            return None
        moment = _moment(day, found)
    except (ValueError, OverflowError):  # 31 June, 25:00, the first hours of year 1 in UTC
        return None
    return moment.isoformat(timespec="seconds") if moment else day.isoformat()


def _day(found: dict[str, str | None]) -> date | None:
    year = int(found["year"] or 0)
    if name := found.get("month"):
        return date(year, _MONTHS.index(name[:3].lower()) + 1, int(found["day"] or 0))
    if month := found.get("m"):
        return date(year, int(month), int(found["day"] or 0))
    first, second = int(found["d1"] or 0), int(found["d2"] or 0)
    if first > 12:
        return date(year, second, first)
    return date(year, first, second) if second > 12 else None  # 9/5: May in London, September in New York


def _moment(day: date, found: dict[str, str | None]) -> datetime | None:
    offset = _offset(found.get("zone"))
    if not found.get("hour") or offset is None or not (found.get("minute") or found.get("half")):
        return None
    hour = int(found["hour"] or 0)
    if half := found.get("half"):
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=timezone(offset))
    return local.astimezone(UTC)


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    if (hours := _ZONES.get(zone.lower())) is not None:
        return timedelta(hours=hours)
    if number := re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone):
        size = timedelta(hours=int(number[2]), minutes=int(number[3] or 0))
        return -size if number[1] == "-" else size
    return None
