"""NewsML-G2, the IPTC's envelope for news: items of text, alone or many in one `newsMessage`."""

from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.blocks import element_paragraphs, fragment_paragraphs, text_paragraphs
from index.load.byline import read_byline
from index.load.dates import from_record
from index.load.metadata import Metadata, language_code, web_url
from index.load.nitf import read_nitf
from index.load.records import author_of, wire_article
from index.load.xml_tree import find_all, first_text, first_value, language_tag, local_name, parse_xml


def from_newsml(root: Any) -> Iterator[tuple[int, Article | UnreadableError]]:
    """Read the text items of a parsed NewsML-G2 document, whatever holds them.

    Pictures, and packages that only point to items, are no articles and passed over.

    Yields:
        The position of each text item, from 0, with its article or why it has none.

    Raises:
        UnreadableError: It holds no text item at all.
    """
    items = [item for item in root.iter("{*}newsItem") if _is_text(item)]
    if not items:
        raise UnreadableError("holds no text item: it only describes pictures, events or other items")
    for position, item in enumerate(items):
        try:
            yield position, _article(item)
        except UnreadableError as error:
            yield position, UnreadableError(f"item {position + 1}: {error}" if len(items) > 1 else str(error))


def _is_text(item: Any) -> bool:
    kind = first_value(item, "itemMeta/itemClass@qcode", "itemMeta/itemClass@uri")
    return kind is None or kind.endswith(("text", "composite"))


def _article(item: Any) -> Article:
    stated, paragraphs = _content(item)
    return wire_article(_metadata(item) | stated, paragraphs)


def _metadata(item: Any) -> Metadata:
    created = first_text(item, "itemMeta/firstCreated", "contentMeta/contentCreated", "itemMeta/versionCreated")
    return Metadata(
        title=first_text(item, "contentMeta/headline", "itemMeta/title"),
        source=_named(item, "itemMeta/provider", "contentMeta/infoSource", "rightsInfo/copyrightHolder"),
        url=web_url(item.get("guid")),
        author=_author(item),
        published=from_record(created),
        updated=from_record(first_text(item, "itemMeta/versionCreated")),
        place=_named(item, "contentMeta/located"),
        language=language_code(first_value(item, "contentMeta/language@tag") or language_tag(item)),
        section=_named(item, "contentMeta/subject", "contentMeta/genre"),
    )


def _author(item: Any) -> str | None:
    if by := first_text(item, "contentMeta/by"):
        return author_of(by)
    creators = (_name(creator) for creator in find_all(item, "contentMeta/creator"))
    return ", ".join(name for name in creators if name and read_byline(f"By {name}")) or None  # or an organisation


def _named(item: Any, *paths: str) -> str | None:
    """The first name at one of these paths; where none is spelt out, the code (`nprov:REUTERS` -> `REUTERS`)."""
    found = [concept for path in paths for concept in find_all(item, path)]
    spelt_out = (first_text(concept, "name") or first_value(concept, "@literal") for concept in found)
    if name := next((name for name in spelt_out if name), None):
        return name
    codes = (first_value(concept, "@qcode") for concept in found)
    code = next((code for code in codes if code), "").rpartition(":")[2]
    return code if any(letter.isalpha() for letter in code) else None


def _name(concept: Any) -> str | None:
    return first_text(concept, "name") or first_value(concept, "@literal")


def _content(item: Any) -> tuple[Metadata, list[str]]:
    """What the item's content says of itself and its paragraphs: of several renditions, the first that has words."""
    for holder in find_all(item, "contentSet/inlineXML"):
        for document in holder.iterchildren("*"):
            known, paragraphs = _document(document)
            if paragraphs:
                return known, paragraphs
    for holder in find_all(item, "contentSet/inlineData"):
        if paragraphs := _data(holder):
            return Metadata(), paragraphs
    raise UnreadableError("has no text in it: add the item that holds its content")


def _document(document: Any) -> tuple[Metadata, list[str]]:
    if local_name(document) == "nitf":
        return read_nitf(document)
    body = next(find_all(document, "body"), document)
    return Metadata(), element_paragraphs(body)


def _data(holder: Any) -> list[str]:
    text = "".join(holder.itertext(with_tail=False))
    kind = holder.get("contenttype", "").lower()
    if "nitf" in kind:
        return read_nitf(parse_xml(text))[1]
    return fragment_paragraphs(text) if "html" in kind else text_paragraphs(text)
