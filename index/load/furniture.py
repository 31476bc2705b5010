"""Page furniture: the lines around a story that are not the story, and what they tell of it."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from index.load.byline import is_person, read_byline
from index.load.dates import is_moment, to_iso
from index.load.publisher import is_publisher


class Furniture(Enum):
    """What a line of furniture is; the first one names a line that is several."""

    BYLINE = auto()  # "By Jane Roe"
    STAMP = auto()  # "Updated 13 sec ago"
    DATE = auto()  # a date and nothing else, or place and date
    HEADER = auto()  # stands under headlines: "Short Url", "3 min read"
    LINKS = auto()  # heads a list of other stories: "Read also:"
    CREDIT = auto()  # a name, believed only beside other furniture
    CLUTTER = auto()  # stands anywhere: "Advertisement", "Share"


@dataclass(frozen=True)
class Label:
    """A line of furniture, read."""

    kind: Furniture
    published: str | None = None
    updated: str | None = None
    author: str | None = None
    place: str | None = None
    source: str | None = None


def _lines(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_HEADER = _lines(
    r"short url:?(?:\s*https?://\S+)?",
    r"\+?\s?follow(?:ing| us| @\w+| on \w+)?",
    r"\d+[ -]min(?:ute)?s?(?: read)?|reading time:? .{1,20}",
    r"listen(?: to (?:this )?(?:article|story))?(?:\W{0,3}\d+(?::\d+)?(?: min(?:ute)?s?)?\)?)?",
    r"share this (?:article|story)",
    r"\d[\d.,]*[km]? (?:views|shares)",
)
_SHARE = (
    r"(?:share|tweet|facebook|twitter|x|whats ?app|linkedin|telegram|reddit|instagram|threads|bluesky|pinterest"
    r"|messenger|e-?mail|print|copy(?: the)? (?:link|url)|link copied!?|save|bookmark|share (?:on|via|by) [\w-]+)"
)
_CLUTTER = _lines(
    rf"{_SHARE}(?:[\s,:|/·•]+{_SHARE})*:?",
    r"advertis(?:e?ment|ing)|ads?|sponsored(?: content)?|promoted(?: content)?",
    r"(?:story|article) continues (?:below|after)(?: (?:this )?advertisement)?|continue reading|show (?:more|less)",
    r"subscribe(?: now| today)?|sign (?:in|up)(?: now)?|log ?in|register(?: now)?",
    r"sign up (?:for|to) .{1,60}newsletters?",
    r"(?:\d+ |view |leave a |post a |add a |show |hide )?comments?(?: \(\d+\))?",
    r"related(?: (?:articles?|story|stories|topics?|news|links?))?: .*(?<![.!?…])",
    r"(?:topics?|tags?|keywords|filed under): .*(?<![.!?…])",
    r"(?:read more|read also|also read|see also): .*",
    r"(?:topics?|tags?|keywords):?|trending(?: now)?|view (?:all|gallery)|(?:next|previous) (?:article|story)",
    r"skip to (?:main )?content|back to top|loading(?:\.\.\.|…)?|menu|(?:click|tap) here to .{1,60}(?<![.!?…])",
    r"(?:©|\(c\) |copyright ).{1,80}|all rights reserved\.?",
    r"-30-|\(?ends?\)?",
)
_LINKS = _lines(
    r"(?:read (?:also|more|next)|also read|see also|more (?:stories|news|on this(?: story| topic)?|like this|to read)"
    r"|more from [\w ]{1,40}|related(?: (?:articles?|story|stories|topics?|news|coverage|links?|content|reading))?"
    r"|most (?:read|popular|viewed)|recommended(?: (?:for you|reading|stories))?|you (?:may|might) also like"
    r"|what to read next|other (?:stories|news|headlines)|editor['’]?s['’]? picks?|latest (?:news|stories))\s*[:>»…]?"
)
_STAMP = re.compile(
    r"(?:(?:last|first|originally|date) )?"
    r"(?:(?P<updated>updated|modified|edited|revised)|published|posted|created|uploaded|publication|date)"
    r"(?: date| time)?(?: on| at)?\s*[:–-]?\s+(?P<when>.+)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?!By )[A-ZÀ-ÖØ-Þ][\w.’'-]+(?: [A-ZÀ-ÖØ-Þ][\w.’'-]+){0,2}")
_PART = re.compile(r"\s+[|•·–—/-]\s+|\s*\|\s*|,?\s+(?=\(?(?:last )?updated\b)", re.IGNORECASE)
_SEPARATOR = re.compile(r"([-*=#_~•·—–])(?:\s*\1){2,}")
_LONGEST = 160  # characters


def is_separator(line: str) -> bool:
    """Tell whether a line is drawn, not written: `---`, `* * *`, `=====`."""
    return _SEPARATOR.fullmatch(line) is not None


def read_label(line: str) -> Label | None:
    """Read a line of page furniture.

    Args:
        line: One whole line, normalised.

    Returns:
        What it is and what it tells, or None where the line may be part of the story: only a line that is furniture
        from end to end counts, alone or in parts (`By Jane Roe | 9 May 2025 | 3 min read`).
    """
    if len(line) > _LONGEST:
        return None
    parts = _PART.split(line)
    labels = [label for part in parts if (label := _read_part(part) or _credit(part))]
    if len(labels) == len(parts) and any(label.kind is not Furniture.CREDIT for label in labels):
        return _joined(labels)
    return _read_part(line)


def _joined(labels: list[Label]) -> Label:
    return Label(
        kind=min((label.kind for label in labels), key=lambda kind: kind.value),
        published=next((label.published for label in labels if label.published), None),
        updated=next((label.updated for label in labels if label.updated), None),
        author=next((label.author for label in labels if label.author), None),
        place=next((label.place for label in labels if label.place), None),
        source=next((label.source for label in labels if label.source), None),
    )


def _read_part(part: str) -> Label | None:
    for pattern, kind in ((_LINKS, Furniture.LINKS), (_HEADER, Furniture.HEADER), (_CLUTTER, Furniture.CLUTTER)):
        if pattern.fullmatch(part):
            return Label(kind)
    return _stamp(part) or _date(part) or _byline(part)


def _stamp(part: str) -> Label | None:
    if part.endswith(" ago") and is_moment(part):
        return Label(Furniture.STAMP)
    match = _STAMP.fullmatch(part.strip("()"))
    if match is None or not is_moment(match["when"]):
        return None
    when = to_iso(match["when"])
    return Label(Furniture.STAMP, updated=when) if match["updated"] else Label(Furniture.STAMP, published=when)


def _date(part: str) -> Label | None:
    if when := to_iso(part):
        return Label(Furniture.DATE, published=when)
    place, comma, rest = part.partition(", ")
    if comma and _PLACE.fullmatch(place) and not is_moment(place) and (when := to_iso(rest)):
        return Label(Furniture.DATE, published=when, place=place)
    return None


def _byline(part: str) -> Label | None:
    head, comma, tail = part.partition(", ")
    if comma and is_moment(tail) and (found := read_byline(head)):
        return Label(Furniture.BYLINE, author=found[0], published=to_iso(tail))
    if found := read_byline(part):
        author, desk = found
        return Label(Furniture.BYLINE, author=author, source=desk if desk and is_publisher(desk) else None)
    return None


def _credit(part: str) -> Label | None:
    """A name beside a date: `9 May 2025 · Jane Roe · Eastmarch Courier`."""
    if is_publisher(part):
        return Label(Furniture.CREDIT, source=part)
    return Label(Furniture.CREDIT, author=part) if is_person(part) else None
