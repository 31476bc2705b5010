"""What parent and child say to each other: one JSON array a line, the kind of message first.

JSON, not pickle: unpickling what a child was made to say would run it here.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from index.article import Article

_TUPLES = frozenset(field.name for field in fields(Article) if str(field.type).startswith("tuple"))


@dataclass(frozen=True)
class Request:
    """A file to read.

    Attributes:
        path: Where its bytes are; absolute.
        suffix: Its format, as a file's extension in small letters: `.html`; empty where that is to be told from what
            is in it.
        start: How many of its items to pass over.
        links: Whether it was fetched: a sitemap, or a feed's entry without its text, is then told as links.
    """

    path: str
    suffix: str
    start: int = 0
    links: bool = False


@dataclass(frozen=True)
class Begin:
    """An item is being read: what comes next is its.

    Attributes:
        where: The entry of an archive, `!inner/name`; empty outside of archives.
        position: The line of JSON lines; None for what is read as a whole.
        is_last: Whether it is known that no item follows.
    """

    where: str = ""
    position: int | None = None
    is_last: bool = False


@dataclass(frozen=True)
class Found:
    """An article.

    Attributes:
        where: As in `Begin`.
        position: Its place in the file or entry, from 0.
        article: The article, without an origin.
    """

    where: str
    position: int
    article: Article


@dataclass(frozen=True)
class Lost:
    """Something that could not be read.

    Attributes:
        where: As in `Begin`.
        position: Its place in the file or entry, from 0; None for the whole of it.
        reason: What is wrong and what to do about it.
        may_pass: Whether it may go better another time.
    """

    where: str
    position: int | None
    reason: str
    may_pass: bool = False


@dataclass(frozen=True)
class Link:
    """An address that a page leads to.

    Attributes:
        url: The address as written; it may be relative to the page's.
        is_list: Whether more links are to be found there, rather than an article.
    """

    url: str
    is_list: bool = False


@dataclass(frozen=True)
class End:
    """The request is answered."""


Reply = Begin | Found | Lost | Link | End
_KINDS: dict[str, type[Reply]] = {kind.__name__.lower(): kind for kind in (Begin, Found, Lost, Link, End)}


def to_line(message: Reply) -> bytes:
    """Write a reply as a line of JSON."""
    return json.dumps([type(message).__name__.lower(), asdict(message)], separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> Reply:
    """Read a reply.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: It is none.
    """
    kind, values = json.loads(line)
    if kind == "found":
        values["article"] = _article(values["article"])
    return _KINDS[kind](**values)


def _article(values: dict[str, Any]) -> Article:
    made: dict[str, Any] = {name: tuple(value) if name in _TUPLES else value for name, value in values.items()}
    return Article(**made)
