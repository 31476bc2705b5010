"""Rows of print to paragraphs: where each stands on its page, and in what size, tells which belong together."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from index.load.lines import Line, starts_anew
from index.load.publisher import is_publisher
from index.load.titles import ends_sentence
from index.scripts import between

_HEADING = 1.18  # times the size of the body
_SAME_SIZE = 0.12  # a bold or small-capital start of a row differs by less
_GAP = 1.35  # times the usual distance of two rows
_INDENT = 0.8  # of the size; a first row stands so far in
_SHORT = 0.9  # of its column's width; a last row mostly ends before that
_FOLIO = r"(?:page |p\. ?)?\d{1,4}(?: ?(?:of|/|\|) ?\d{1,4})?|[-–—] ?\d{1,4} ?[-–—]"
_PRINTED = re.compile(rf"(?:https?://\S+)?[\s|·]*(?:{_FOLIO})?[\s|·]*(?:https?://\S+)?", re.IGNORECASE)
_HANGING = re.compile(r"[•‣▪●◦·*–-] +(?=\S)|\d{1,2}[.)] ")


@dataclass(frozen=True)
class Row:
    """A row of print.

    Attributes:
        text: Its words, normalised and not empty.
        page: The page it stands on, from 1.
        left: Where it begins, in points from the left of the page.
        right: Where it ends.
        base: How high it stands, in points from the bottom of the page.
        size: The size of its letters, in points.
        is_broken: Whether its last word goes on in the next row.
    """

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    is_broken: bool = False


def without_page_furniture(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Part what belongs to the article from what belongs to the page: running titles, page numbers, addresses.

    Returns:
        The rows of the article and the others, each in order.
    """
    pages: dict[int, list[Row]] = {}
    for row in rows:
        pages.setdefault(row.page, []).append(row)
    edges = [row for page in pages.values() for row in _edges(page)]
    times = Counter(_key(row) for row in edges)
    often = max(2, len(pages) // 2)
    furniture = [row for row in edges if times[_key(row)] >= often or _is_of_the_page(row.text)]
    gone = {id(row) for row in furniture}
    return [row for row in rows if id(row) not in gone], furniture


def _edges(page: Sequence[Row]) -> list[Row]:
    """The highest and the lowest rows of a page, all that stand at one height."""
    heights = [row.base for row in page]
    return [row for row in page if min(row.base - min(heights), max(heights) - row.base) < 1]


def _key(row: Row) -> tuple[str, int]:
    """What is the same on every page: the words but for their numbers, and the height."""
    return re.sub(r"\d+", "0", row.text), round(row.base)


def _is_of_the_page(text: str) -> bool:
    return _PRINTED.fullmatch(text) is not None or is_publisher(text)


def paragraph_lines(rows: Sequence[Row]) -> list[Line]:
    """Join rows into paragraphs and headlines, each a line of a page text with the page it begins on."""
    if not rows:
        return []
    sizes = Counter[float]()
    for row in rows:
        sizes[round(row.size)] += len(row.text)
    body = sizes.most_common(1)[0][0]
    levels = {
        size: level for level, size in enumerate(sorted((s for s in sizes if s > body * _HEADING), reverse=True), 1)
    }
    pitch = _pitch(rows, body)
    widths = _columns(rows)
    lines: list[Line] = []
    before: Row | None = None
    for row in rows:
        is_headline = row.size > body * _HEADING
        if before and _continues(before, row, pitch, widths, is_headline):
            lines[-1] = _joined(lines[-1], before, row)
        else:
            level = 0 if starts_anew(row.text) else min(levels.get(round(row.size), 0), 6)
            lines.append(Line(row.text, heading=level, page=row.page))
        before = row
    return lines


def _pitch(rows: Sequence[Row], body: float) -> float:
    """The usual distance of two rows of the body, as a multiple of its size."""
    distances = [
        (upper.base - lower.base) / lower.size
        for upper, lower in pairwise(rows)
        if upper.page == lower.page and round(lower.size) == body and 0 < upper.base - lower.base < 3 * lower.size
    ]
    return median(distances) if distances else 1.2


def _columns(rows: Iterable[Row]) -> dict[tuple[int, int], float]:
    """How far the rows reach that begin at about the same place of a page."""
    reach: dict[tuple[int, int], float] = {}
    for row in rows:
        key = _column(row)
        reach[key] = max(reach.get(key, 0), row.right)
    return reach


def _column(row: Row) -> tuple[int, int]:
    return row.page, round(row.left / 36)  # half an inch: an indented row is of its column


def _continues(before: Row, row: Row, pitch: float, reach: dict[tuple[int, int], float], is_headline: bool) -> bool:
    begins = starts_anew(row.text) or starts_anew(before.text, only_furniture=True)
    if begins or abs(before.size - row.size) > _SAME_SIZE * max(before.size, row.size):
        return False
    if before.is_broken:
        return True
    down = before.base - row.base
    if before.page != row.page or down <= 0:  # the next column, or the next page
        return not ends_sentence(before.text) and not row.text[:1].isupper()
    if down > pitch * row.size * _GAP:
        return False
    if is_headline:  # mostly centred
        return True
    is_indented = row.left - before.left > row.size * _INDENT and not _HANGING.match(before.text)
    width = reach[_column(before)] - before.left
    is_short = width > 0 and (before.right - before.left) < _SHORT * width
    return not is_indented and not (is_short and ends_sentence(before.text))


def _joined(line: Line, before: Row, row: Row) -> Line:
    text = line.text + ("" if before.is_broken else between(line.text, row.text))
    turns = (*line.turns, *[len(text)] * (row.page - before.page))
    return replace(line, text=text + row.text, turns=turns)
