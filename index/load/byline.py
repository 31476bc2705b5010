"""Bylines: "By Jane Roe and Sam Poe, Courier"."""

import re

_PARTICLE = r"(?:al|bin|bint|da|de|del|den|der|di|dos|du|el|ibn|la|le|ter|van|von)"
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.’'-]*"
_PERSON = re.compile(rf"(?:{_PARTICLE}[ -])?{_NAME}(?:(?: {_PARTICLE})*(?: |-){_NAME}){{0,4}}")
_BY = re.compile(r"by(?::| )\s*(?P<names>\S.*)", re.IGNORECASE)
_DESK = re.compile(
    r"(?P<names>.+?)(?:,| [|–—/-]| for| in|/)\s?(?P<desk>[^,]{2,40})|(?P<staff>.+?) (?:staff|reporters?|desk)"
)
_AND = re.compile(r",? (?:and|&) ")
_AGENCIES = frozenset({"Reuters", "Bloomberg", "Xinhua", "Agencies"})
_SHOUTED = re.compile(r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.’'-]*(?: [A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.’'-]*){1,2}")
_NOT_NAMES = re.compile(
    r"\b(?:THE|AN?|OF|BY|IN|ON|AT|TO|FOR|AND|OR|NO|NOT|IS|ARE|NEW|NEXT|TOP|MORE|READ|ALSO|WHAT|WHY|HOW|WHO|WHEN|WHERE"
    r"|NEWS|LIVE|WORLD|LATEST|BREAKING|UPDATES?|REPORT|STORY|STORIES|OPINION|ANALYSIS|SPORTS?|BUSINESS|POLITICS"
    r"|VIDEO|PHOTOS?|KEY|POINTS)\b"
)


def read_byline(line: str) -> tuple[str, str | None] | None:
    """Read a line that is a byline and nothing else.

    Returns:
        The authors as written, and the publisher or desk behind them if there is one; None for any other line.
    """
    match = _BY.fullmatch(line)
    if match is None or (line.endswith(".") and not line.endswith("Jr.")):
        return None
    names = match["names"].strip()
    if authors := _authors(names):
        return authors, None
    desk = _DESK.fullmatch(names)
    if desk is None:
        return None
    if desk["staff"]:
        return (names, None) if is_person(desk["staff"], fewest=1) else None
    authors = _authors(desk["names"])
    return (authors, desk["desk"]) if authors else None


def is_person(text: str, fewest: int = 2) -> bool:
    """Tell whether a text can be a person's name, of so many words at least."""
    return len(text.split()) >= fewest and _PERSON.fullmatch(text) is not None


def _authors(names: str) -> str | None:
    """The names if each is a person's (or an agency's) and a comma only stands in a list that ends with "and"."""
    listed = _AND.split(names)
    people = [*(listed[0].split(", ") if len(listed) > 1 else [listed[0]]), *listed[1:]]
    return names if all(_is_author(person) for person in people) else None


def _is_author(name: str) -> bool:
    if name in _AGENCIES or (name.isupper() and name.isalpha() and 2 <= len(name) <= 4):
        return True
    return is_person(name) and name.partition(" ")[0].lower() not in ("the", "a", "an")


def is_shouted_name(line: str) -> bool:
    """Tell whether a line can be a byline in capitals (`JANE ROE`): believe it only right under a headline."""
    return _SHOUTED.fullmatch(line) is not None and not _NOT_NAMES.search(line)
