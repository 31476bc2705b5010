"""ninjs, the IPTC's news in JSON: versions 1 (`headline`, `body_html`), 2 and 3 (lists: `headlines`, `bodies`)."""

from collections.abc import Iterable
from typing import Any

from index.article import Article
from index.load.blocks import is_markup, text_paragraphs
from index.load.characters import one_line
from index.load.dates import from_record
from index.load.metadata import Metadata, language_code, web_url
from index.load.nitf import read_nitf
from index.load.records import author_of, wire_article
from index.load.xml_tree import parse_xml

_TELLING = ("versioncreated", "firstcreated", "contentcreated", "headlines", "bodies")
_PREFIXES = ("body_", "headline_")


def is_ninjs(item: Any) -> bool:
    """Tell whether a JSON object is a ninjs item: it has a property that other news in JSON has not."""
    return isinstance(item, dict) and any(
        name.lower() in _TELLING or name.lower().startswith(_PREFIXES) for name in item
    )


def from_ninjs(item: dict[str, Any]) -> Article:
    """Read the article of one ninjs item.

    Raises:
        UnreadableError: It has no text.
    """
    item = {name.lower(): value for name, value in item.items()}  # version 3 writes versionCreated
    known = Metadata(
        title=one_line(_first(_texts(item, "headline"))) or one_line(_string(item.get("title"))),
        source=_name(item, "source", "provider", "infosource", "infosources", "copyrightholder"),
        url=web_url(_string(item.get("uri"))) or web_url(_string(item.get("url"))),
        author=author_of(_name(item, "byline", "by", "bylines")),
        published=from_record(_first(_string(item.get(name)) for name in ("firstcreated", "contentcreated"))),
        updated=from_record(_string(item.get("versioncreated"))),
        place=_name(item, "located", "dateline"),
        language=language_code(_string(item.get("language"))),
        section=_name(item, "subject", "subjects", "genre", "genres"),
    )
    stated, paragraphs = _content(_texts(item, "body") or _texts(item, "description"))
    if not known.published:
        known |= Metadata(published=known.updated)
    return wire_article(known | stated, paragraphs)


def _texts(item: dict[str, Any], name: str) -> list[str]:
    """All that an item has under `name`: `name`, `name_html`, …, or the values of the list `names`; the main first."""
    listed = item.get("bodies" if name == "body" else f"{name}s")
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    entries.sort(key=lambda entry: entry.get("role") != "main")
    plain = [item.get(f"{name}_main"), item.get(name)]
    others = [value for key, value in item.items() if key.startswith(f"{name}_")]
    values = [*(entry.get("value") for entry in entries), *plain, *others]
    return [text for value in values if (text := _string(value))]


def _content(texts: list[str]) -> tuple[Metadata, list[str]]:
    """Of the renditions of a text, the one that keeps its paragraphs: NITF, then HTML, then plain text."""
    if nitf := next((text for text in texts if "<body.content" in text), None):
        return read_nitf(parse_xml(nitf))
    return Metadata(), text_paragraphs(max(filter(is_markup, texts), key=len, default=texts[0])) if texts else []


def _name(item: dict[str, Any], *names: str) -> str | None:
    """The first of these properties that names something: a string, an object with a name, or a list of either."""
    return _first(one_line(_named(item.get(name))) for name in names)


def _named(value: Any) -> str | None:
    if isinstance(value, list):
        return _first(_named(entry) for entry in value)
    if isinstance(value, dict):
        return _first(_string(value.get(name)) for name in ("name", "text", "value", "literal"))
    return _string(value)


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
