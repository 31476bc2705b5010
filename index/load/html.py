"""A web page to one article: trafilatura finds the story, we keep its captions and its metadata.

What the page says in JSON-LD goes before what it says elsewhere, for it says it in so many words.
"""

import re
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.characters import normalise, one_line
from index.load.clean import clean_story
from index.load.dates import to_iso
from index.load.json_ld import page_metadata
from index.load.lines import Line
from index.load.metadata import Metadata, language_code, web_url
from index.load.records import wire_article
from index.load.xml_tree import without_declaration

_SITE = re.compile(r"\s+[|»]\s+[^|»]{2,40}$")
_BLOCKS = ("p", "head", "item", "row", "quote", "code", "list", "table")
# Without this, any date in the text may be taken for the day of publication.
_DATES = {"extensive_search": False, "original_date": True}


def from_html(text: str) -> list[Article]:
    """Read the article of a web page; an empty list where the page has none.

    Raises:
        UnreadableError: The text is not HTML.
    """
    from lxml import etree, html  # type: ignore[import-untyped]
    from trafilatura import bare_extraction

    try:
        page = html.document_fromstring(without_declaration(text))
    except (etree.ParserError, ValueError) as error:
        raise UnreadableError("is not HTML: save the page again") from error
    language = page.get("lang")
    meta = {tag.get("property") or tag.get("name"): tag.get("content") or "" for tag in page.iter("meta")}
    linked, body = page_metadata(page.xpath("//script[@type='application/ld+json']/text()"))
    _keep_captions(page)
    found: Any = bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        favor_precision=True,  # otherwise a short article comes as one paragraph
        date_extraction_params=_DATES,
    )
    if found is None:  # some pages only have their text in JSON-LD, and put it in place by script
        return [wire_article(linked, body)] if body else []
    known = linked | Metadata(
        title=_title(found.title, found.sitename),
        source=one_line(found.sitename),
        url=web_url(found.url),
        author=one_line((found.author or "").replace("; ", ", ")),  # how trafilatura joins several
        published=to_iso(meta.get("article:published_time", "")) or to_iso(found.date or ""),
        updated=to_iso(meta.get("article:modified_time", "")),
        language=language_code(language),
        section=one_line(meta.get("article:section")),
    )
    article = clean_story(_lines(found.body), known)
    return [article] if article else []


def _keep_captions(page: Any) -> None:
    """Make captions plain paragraphs in the place of their figures, which trafilatura drops whole."""
    for figure in page.xpath("//figure[.//figcaption]"):
        caption = page.makeelement("p")
        caption.text = " ".join(" ".join(part.itertext()) for part in figure.iter("figcaption"))
        caption.tail = figure.tail
        figure.getparent().replace(figure, caption)
    for caption in page.xpath("//p[contains(@class, 'caption')] | //div[contains(@class, 'caption') and not(*)]"):
        caption.tag = "p"
        caption.attrib.clear()


def _lines(element: Any, blanks: int = 1) -> list[Line]:
    """The lines of what trafilatura found: each block of its tree one paragraph."""
    if not any(inner.tag in _BLOCKS for inner in element.iterdescendants()) or element.tag == "row":
        return _block(element)
    lines = _rows(element.text or "", "")
    for child in element:
        lines += _lines(child, blanks)
        lines += _rows(child.tail or "", "")
    return lines


def _block(element: Any) -> list[Line]:
    if element.tag == "row":
        cells = ("".join(cell.itertext()).strip() for cell in element)
        return _rows(" | ".join(cell for cell in cells if cell), "")
    for line_break in element.iter("lb"):
        line_break.tail = f"\n{(line_break.tail or '').lstrip()}"
    return _rows("".join(element.itertext()), "• " if element.tag == "item" else "")


def _rows(text: str, marker: str) -> list[Line]:
    rows = [row.strip() for row in normalise(text).split("\n") if row.strip()]
    return [Line(marker * (position == 0) + row, blanks=int(position == 0)) for position, row in enumerate(rows)]


def _title(title: str | None, site: str | None) -> str | None:
    """The page's title without its site: `Ferry back | The Courier` -> `Ferry back`."""
    title = one_line(title)
    if title and site:
        title = re.sub(rf"\s+[|»–—-]\s+{re.escape(site.strip())}$", "", title, flags=re.IGNORECASE)
    return _SITE.sub("", title) if title else None
