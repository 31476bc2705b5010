"""Bylines: "By Jane Roe and Sam Poe, Courier"."""

import re

_PARTICLE = r"(?:al|bin|bint|da|de|del|den|der|di|dos|du|el|ibn|la|le|ter|van|von)"
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.’'-]*"
_PERSON = re.compile(rf"(?:{_PARTICLE}[ -])?{_NAME}(?:(?: {_PARTICLE})*(?: |-){_NAME}){{0,4}}")
_BY = re.compile(r"by(?::| )\s*(?P<names>\S.*)", re.IGNORECASE)
_DESK = re.compile(r"(?P<names>.+?)(?:,| [|–—/-]| for| in|/)\s?(?P<desk>[^,]{2,40})|(?P<staff>.+?) (?:staff|reporters?|desk)")
_AND = re.compile(r",? (?:and|&) ")
_AGENCIES = frozenset({"Reuters", "Bloomberg", "Xinhua", "Agencies"})
_SHOUTED = re.compile(r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.’'-]*(?: [A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.’'-]*){1,2}")
_NOT_NAMES = frozenset(
    "THE A AN OF IN ON AT TO FOR AND OR NEWS LIVE WORLD LATEST BREAKING UPDATE UPDATES REPORT STORY STORIES OPINION"
    " ANALYSIS SPORT SPORTS BUSINESS POLITICS VIDEO PHOTO PHOTOS KEY POINTS TOP MORE READ ALSO WHAT WHY HOW WHO WHEN"
    " WHERE NEXT NO NOT NEW IS ARE".split()
)


def byline_author(line: str) -> str | None:
    """The names of a line that is a byline and nothing else, without desk or publisher; None where it is not one."""
    match = _BY.fullmatch(line)
    if match is None or (line.endswith(".") and not line.endswith("Jr.")):
        return None
    names = match["names"].strip()
    if authors := _authors(names):
        return authors
    desk = _DESK.fullmatch(names)
    if desk is None:
        return None
    if desk["staff"]:
        return names if _PERSON.fullmatch(desk["staff"]) else None
    return _authors(desk["names"])


def _authors(names: str) -> str | None:
    """The names if each is a person's (or an agency's) and a comma only stands in a list that ends with "and"."""
    listed = _AND.split(names)
    people = [*(listed[0].split(", ") if len(listed) > 1 else [listed[0]]), *listed[1:]]
    return names if all(_is_author(person) for person in people) else None


def _is_author(name: str) -> bool:
    if name in _AGENCIES or (name.isupper() and name.isalpha() and 2 <= len(name) <= 4):
        return True
    words = name.split()
    return len(words) > 1 and words[0].lower() not in ("the", "a", "an") and _PERSON.fullmatch(name) is not None


def is_shouted_name(line: str) -> bool:
    """Tell whether a line can be a byline in capitals (`JANE ROE`): believe it only right under a headline."""
    return _SHOUTED.fullmatch(line) is not None and not _NOT_NAMES & set(line.split())
