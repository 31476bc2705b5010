"""schema.org's NewsArticle, as pages and feeds carry it in JSON-LD: in a graph, in lists, or nested."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from index.load.characters import normalise, one_line
from index.load.dates import from_record
from index.load.lines import paragraphs as paragraphs_of_text
from index.load.metadata import Metadata, language_code, web_url

_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_OTHER_TYPES = frozenset({"BlogPosting", "LiveBlogPosting", "Report"})
_PLACES = ("dateline", "contentLocation", "locationCreated")
_MOST_NODES = 10_000


def is_article_node(node: Any) -> bool:
    """Tell whether a JSON object is of a type such as `NewsArticle`."""
    return isinstance(node, dict) and any(
        kind.rpartition("/")[2].endswith("Article") or kind.rpartition("/")[2] in _OTHER_TYPES for kind in _types(node)
    )


def page_metadata(scripts: list[str]) -> tuple[Metadata, list[str]]:
    """What the JSON-LD of a page says of its article.

    Args:
        scripts: The content of each `<script type="application/ld+json">`; one that is not JSON is passed over.

    Returns:
        What is known, and the paragraphs of `articleBody`, where it has that.
    """
    nodes = [node for script in scripts for node in _nodes(_parse(script))]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [node for node in nodes if is_article_node(node)]
    if not articles:
        return Metadata(), []
    # A page may carry its related stories as well: the one with most to say is the page's own, the first of equals.
    return read_node(max(articles, key=len), by_id)


def read_node(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> tuple[Metadata, list[str]]:
    """What a node of type `NewsArticle` says, and the paragraphs of its body.

    Args:
        node: The node.
        by_id: The nodes of the document by their `@id`, for it may only point to its author.
    """
    known = Metadata(
        title=_name(node.get("headline"), by_id) or _name(node.get("name"), by_id),
        source=_name(node.get("publisher"), by_id) or _name(node.get("sourceOrganization"), by_id),
        url=_url(node.get("url")) or _url(node.get("mainEntityOfPage")),
        author=", ".join(dict.fromkeys(_names(node.get("author"), by_id))) or None,
        published=from_record(_string(node.get("datePublished")) or _string(node.get("dateCreated"))),
        updated=from_record(_string(node.get("dateModified"))),
        place=next(filter(None, (_name(node.get(name), by_id) for name in _PLACES)), None),
        language=language_code(_name(node.get("inLanguage"), by_id)),
        section=_name(node.get("articleSection"), by_id),
    )
    return known, paragraphs_of_text(normalise(_string(node.get("articleBody")) or ""))


def _parse(script: str) -> Any:
    try:
        return json.loads(_WRAPPING.sub("", script), strict=False)  # line breaks within strings are common
    except (ValueError, RecursionError):
        return None


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """All objects of a document, at whatever depth, outer ones first."""
    waiting, seen = [document], 0
    while waiting and seen < _MOST_NODES:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += value


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _names(value: Any, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The names of one thing or of several: of strings, of objects with a name, of references to such."""
    if isinstance(value, list):
        for entry in value:
            yield from _names(entry, by_id)
    elif isinstance(value, dict):
        known = value | by_id.get(_string(value.get("@id")) or "", {})
        name = _string(known.get("name")) or _string(known.get("@value")) or _string(known.get("addressLocality"))
        address = known.get("address")
        if not name and isinstance(address, dict):
            name = _string(address.get("addressLocality"))
        yield from _names(name, by_id)
    elif (line := one_line(_string(value))) and not web_url(line):  # an author's page is not a name
        yield line


def _name(value: Any, by_id: dict[str, dict[str, Any]]) -> str | None:
    return next(_names(value, by_id), None)


def _url(value: Any) -> str | None:
    return web_url(
        _string(value.get("@id")) or _string(value.get("url")) if isinstance(value, dict) else _string(value)
    )


def _string(value: Any) -> str | None:
    """A string that is not blank; publishing systems write HTML's characters (`&amp;`) into it."""
    return unescape(value) if isinstance(value, str) and value.strip() else None
