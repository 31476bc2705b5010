"""Markdown, with or without YAML front matter, to lines of plain words."""

import datetime
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from index.article import Article
from index.errors import UnreadableError
from index.load.characters import normalise, one_line
from index.load.dates import to_iso
from index.load.lines import Line
from index.load.metadata import Metadata, language_code, web_url
from index.load.text import from_lines

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---[ ]*\n(?P<yaml>.*?\n)(?:---|\.\.\.)[ ]*(?:\n|$)", re.DOTALL)
_MOST_BRACKETS = 500
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)


def from_markdown(text: str) -> list[Article]:
    """Read the articles of a Markdown file.

    Raises:
        UnreadableError: The front matter is not valid YAML.
    """
    text = text.replace("\r\n", "\n")
    known = Metadata()
    if (match := _FRONT_MATTER.match(text)) and (fields := _fields(match["yaml"])):
        known = _metadata(fields)
        text = text[match.end() :]
    return from_lines(_lines(text), known)


def _fields(source: str) -> dict[Any, Any] | None:
    """The fields of front matter; None for text that merely stands between two rules."""
    import yaml

    if sum(map(source.count, "[{")) > _MOST_BRACKETS:  # its scanner takes the square of their number
        raise UnreadableError("is nested too deep: its front matter opens more brackets than any needs")
    try:
        fields = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2025-13-40
        reason = " ".join(str(error).split())
        raise UnreadableError(f"has front matter that is not valid YAML (quote the value?): {reason}") from error
    return fields if isinstance(fields, dict) else None


def _metadata(fields: dict[Any, Any]) -> Metadata:
    return Metadata(
        title=_string(fields, "title", "headline"),
        source=_string(fields, "source", "site"),
        url=web_url(_string(fields, "url")),
        author=_string(fields, "author"),
        published=_moment(fields, "published", "date"),
        updated=_moment(fields, "updated", "modified"),
        place=_string(fields, "place"),
        language=language_code(_string(fields, "language", "lang")),
        section=_string(fields, "section", "category"),
    )


def _string(fields: dict[Any, Any], *names: str) -> str | None:
    value = next((fields[name] for name in names if fields.get(name)), None)
    # Only plain values: printing nested ones with YAML aliases can take for ever.
    plain = [
        str(item) for item in (value if isinstance(value, list) else [value]) if isinstance(item, str | int | float)
    ]
    return one_line(", ".join(plain))


def _moment(fields: dict[Any, Any], *names: str) -> str | None:
    value = next((fields[name] for name in names if fields.get(name)), None)
    if isinstance(value, datetime.date):  # YAML reads dates itself; a datetime is a date too
        return to_iso(value.isoformat())
    return to_iso(value) if isinstance(value, str) else None


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
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            rows = [row.strip() for row in normalise(_plain(token)).split("\n") if row.strip()]
            lines += [Line(marker * (n == 0) + row, int(n == 0), heading) for n, row in enumerate(rows)]
            heading, marker = 0, ""
    return lines


def _plain(token: "Token") -> str:
    """The words of a token; a hard break is kept as a newline."""
    if token.type == "html_block":
        return unescape(_TAG.sub("", token.content))
    if token.type != "inline":
        return token.content
    words = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "text_special"):
            words.append(child.content)
        elif child.type == "image":  # its alternative text is often the caption
            words.append(f"\n{child.content}\n")
        elif child.type == "softbreak":
            words.append(" ")
        elif child.type == "hardbreak" or child.content.startswith("<br"):
            words.append("\n")
    return "".join(words)
