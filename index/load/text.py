"""Plain text, as a page's text arrives when it is copied."""

from index.article import Article
from index.load.characters import normalise
from index.load.clean import clean_story
from index.load.lines import Line, read_lines
from index.load.metadata import Metadata
from index.load.stories import split_stories


def from_text(text: str) -> list[Article]:
    """Read the articles of a page text; an empty list where there is none."""
    return from_lines(read_lines(normalise(text)))


def from_lines(lines: list[Line], known: Metadata | None = None) -> list[Article]:
    """Read the articles of a page's lines; a page whose title is known is one story."""
    stories = [lines] if known and known.title else split_stories(lines)
    cleaned = (clean_story(story, known) for story in stories if story)
    return [article for article in cleaned if article]
