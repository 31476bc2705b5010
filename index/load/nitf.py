"""NITF, the IPTC's markup for news text: `hedline`, `byline`, `dateline`, `body.content`."""

from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.blocks import element_paragraphs
from index.load.characters import one_line
from index.load.dates import from_record
from index.load.metadata import Metadata, language_code, web_url
from index.load.records import author_of, wire_article
from index.load.xml_tree import find_all, first_text, first_value, language_tag, local_name

_DATES = ("docdata/date.issue@norm", "docdata/date.release@norm", "pubdata@date.publication")
_SECTIONS = (
    "pubdata@position.section",
    "tobject/tobject.subject@tobject.subject.type",
    "tobject/tobject.subject@tobject.subject.matter",
)


def from_nitf(root: Any) -> Iterator[tuple[int, Article | UnreadableError]]:
    """Read the article of a parsed NITF document.

    Raises:
        UnreadableError: It has no text.
    """
    yield 0, wire_article(*read_nitf(root))


def read_nitf(nitf: Any) -> tuple[Metadata, list[str]]:
    """What an element `nitf` says of its article, and the paragraphs of its text."""
    head = next(find_all(nitf, "head"), nitf)
    top = next(find_all(nitf, "body/body.head"), nitf)
    written = [*(first_value(head, path) for path in _DATES), first_value(top, "dateline/story.date@norm")]
    dates = [date for text in (*written, first_text(top, "dateline/story.date")) if (date := from_record(text))]
    section = first_value(head, *_SECTIONS) or _meta(head, "online_sections", "category")
    known = Metadata(
        title=first_text(top, "hedline/hl1", "hedline") or first_text(head, "title"),
        source=first_text(top, "distributor/org", "distributor") or first_value(head, "pubdata@name"),
        url=web_url(first_value(head, "pubdata@ex-ref")),
        author=_author(top),
        published=dates[0] if dates else None,
        updated=None,
        place=first_text(top, "dateline/location/city", "dateline/location"),
        language=language_code(language_tag(nitf)),
        section=one_line((section or "").split(";")[0]),
    )
    if not known.source:
        known |= Metadata(source=first_value(head, "docdata/doc.copyright@holder"))
    paragraphs = [found for content in nitf.iter("{*}body.content") for found in element_paragraphs(content)]
    return known, paragraphs


def _author(top: Any) -> str | None:
    """The names of all bylines; a title behind a name ("Staff Writer") is no name."""
    names = []
    for byline in find_all(top, "byline"):
        people = [text for person in find_all(byline, "person") if (text := first_text(person, "."))]
        said = ", ".join(people) or _without_title(byline)
        names.append(author_of(said))
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _without_title(byline: Any) -> str:
    parts = [byline.text or ""]
    for part in byline:
        parts += ["" if local_name(part) == "byttl" else "".join(part.itertext(with_tail=False)), part.tail or ""]
    return "".join(parts)


def _meta(head: Any, *names: str) -> str | None:
    found = {meta.get("name"): meta.get("content") for meta in find_all(head, "meta")}
    return next((found[name] for name in names if found.get(name)), None)
