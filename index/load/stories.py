"""Where one story ends and the next begins, on a page that holds several.

A story begins at a headline. A line that looks like one is believed when what follows it, up to the first paragraph
of the body, is what follows headlines; each piece of evidence has a weight, and layout alone never weighs enough.
"""

from itertools import takewhile

from index.load.byline import is_shouted_name
from index.load.dateline import dateline_place, is_speech
from index.load.furniture import Furniture
from index.load.lines import Line, Look
from index.load.publisher import is_publisher
from index.load.titles import is_quoted, same_title

_ENOUGH = 4
_PRINTED_TWICE = 4
_DATELINE = 4
_CREDIT = 2
_HEADING = 2
_LAYOUT = 1
_WEIGHTS = {Furniture.BYLINE: 4, Furniture.STAMP: 4, Furniture.DATE: 3, Furniture.HEADER: 2}
_REPEAT_WITHIN = 12  # lines
_FEWEST_BLANKS = 2  # more blank lines than between paragraphs
_INTRODUCES = (":", ",", ";", "—", "–")


def split_stories(lines: list[Line]) -> list[list[Line]]:
    """Cut the lines of a page into stories, each beginning at its headline; nothing is lost."""
    starts = [0]
    links = link_items(lines)
    has_body = False
    for position, line in enumerate(lines):
        if has_body and position not in links and _begins_story(lines, position):
            starts.append(position)
            has_body = False
        has_body = has_body or line.look is Look.BODY
    if not has_body and len(starts) > 1:  # a headline with no story under it
        starts.pop()
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def header_end(lines: list[Line], start: int) -> int:
    """Find where the header of the story that begins at `start` ends.

    The header is the headline with what belongs to it: bylines, dates, clutter, bullets, captions, the headline again.

    Returns:
        The position of the first paragraph of the body, or of the line where there can be no more header.
    """
    if repeat := _repeat(lines, start):
        start = repeat
    passed_caption = passed_title = False
    for position in range(start + 1, len(lines)):
        line = lines[position]
        if line.look is Look.SEPARATOR:
            return position
        if line.look is Look.TITLE and not is_credit(line):
            if passed_title or _is_apart(lines, position) or _repeat(lines, position):
                return position
            passed_title = True
        if line.look is Look.BODY:
            # A caption that is a whole sentence looks like body, but header furniture follows it.
            if passed_caption or not _is_header_furniture(lines, position + 1):
                return position
            passed_caption = True
    return len(lines)


def _begins_story(lines: list[Line], position: int) -> bool:
    line, before = lines[position], lines[position - 1]
    if line.look is not Look.TITLE or is_quoted(line.text) or before.text.endswith(_INTRODUCES):
        return False
    if lines[0].heading and line.heading != lines[0].heading:
        return False
    return _evidence(lines, position) >= _ENOUGH


def _evidence(lines: list[Line], position: int) -> int:
    end = header_end(lines, position)
    header = lines[position + 1 : end]
    kinds = [line.label.kind for line in header if line.label]
    weight = sum(_WEIGHTS.get(kind, 0) for kind in kinds)
    weight += _CREDIT * any(is_credit(line) for line in header)
    weight += _PRINTED_TWICE * (_repeat(lines, position) is not None)
    weight += _DATELINE * _has_dateline(lines, end)
    weight += _HEADING * (lines[position].heading > 0)
    apart = lines[position].blanks >= _FEWEST_BLANKS or lines[position - 1].look is Look.SEPARATOR
    return weight + _LAYOUT * apart


def _has_dateline(lines: list[Line], position: int) -> bool:
    if position >= len(lines) or lines[position].look is not Look.BODY or not dateline_place(lines[position].text):
        return False
    return not any(is_speech(lines[position].text, line.text) for line in _next_paragraphs(lines, position))


def is_credit(line: Line) -> bool:
    """Tell whether a line can be a name by itself, an author's in capitals or a publisher's: believe it in a header."""
    return not line.heading and not line.label and (is_shouted_name(line.text) or is_publisher(line.text))


def _next_paragraphs(lines: list[Line], position: int) -> list[Line]:
    following = lines[position + 1 : position + 3]
    return list(takewhile(lambda line: line.look is not Look.TITLE, following))


def _repeat(lines: list[Line], position: int) -> int | None:
    """The position of the same headline printed again in the header, with at most a caption's sentence before it."""
    bodies = 0
    for other in range(position + 1, min(position + 1 + _REPEAT_WITHIN, len(lines))):
        if same_title(lines[position].text, lines[other].text):
            return other
        bodies += lines[other].look is Look.BODY
        if bodies > 1 or lines[other].look is Look.SEPARATOR:
            return None
    return None


def _is_apart(lines: list[Line], position: int) -> bool:
    """Tell whether a line keeps to what follows it rather than to what stands before: then it begins something."""
    following = lines[position + 1].blanks if position + 1 < len(lines) else 0
    return lines[position].blanks > following


def _has_header(lines: list[Line], position: int) -> bool:
    is_title = lines[position].look is Look.TITLE
    return is_title and (_is_header_furniture(lines, position + 1) or _has_dateline(lines, position + 1))


def _is_header_furniture(lines: list[Line], position: int) -> bool:
    if position >= len(lines):
        return False
    label = lines[position].label
    return label is not None and label.kind in (Furniture.STAMP, Furniture.HEADER, Furniture.BYLINE)


def link_items(lines: list[Line]) -> set[int]:
    """Find the items of lists of links: what stands under "Read also:" with no blank line between."""
    items: set[int] = set()
    in_list = False
    for position, line in enumerate(lines):
        in_list = in_list and line.blanks == 0 and line.look is not Look.BODY and not _has_header(lines, position)
        if in_list:
            items.add(position)
        in_list = in_list or (line.label is not None and line.label.kind is Furniture.LINKS)
    return items
