"""PDF, read by PDFium: the rows of each page, put together to paragraphs, and what the file says of itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.characters import normalise, one_line
from index.load.dates import from_record
from index.load.documents import document_articles
from index.load.layout import Row, paragraph_lines, without_page_furniture
from index.load.metadata import Metadata, language_code, web_url
from index.load.publisher import is_publisher

_ROW_ENDS = "\r\n"
_BROKEN = ("\x02", "\ufffe", "\u00ad")
"""What PDFium has for the hyphen of a word that goes on in the next row."""
_ADDRESS = re.compile(r"https?://[^\s|]+")


def from_pdf(data: bytes) -> list[Article]:
    """Read the articles of a PDF, each with the pages it stands on.

    Raises:
        UnreadableError: It is no PDF, locked, or has no text.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError("is locked with a password: save a copy without one and add that") from error
        raise UnreadableError(f"is not a PDF that can be read: {error}") from error
    try:
        rows = [row for number in range(len(document)) for row in _rows(document[number], number + 1)]
        stated = _metadata(document)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"has a page that cannot be read: {error}") from error
    finally:
        document.close()
    if not rows:
        raise UnreadableError("has no text, only pictures: put it through text recognition (OCR) first")
    rows, furniture = without_page_furniture(rows)
    addresses = (web_url(found[0]) for row in furniture if (found := _ADDRESS.search(row.text)))
    url, source = next(filter(None, addresses), None), next(filter(is_publisher, (row.text for row in furniture)), None)
    return document_articles(paragraph_lines(rows), replace(stated, url=url, source=source))


def _metadata(document: Any) -> Metadata:
    info = document.get_metadata_dict(skip_empty=True)
    made = re.sub(r"^D:|'", "", info.get("CreationDate", ""))
    return Metadata(
        title=one_line(info.get("Title")),
        author=one_line(info.get("Author")),
        published=from_record(made),
        language=language_code(_language(document)),
    )


def _language(document: Any) -> str:
    from ctypes import c_ushort

    from pypdfium2 import raw

    size = raw.FPDFCatalog_GetLanguage(document, None, 0)  # bytes
    buffer = (c_ushort * (size // 2))()
    raw.FPDFCatalog_GetLanguage(document, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")


def _rows(page: Any, number: int) -> Iterator[Row]:
    """The rows of a page, in the order of its content."""
    from pypdfium2 import raw

    letters = page.get_textpage()
    codes = [raw.FPDFText_GetUnicode(letters, position) for position in range(letters.count_chars())]
    start = 0
    for position, code in enumerate([*codes, ord("\n")]):
        if chr(code) in _ROW_ENDS:
            if row := _row(letters, codes[start:position], start, number):
                yield row
            start = position + 1


def _row(letters: Any, codes: Sequence[int], start: int, page: int) -> Row | None:
    from pypdfium2 import raw

    seen = [position for position, code in enumerate(codes, start) if not chr(code).isspace()]
    # A pair of surrogates is two characters to PDFium.
    words = "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").rstrip()
    is_broken = words.endswith(_BROKEN)
    text = normalise(words.rstrip("".join(_BROKEN))).strip()
    if not seen or not text:
        return None
    left, base, _, _ = letters.get_charbox(seen[0], loose=True)
    _, _, right, _ = letters.get_charbox(seen[-1], loose=True)
    size = raw.FPDFText_GetFontSize(letters, seen[len(seen) // 2])
    return Row(text, page, left, right, base, size or 1, is_broken)
