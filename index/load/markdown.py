"""Markdown, with or without YAML front matter, to lines of plain words."""

import datetime
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
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---[ ]*\n(?P<yaml>.*?\n)(?:---|\.\.\.)[ ]*(?:\n|$)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def from_markdown(text: str) -> list[Article]:
    """Read the articles of a Markdown file.

    Raises:
        UnreadableError: The front matter is not valid YAML.
    """
    text = text.replace("\r\n", "\n")
    known = Metadata()
    if match := _FRONT_MATTER.match(text):
        known = _metadata(match["yaml"])
        text = text[match.end() :]
    return from_lines(_lines(text), known)


def _metadata(source: str) -> Metadata:
    import yaml

    try:
        fields = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2025-13-40
        reason = " ".join(str(error).split())
        raise UnreadableError(f"has front matter that is not valid YAML: {reason}") from error
    if not isinstance(fields, dict):
        raise UnreadableError("has front matter that is not a list of `name: value` lines")
    published = _moment(fields, "published", "date")
    updated = _moment(fields, "updated", "modified")
    return Metadata(
        title=_string(fields, "title", "headline"),
        source=_string(fields, "source", "site"),
        url=web_url(_string(fields, "url")),
        author=_string(fields, "author"),
        published=published,
        updated=updated,
        place=_string(fields, "place"),
        language=language_code(_string(fields, "language", "lang")),
    )


def _string(fields: dict[Any, Any], *names: str) -> str | None:
    value = next((fields[name] for name in names if fields.get(name)), None)
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value)
    return " ".join(normalise(str(value)).split()) if value is not None else None


def _moment(fields: dict[Any, Any], *names: str) -> str | None:
    value = next((fields[name] for name in names if fields.get(name)), None)
    if isinstance(value, datetime.date):  # YAML reads dates itself; a datetime is a date too
        return to_iso(value.isoformat())
    return to_iso(str(value)) if value is not None else None


def _lines(text: str) -> list[Line]:
    """The blocks of a document as lines, markup gone."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    lines: list[Line] = []
    heading, marker = 0, ""
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else "• "
        elif token.type == "hr":
            lines.append(Line("---"))
        elif token.type in ("inline", "fence", "code_block"):
            rows = _plain(token) if token.type == "inline" else token.content
            for blanks, row in zip([1, *[0] * rows.count("\n")], normalise(rows).split("\n"), strict=False):
                if words := row.strip():
                    lines.append(Line(marker + words, blanks, heading))
            heading, marker = 0, ""
    return lines


def _plain(token: "Token") -> str:
    """The words of a run of inline markup; a hard break is kept as a newline."""
    words = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "text_special"):
            words.append(child.content)
        elif child.type == "softbreak":
            words.append(" ")
        elif child.type == "hardbreak" or (child.type == "html_inline" and child.content.startswith("<br")):
            words.append("\n")
    return _TAG.sub("", "".join(words)) if "<" in token.content else "".join(words)
