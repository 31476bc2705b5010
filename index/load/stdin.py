"""Text of no name to articles: what format it is in shows in its first characters."""

import io
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from index.article import Article
from index.errors import UnreadableError
from index.failure import shown
from index.load.decode import decode
from index.load.parsing import Item, Whole, read_bounded
from index.load.xml_articles import root_name
from index.sandbox.limits import Limits
from index.sandbox.messages import Begin, Found, Lost, Request
from index.sandbox.pool import read_in_order

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"\s*<(?:\?xml\b|(?:\w+:)?(?:rss|feed|rdf|nitf|newsItem|newsMessage)\b)", re.IGNORECASE)
_DOCUMENTS = {
    (b"%PDF", b""): ".pdf",
    (b"{\\rtf", b""): ".rtf",
    (b"PK\x03\x04", b"word/document.xml"): ".docx",
    (b"PK\x03\x04", b"mimetypeapplication/vnd.oasis.opendocument.text"): ".odt",
}
"""How a document begins and what else is in it, and its format."""
_JSON_OBJECT = re.compile(r"\s*\{\s*[\"}]")


def read_text(data: str | bytes, *, name: str = "<stdin>", limits: Limits = Limits()) -> list[Article]:
    """Read the articles of standard input: a document, JSON, JSON lines, HTML, XML, or else the text of a page.

    Args:
        data: All of it.
        name: What to call it in an error.
        limits: What reading it may cost.

    Returns:
        At least one article; none has an origin.

    Raises:
        UnreadableError: It holds no article, or one of its entries cannot be read.
    """
    if isinstance(data, str):
        data = data.removeprefix("\ufeff").encode(errors="surrogatepass")
    articles = []
    with TemporaryDirectory(prefix="dateline-") as folder:
        file = Path(folder, "text")
        file.write_bytes(data)
        for _, replies in read_in_order([(None, Request(str(file), ""))], limits):
            for reply in replies:
                if isinstance(reply, Lost):
                    raise UnreadableError(f"{name} {shown(reply.reason)}")
                if isinstance(reply, Found):
                    articles.append(reply.article)
    return articles


def unnamed_item(file: IO[bytes], limits: Limits) -> Item:
    """The one item of a file without a name, in the child that reads it.

    Raises:
        UnreadableError: It is too large, or of no format that shows in its first characters.
    """
    data = read_bounded(file, limits.file_bytes)
    return Whole(Begin(is_last=True), _document_format(data) or _format(decode(data)), io.BytesIO(data), limits)


def _document_format(data: bytes) -> str | None:
    """What kind of document begins so; None for text, and for what `decode` refuses with a reason."""
    for (start, sign), suffix in _DOCUMENTS.items():
        if data.startswith(start) and sign in data:
            return suffix
    return None


def _format(text: str) -> str:
    if _HTML.match(text):
        return ".html"
    if _XML.match(text) and root_name(text):
        return ".xml"
    if _is_json(text):
        return ".json"
    if _JSON_OBJECT.match(text):
        return ".jsonl" if _is_json(text.lstrip().split("\n", 1)[0]) else ".json"
    return ".txt"


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):  # a text may be a number, and so valid JSON
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
