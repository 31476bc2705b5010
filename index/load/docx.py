"""Word documents (.docx), opened by python-docx: paragraphs, headlines, lists, tables and tracked insertions."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.characters import one_line
from index.load.dates import from_record
from index.load.documents import PAGE_BREAK, Block, block_lines, document_articles
from index.load.metadata import Metadata, language_code

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RENDERED_BREAK = f"{_W}lastRenderedPageBreak"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}pPr", f"{_W}instrText", _FALLBACK}
_DAMAGED = (  # python-docx lets through what the parts of it make of a broken file; XML's errors are syntax errors
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, SyntaxError),
    *(KeyError, ValueError, AttributeError, TypeError, IndexError),
)
_CHARACTERS = {f"{_W}tab": " ", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def from_docx(data: bytes) -> list[Article]:
    """Read the articles of a Word document; its pages are those it had when Word saved it last.

    Raises:
        UnreadableError: It is no Word document, or damaged.
    """
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(data))
        styles = {style.style_id: (style.name or "").lower() for style in document.styles}
        stated = _metadata(document.core_properties)
        body = document.element.body
    except (OpcError, *_DAMAGED) as error:
        reason = one_line(str(error)) or type(error).__name__
        raise UnreadableError(f"is not a Word document that can be read: {reason}") from error
    is_rendered = next(body.iter(_RENDERED_BREAK), None) is not None
    return document_articles(block_lines(_blocks(body, styles, is_rendered)), stated)


def _metadata(properties: Any) -> Metadata:
    return Metadata(
        title=one_line(properties.title),
        author=one_line(properties.author),
        published=from_record(properties.created.isoformat() if properties.created else None),
        language=language_code(properties.language),
        section=one_line(properties.category),
    )


def _level(style: str) -> int:
    """The level of a headline of this style, 0 for any other."""
    name, _, number = style.rpartition(" ")
    if style == "title":
        return 1
    return min(int(number) + 1, 6) if name == "heading" and number.isdigit() else 0


def _blocks(container: Any, styles: dict[str, str], is_rendered: bool) -> Iterator[Block]:
    """The paragraphs of the body, a cell or a text box, in order."""
    for element in container:
        if element.tag == f"{_W}p":
            yield _paragraph(element, styles, is_rendered)
            for box in element.iter(f"{_W}txbxContent"):
                if next(box.iterancestors(_FALLBACK), None) is None:
                    yield from _blocks(box, styles, is_rendered)
        elif element.tag == f"{_W}tbl":
            for row in element.iter(f"{_W}tr"):
                cells = (" ".join(_text(cell, is_rendered).split()) for cell in row.iterchildren(f"{_W}tc"))
                yield Block(" | ".join(cell for cell in cells if cell))
        elif element.tag == f"{_W}sdt":
            for content in element.iterchildren(f"{_W}sdtContent"):
                yield from _blocks(content, styles, is_rendered)


def _paragraph(paragraph: Any, styles: dict[str, str], is_rendered: bool) -> Block:
    named = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style = styles.get(named.get(f"{_W}val"), "") if named is not None else ""
    is_item = style.startswith(("list bullet", "list number")) or paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    level = _level(style)
    return Block(_text(paragraph, is_rendered), level, "• " if is_item and not level else "")


def _text(element: Any, is_rendered: bool) -> str:
    """The words of an element; what is deleted, or said a second time for older programs, is not read."""
    parts = []
    for child in element.iterchildren("*"):
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag == _RENDERED_BREAK:
            parts.append(PAGE_BREAK)
        elif child.tag == f"{_W}br":
            is_page = child.get(f"{_W}type") == "page"
            # Word writes where pages began behind such a break too: it counts only where Word did not.
            parts.append("\n" if not is_page else " " if is_rendered else f" {PAGE_BREAK}")
        else:
            parts.append(_CHARACTERS.get(child.tag) or _text(child, is_rendered))
            if child.tag == f"{_W}p":
                parts.append(" ")
    return "".join(parts)
