"""Articles as XML: the root element tells which format it is."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.feeds import from_feed
from index.load.html import from_html
from index.load.newsml import from_newsml
from index.load.nitf import from_nitf
from index.load.xml_tree import parse_xml

_Entries = Iterable[tuple[int, Article | UnreadableError]]
_TREES: dict[str, Callable[[Any], _Entries]] = {
    "nitf": from_nitf,
    "newsItem": from_newsml,
    "newsMessage": from_newsml,
    "packageItem": from_newsml,
}
_TEXTS: dict[str, Callable[[str], _Entries]] = {
    "rss": from_feed,
    "feed": from_feed,
    "RDF": from_feed,
    "html": lambda text: enumerate(from_html(text)),
}
_BEFORE_ROOT = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s)*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[\s/>]")


def from_xml(text: str) -> Iterator[tuple[int, Article | UnreadableError]]:
    """Read the articles of an XML document.

    Raises:
        UnreadableError: It is not XML, or of no format we read.
    """
    name = root_name(text)
    if name in _TEXTS:
        yield from _TEXTS[name](text)
    elif name in _TREES:
        yield from _TREES[name](parse_xml(text))
    elif name is None:
        raise UnreadableError("is not XML: it does not begin with an element")
    else:
        raise UnreadableError(
            f"is XML of a kind we do not read (<{name}>): we read NewsML-G2, NITF, RSS, Atom and XHTML"
        )


def root_name(text: str) -> str | None:
    """The name of a document's root element, without its namespace; None for what does not begin with one."""
    before = _BEFORE_ROOT.match(text)
    root = _ROOT.match(text, before.end() if before else 0)
    return root[1] if root else None
