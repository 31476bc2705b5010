"""One story's lines to an article: the clutter goes, what it tells of the story is kept."""

from index.article import Article
from index.load.dateline import dateline_place, is_speech
from index.load.furniture import Furniture, Label
from index.load.lines import Line, Look
from index.load.metadata import Metadata
from index.load.publisher import is_publisher
from index.load.stories import header_end, is_credit, link_items
from index.load.titles import same_title, title_from

_BETWEEN = "\n\n"  # paragraphs
_HEADER_ONLY = (Furniture.BYLINE, Furniture.DATE)  # further down they are part of the text


def clean_story(lines: list[Line], known: Metadata | None = None) -> Article | None:
    """Make an article of the lines of one story.

    Args:
        lines: The story from its headline on.
        known: What the file states outright; it goes before what is found in the lines.

    Returns:
        The article, or None where nothing is left once the clutter is gone.
    """
    known = known or Metadata()
    headline = _headline(lines, known)
    end = _header_end(lines, headline)
    title = known.title or (lines[headline].text if headline is not None else None)
    links = link_items(lines)
    labels: list[Label] = []
    body: list[Line] = []
    for position, line in enumerate(lines):
        in_header = position < end
        if line.look is Look.SEPARATOR or (title and in_header and same_title(line.text, title)):
            continue
        if position in links or (line.look is Look.WORD and position < (headline or 0)):
            continue
        if in_header and is_credit(line):
            is_source = is_publisher(line.text)
            labels.append(Label(Furniture.CREDIT, **{"source" if is_source else "author": line.text}))
        elif line.label and (in_header or line.label.kind not in _HEADER_ONLY):
            labels.append(line.label)
        else:
            body.append(line)
    if not body and headline is not None:
        body = [lines[headline]]
    text = _BETWEEN.join(line.text for line in body) or title
    if not text:
        return None
    return _article(text, title or title_from(text), body, labels, known)


def _headline(lines: list[Line], known: Metadata) -> int | None:
    """The position of the headline: the first line of the story proper, if it can be one."""
    word = None
    for position, line in enumerate(lines):
        if known.title:
            if line.look is Look.BODY:
                break
            if same_title(line.text, known.title):
                return position
        elif line.look is Look.TITLE:
            return position
        elif line.look is Look.WORD:  # a section's name, if a headline follows
            word = position if word is None else word
        elif line.look not in (Look.SEPARATOR, Look.FURNITURE):
            break
    return word


def _header_end(lines: list[Line], headline: int | None) -> int:
    if headline is not None:
        return header_end(lines, headline)
    return next((position for position, line in enumerate(lines) if line.look is Look.BODY), 0)


def _article(text: str, title: str, body: list[Line], labels: list[Label], known: Metadata) -> Article:
    updated = known.updated or next((label.updated for label in labels if label.updated), None)
    published = known.published or next((label.published for label in labels if label.published), None)
    return Article(
        title=title,
        pages=_pages(body),
        text=text,
        source=known.source or next((label.source for label in labels if label.source), None),
        url=known.url,
        author=known.author or next((label.author for label in labels if label.author), None),
        published=published or updated,
        updated=updated,
        place=known.place or _place(body) or next((label.place for label in labels if label.place), None),
        language=known.language,
        section=known.section,
    )


def _pages(body: list[Line]) -> tuple[int, ...]:
    """Where each page begins in the text of these lines; a page without any begins where the next one does."""
    starts: list[int] = []
    offset = 0
    for line in body:
        starts += [offset] * (line.page - len(starts))
        starts += [offset + turn for turn in line.turns]
        offset += len(line.text) + len(_BETWEEN)
    return tuple(starts)


def _place(body: list[Line]) -> str | None:
    paragraphs = [line.text for line in body if line.look is Look.BODY]
    if not paragraphs or any(is_speech(paragraphs[0], other) for other in paragraphs[1:3]):
        return None
    return dateline_place(paragraphs[0])
