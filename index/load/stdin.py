"""Text of no name to articles: what format it is in shows in its first characters."""

import json
import re

from index.article import Article
from index.errors import UnreadableError
from index.load.decode import decode
from index.load.formats import entries
from index.load.language import with_language
from index.load.xml_articles import root_name

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"\s*<(?:\?xml\b|(?:\w+:)?(?:rss|feed|rdf|nitf|newsItem|newsMessage)\b)", re.IGNORECASE)
_JSON_OBJECT = re.compile(r"\s*\{\s*[\"}]")


def read_text(data: str | bytes, *, name: str = "<stdin>") -> list[Article]:
    """Read the articles of standard input: JSON, JSON lines, HTML, XML, or else the text of a page.

    Args:
        data: All of it.
        name: What to call it in an error.

    Returns:
        At least one article; none has an origin.

    Raises:
        UnreadableError: It holds no article, or one of its entries cannot be read.
    """
    try:
        if isinstance(data, str):
            data = data.removeprefix("\ufeff").encode(errors="surrogatepass")
        articles = []
        for _, entry in entries(_format(decode(data)), data):
            if not isinstance(entry, Article):
                raise entry
            articles.append(with_language(entry))
    except UnreadableError as error:
        raise UnreadableError(f"{name} {error}") from error
    if not articles:
        raise UnreadableError(f"{name} holds no article: give it the text of one")
    return articles


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
