"""One story's lines to an article: the clutter goes, what it tells of the story is kept."""

from index.article import Article
from index.load.byline import is_shouted_name
from index.load.dateline import dateline_place
from index.load.furniture import Furniture, Label
from index.load.lines import Line, Look
from index.load.metadata import Metadata
from index.load.stories import header_end, is_listed
from index.load.titles import same_title, title_from

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
    labels: list[Label] = []
    body: list[Line] = []
    for position, line in enumerate(lines):
        in_header = position < end
        if line.look is Look.SEPARATOR or (title and in_header and same_title(line.text, title)):
            continue
        if in_header and is_shouted_name(line.text):
            labels.append(Label(Furniture.BYLINE, author=line.text))
        elif line.label and (in_header or line.label.kind not in _HEADER_ONLY):
            labels.append(line.label)
        elif not (line.look in (Look.TITLE, Look.BULLET) and is_listed(lines, position)):
            body.append(line)
    text = "\n\n".join(line.text for line in body) or title
    if not text:
        return None
    return _article(text, title or title_from(text), body, labels, known)


def _headline(lines: list[Line], known: Metadata) -> int | None:
    """The position of the headline: the first line of the story proper, if it can be one."""
    for position, line in enumerate(lines):
        if known.title and same_title(line.text, known.title):
            return position
        if line.look not in (Look.SEPARATOR, Look.FURNITURE):
            return position if line.look is Look.TITLE and not known.title else None
    return None


def _header_end(lines: list[Line], headline: int | None) -> int:
    if headline is not None:
        return header_end(lines, headline)
    return next((position for position, line in enumerate(lines) if line.look is Look.BODY), 0)


def _article(text: str, title: str, body: list[Line], labels: list[Label], known: Metadata) -> Article:
    opening = next((line.text for line in body if line.look is Look.BODY), "")
    updated = known.updated or next((label.updated for label in labels if label.updated), None)
    published = known.published or next((label.published for label in labels if label.published), None)
    return Article(
        title=title,
        text=text,
        source=known.source,
        url=known.url,
        author=known.author or next((label.author for label in labels if label.author), None),
        published=published or updated,
        updated=updated,
        place=known.place or dateline_place(opening) or next((label.place for label in labels if label.place), None),
        language=known.language,
    )
