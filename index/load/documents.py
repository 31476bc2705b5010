"""A document's paragraphs to articles: what it shows goes before what the file says of itself.

The title that a file states may be a file's name, its author whoever typed or printed it, and its date when it was
made: each counts only where the text shows none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.article import Article
from index.load.byline import is_person
from index.load.characters import normalise
from index.load.lines import Line
from index.load.metadata import Metadata
from index.load.text import from_lines
from index.load.titles import same_title, title_from

PAGE_BREAK = "\f"
_FILE_NAME = re.compile(r"microsoft \w+ - .*|untitled.*|.*\.(?:docx?|odt|rtf|pdf|indd|qxd|html?|txt)", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """A paragraph of a document as it stands in the file.

    Attributes:
        text: Its words; a line break is a newline, and `PAGE_BREAK` stands where a page begins.
        heading: The level of a headline, 0 for any other paragraph.
        marker: What stands before it in a list.
    """

    text: str
    heading: int = 0
    marker: str = ""


def block_lines(blocks: Iterable[Block]) -> list[Line]:
    """The lines of a document's paragraphs, with the pages they begin on where it tells of pages."""
    blocks = list(blocks)
    page = int(any(PAGE_BREAK in block.text for block in blocks))
    lines: list[Line] = []
    for block in blocks:
        marker, blanks = block.marker, 1
        for row in block.text.split("\n"):
            words, turns = _joined(row.split(PAGE_BREAK))
            if words:
                turns = [turn + len(marker) for turn in turns]
                lines.append(Line(marker + words, blanks, block.heading, page, tuple(turns)))
                marker, blanks = "", 0
            page += len(turns)
    return lines


def _joined(pieces: Sequence[str]) -> tuple[str, list[int]]:
    """The pieces of a row, each of a page of its own, as one row, and where each but the first begins in it."""
    words, before = "", ""
    turns = []
    for number, piece in enumerate(pieces):
        clean = normalise(piece).strip()
        if words and clean and (before[-1:].isspace() or piece[:1].isspace()):
            words += " "
        if number:
            turns.append(len(words))
        words += clean
        before = piece if piece else before
    return words, turns


def document_articles(lines: list[Line], stated: Metadata) -> list[Article]:
    """The articles of a document's lines.

    Args:
        lines: Its paragraphs.
        stated: What the file says of itself.
    """
    title = stated.title if stated.title and not _FILE_NAME.fullmatch(stated.title) else None
    headline = next((line.text for line in lines if title and _is_headline(line.text, title)), None)
    found = from_lines(lines, replace(stated, title=headline, author=None, published=None))
    if len(found) == 1 and title and found[0].title == title_from(found[0].text):  # it shows no headline
        found = [replace(found[0], title=title)]
    author = stated.author if stated.author and is_person(stated.author) else None
    return [
        replace(article, author=article.author or author, published=article.published or stated.published)
        for article in found
    ]


def _is_headline(line: str, title: str) -> bool:
    """Tell whether a line is the title that the file states, which may have the site's name behind it."""
    return same_title(line, title) or re.match(rf"{re.escape(line)}\s+[|»–—-]\s", title) is not None
