"""OpenDocument text (.odt): the paragraphs of its `content.xml`, and what its `meta.xml` says."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.dates import from_record
from index.load.decode import decode
from index.load.documents import PAGE_BREAK, Block, block_lines, document_articles
from index.load.metadata import Metadata, language_code
from index.load.xml_tree import find_all, first_text, local_name, parse_xml

_LARGEST_PART = 64 << 20  # bytes, unpacked
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, OSError, ValueError)
_SKIPPED = ("tracked-changes", "annotation", "note", "sequence-decls", "forms", "bookmark")
_CHARACTERS = {"tab": " ", "line-break": "\n", "soft-page-break": PAGE_BREAK}
_CONTAINERS = ("list", "section", "index-body", "text-box", "list-item", "list-header", "text")
_STYLE_NAME, _PARENT = "{*}style-name", "{*}parent-style-name"


def from_odt(data: bytes) -> list[Article]:
    """Read the articles of an OpenDocument text; its pages are those it had when it was saved last.

    Raises:
        UnreadableError: It is no such document, or damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            content = _part(package, "content.xml")
            about = _part(package, "meta.xml") if "meta.xml" in package.namelist() else None
    except _DAMAGED as error:
        raise UnreadableError(f"is not an OpenDocument text that can be read: {error}") from error
    body = next(find_all(content, "body/text"), None)
    if body is None:
        raise UnreadableError("is an OpenDocument of another kind: save its text as .odt and add that")
    return document_articles(block_lines(_blocks(body, _titles(content), "")), _metadata(about))


def _part(package: zipfile.ZipFile, name: str) -> Any:
    if package.getinfo(name).file_size > _LARGEST_PART:
        raise UnreadableError("unpacks to more than a text can be: save it anew")
    return parse_xml(decode(package.read(name)))


def _metadata(about: Any) -> Metadata:
    meta = None if about is None else next(find_all(about, "meta"), None)
    if meta is None:
        return Metadata()
    return Metadata(
        title=first_text(meta, "title"),
        author=first_text(meta, "initial-creator", "creator"),
        published=from_record(first_text(meta, "creation-date", "date")),
        language=language_code(first_text(meta, "language")),
    )


def _attribute(element: Any, name: str) -> str:
    """An attribute's value, whatever its namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _titles(content: Any) -> set[str]:
    """The names of the styles that are, or are made from, the style of titles."""
    styles = find_all(content, "automatic-styles/style")
    return {"Title", *(_attribute(s, "name") for s in styles if _attribute(s, "parent-style-name") == "Title")}


def _blocks(container: Any, titles: set[str], marker: str) -> Iterator[Block]:
    for element in container.iterchildren("*"):
        name = local_name(element)
        if name == "h":
            level = _attribute(element, "outline-level")
            yield Block(_text(element), min(int(level) + 1, 6) if level.isdigit() else 2)
        elif name == "p":
            yield Block(_text(element), int(_attribute(element, "style-name") in titles), marker)
            marker = ""
        elif name == "table":
            for row in element.iter("{*}table-row"):
                cells = (" ".join(_text(cell).split()) for cell in find_all(row, "table-cell"))
                yield Block(" | ".join(cell for cell in cells if cell))
        elif name == "soft-page-break":
            yield Block(PAGE_BREAK)
        elif name in _CONTAINERS:
            yield from _blocks(element, titles, "• " if name == "list-item" else marker)


def _text(element: Any) -> str:
    """The words of an element; spaces that XML would swallow are written as elements."""
    parts = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            parts.append(" ")
        elif name in _CHARACTERS:
            parts.append(_CHARACTERS[name])
        elif name and name not in _SKIPPED:
            parts += [_text(child), " " if name == "p" else ""]
        parts.append(child.tail or "")
    return "".join(parts)
