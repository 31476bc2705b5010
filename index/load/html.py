"""A web page to one article: trafilatura finds the story, we keep its captions and its metadata."""

import re
from typing import TYPE_CHECKING, Any

from index.article import Article
from index.errors import UnreadableError
from index.load.characters import normalise
from index.load.dates import to_iso
from index.load.lines import Line
from index.load.metadata import Metadata, language_code, web_url
from index.load.text import from_lines

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLOCKS = {"p", "head", "item", "quote", "code", "cell", "row"}
# htmldate would otherwise take any date of the text for the day of publication.
_DATES = {"extensive_search": False, "original_date": True}


def from_html(text: str) -> list[Article]:
    """Read the article of a web page; an empty list where the page has none.

    Raises:
        UnreadableError: The text is not HTML.
    """
    from lxml import etree, html
    from trafilatura import bare_extraction

    try:
        page = html.document_fromstring(_DECLARATION.sub("", text))
    except (etree.ParserError, ValueError) as error:
        raise UnreadableError("is not HTML: save the page again") from error
    language = page.get("lang")
    meta = {tag.get("property") or tag.get("name") or "": tag.get("content") for tag in page.iter("meta")}
    _keep_captions(page)
    found: Any = bare_extraction(
        page, with_metadata=True, include_comments=False, favor_precision=True, date_extraction_params=_DATES
    )
    if found is None:
        return []
    updated = to_iso(meta.get("article:modified_time") or "")
    known = Metadata(
        title=_title(found.title, found.sitename),
        source=_one_line(found.sitename),
        url=web_url(found.url),
        author=_one_line(found.author),
        published=to_iso(meta.get("article:published_time") or "") or to_iso(found.date or ""),
        updated=updated,
        language=language_code(language),
    )
    return from_lines(_lines(found.body), known)
