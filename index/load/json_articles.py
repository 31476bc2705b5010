"""Articles as JSON: an object, a list of them, `{"articles": […]}`, or one object a line.

An object may be one of ours, a ninjs item or a schema.org `NewsArticle`; each entry is read as what it is.
"""

import json
from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.characters import normalise, one_line
from index.load.dates import to_iso
from index.load.json_ld import is_article_node, read_node
from index.load.lines import paragraphs
from index.load.metadata import language_code, web_url
from index.load.ninjs import from_ninjs, is_ninjs
from index.load.records import wire_article
from index.load.titles import title_from

_SYNONYMS = {
    "title": ("title", "headline"),
    "text": ("text", "content", "body"),
    "url": ("url",),
    "source": ("source",),
    "author": ("author",),
    "published": ("published", "date"),
    "updated": ("updated",),
    "place": ("place",),
    "language": ("language",),
    "section": ("section",),
}
Entry = tuple[int, Article | UnreadableError]


def from_json(text: str) -> Iterator[Entry]:
    """Read the articles of a JSON document.

    Yields:
        The position of each entry, from 0, with its article or why it has none.

    Raises:
        UnreadableError: The document is not JSON, or neither an article nor a list of them.
    """
    try:
        document = _parse(text)
    except ValueError as error:
        raise UnreadableError(f"is not valid JSON: {error}") from error
    articles = _listed(document)
    if isinstance(articles, dict):
        articles = [articles]
    if not isinstance(articles, list):
        raise UnreadableError('must be an article {"title", "text", …}, a list of them, or {"articles": […]}')
    if not articles:
        raise UnreadableError("holds no article: its list is empty")
    for position, entry in enumerate(articles):
        yield position, _entry(entry, f"entry {position + 1}: " if len(articles) > 1 else "")


def from_json_lines(text: str) -> Iterator[Entry]:
    """Read the articles of JSON lines; blank lines are passed over.

    Yields:
        The number of each line, from 0, with its article or why it has none.
    """
    # Not splitlines(): JSON strings may hold U+2028 and the like as they are.
    for position, line in enumerate(text.split("\n")):
        if line.strip():
            yield position, from_json_line(line, position)


def from_json_line(line: str, position: int) -> Article | UnreadableError:
    """Read the article of one line, whose number counts from 0, or say why it has none."""
    name = f"line {position + 1}: "
    try:
        return _entry(_parse(line), name)
    except ValueError as error:
        return UnreadableError(f"{name}is not valid JSON: {error}")


def _listed(document: Any) -> Any:
    """The entries of a document that holds several."""
    if isinstance(document, dict) and isinstance(document.get("@graph"), list):
        return [node for node in document["@graph"] if is_article_node(node)]
    return document["articles"] if isinstance(document, dict) and "articles" in document else document


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _entry(entry: Any, name: str) -> Article | UnreadableError:
    try:
        return _article(entry)
    except UnreadableError as error:
        return UnreadableError(f"{name}{error}")


def _article(entry: Any) -> Article:
    if not isinstance(entry, dict):
        raise UnreadableError(f'must be an object {{"title", "text", …}}, not {_kind(entry)}')
    if is_ninjs(entry):
        return from_ninjs(entry)
    if is_article_node(entry):
        return wire_article(*read_node(entry, {}))
    fields = {field: _string(entry, names) for field, names in _SYNONYMS.items()}
    raw = fields["text"]
    if raw is None:
        raise UnreadableError('"text" is missing: it must hold the article')
    text = "\n\n".join(paragraphs(normalise(raw)))
    if not text:
        raise UnreadableError('"text" is empty: it must hold the article')
    if fields["url"] and not web_url(fields["url"]):
        raise UnreadableError('"url" must begin with http:// or https://')
    if fields["language"] and not language_code(fields["language"]):
        raise UnreadableError('"language" must be a code of two letters, such as "en"')
    published, updated = (to_iso(fields[field] or "") for field in ("published", "updated"))
    return Article(
        title=one_line(fields["title"]) or title_from(text),
        text=text,
        source=one_line(fields["source"]),
        url=web_url(fields["url"]),
        author=one_line(fields["author"]),
        published=published or updated,
        updated=updated,
        place=one_line(fields["place"]),
        language=language_code(fields["language"]),
        section=one_line(fields["section"]),
    )


def _string(entry: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = entry.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise UnreadableError(f'"{name}" must be a string, not {_kind(value)}')
        return value
    return None


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
