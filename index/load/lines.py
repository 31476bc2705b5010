"""A page as lines: one line a paragraph, or a piece of page furniture, each with what it looks like."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from itertools import pairwise

from index.load.dateline import dateline_place
from index.load.furniture import Label, is_separator, read_label
from index.load.titles import ends_sentence, is_title_like

_BULLET = re.compile(r"[•‣▪●◦·*–-] +(?=\S)")
_HEADING = re.compile(r"(#{1,6}) +(?=\S)")
_CREDITED = re.compile(
    r"[.!?”\"’] [(\[][^()\[\]]{2,60}[)\]]\.?$"
    r"|[(\[](?:[^()\[\]]*\b(?:AFP|AP|EPA|Reuters|Getty|Screengrab|Courtesy|Supplied|Handout|[Ff]ile|[Pp]hotos?)\b[^()\[\]]*)[)\]]\.?$"
    r"|^(?:File )?(?:Photo|Picture|Image|Caption|Pictured)s?: "
)
_LONGEST_WRAP = 100  # columns; longer lines are paragraphs
_SHORTEST_WRAP = 40


class Look(Enum):
    """What a line looks like."""

    FURNITURE = auto()
    SEPARATOR = auto()
    BULLET = auto()
    CAPTION = auto()
    WORD = auto()  # by itself: "World" over a headline, "14:30" in a live report
    TITLE = auto()
    BODY = auto()


@dataclass(frozen=True)
class Line:
    """A line of a page.

    Attributes:
        text: The line without indentation; normalised, not empty.
        blanks: The number of blank lines before it.
        heading: The level of a Markdown heading, 0 for any other line.
        page: The page it begins on, from 1; 0 where there are no pages.
        turns: Offsets in the text at which a further page begins.
    """

    text: str
    blanks: int = 1
    heading: int = 0
    page: int = 0
    turns: tuple[int, ...] = ()

    @cached_property
    def label(self) -> Label | None:
        """What it tells as page furniture, if it is that."""
        return None if self.heading else read_label(self.text)

    @cached_property
    def look(self) -> Look:
        """What it looks like by itself, without its neighbours."""
        fits = (
            (Look.TITLE, self.heading > 0),
            (Look.SEPARATOR, is_separator(self.text)),
            (Look.FURNITURE, self.label is not None),
            (Look.BULLET, _BULLET.match(self.text)),
            (Look.CAPTION, _CREDITED.search(self.text)),
            (Look.BODY, dateline_place(self.text)),
            (Look.WORD, " " not in self.text and not ends_sentence(self.text)),
            (Look.TITLE, is_title_like(self.text)),
        )
        return next((look for look, fit in fits if fit), Look.BODY)


def read_lines(text: str) -> list[Line]:
    """Cut a normalised page text into lines, with hard-wrapped paragraphs joined."""
    lines: list[Line] = []
    block: list[str] = []
    blanks = 0
    for row in [*map(str.strip, text.split("\n")), ""]:
        if row:
            block.append(row)
            continue
        if block:
            first, *others = _unwrap(block)
            lines += [_line(first, blanks), *(_line(other, 0) for other in others)]
            block, blanks = [], 0
        blanks += 1
    return lines


def _line(text: str, blanks: int) -> Line:
    if heading := _HEADING.match(text):
        return Line(text[heading.end() :].rstrip("# ") or text, blanks, len(heading[1]))
    return Line(text, blanks)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a normalised text that holds nothing else."""
    blocks = re.split(r"\n(?: *\n)+", text)
    return [
        paragraph
        for block in blocks
        for paragraph in _unwrap([row.strip() for row in block.split("\n") if row.strip()])
    ]


def _unwrap(block: list[str]) -> list[str]:
    """Join the lines of a block that a fixed width broke; otherwise each line stays a paragraph.

    A line was broken if the next line's first word would not have fitted in the widest line's width.
    """
    width = max(map(len, block), default=0)
    breaks = [
        starts_anew(line)
        or starts_anew(before, only_furniture=True)
        or len(before) < _SHORTEST_WRAP
        or len(before) + 1 + len(line.split(" ", 1)[0]) <= width
        for before, line in pairwise(block)
    ]
    if width > _LONGEST_WRAP or not _is_wrapped(block, breaks):
        return block
    joined = block[:1]
    for line, is_break in zip(block[1:], breaks, strict=True):
        if is_break:
            joined.append(line)
        else:
            joined[-1] += f" {line}"
    return joined


def _is_wrapped(block: list[str], breaks: Iterable[bool]) -> bool:
    """Tell a wrapped block from one of short paragraphs: wrapping goes on in small letters more often than not."""
    continued = [line for line, is_break in zip(block[1:], breaks, strict=True) if not is_break]
    small = sum(line[0].islower() for line in continued)
    return bool(continued) and small * 3 >= len(continued)


def starts_anew(line: str, only_furniture: bool = False) -> bool:
    """Tell whether a row of text begins something: furniture, a heading, an item of a list, a story's first words."""
    if is_separator(line) or read_label(line) or _HEADING.match(line):
        return True
    return not only_furniture and bool(_BULLET.match(line) or dateline_place(line))
