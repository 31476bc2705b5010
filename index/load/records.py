"""A record, whose fields say what is what, to an article: nothing is taken for clutter and left out."""

import re
from collections.abc import Iterable
from dataclasses import replace

from index.article import Article
from index.errors import UnreadableError
from index.load.byline import read_byline
from index.load.characters import one_line
from index.load.dateline import dateline_place
from index.load.metadata import Metadata
from index.load.titles import same_title, title_from

_BY = re.compile(r"by:? +", re.IGNORECASE)


def article_of(known: Metadata, paragraphs: Iterable[str]) -> Article:
    """Make an article of a record's fields.

    Args:
        known: The fields, each a normalised line or None.
        paragraphs: The text, normalised.

    Raises:
        UnreadableError: There is no text.
    """
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    if not text:
        raise UnreadableError("has no text: it must hold the words of an article")
    return Article(
        title=known.title or title_from(text),
        text=text,
        source=known.source,
        url=known.url,
        author=known.author,
        published=known.published or known.updated,
        updated=known.updated,
        place=known.place,
        language=known.language,
        section=known.section,
    )


def wire_article(known: Metadata, paragraphs: Iterable[str]) -> Article:
    """Make an article of an agency's record, whose dateline may stand in the text alone, and its headline there too.

    A first version is not an update of itself, so `updated` is kept only where it differs from `published`.

    Raises:
        UnreadableError: There is no text.
    """
    kept = [paragraph for paragraph in paragraphs if paragraph]
    if len(kept) > 1 and known.title and same_title(kept[0], known.title):
        del kept[0]
    updated = known.updated if known.updated != known.published else None
    place = known.place or (dateline_place(kept[0]) if kept else None)
    return article_of(replace(known, updated=updated, place=place), kept)


def author_of(byline: str | None) -> str | None:
    """The names of a byline, without its "By" and what stands behind the names."""
    byline = (one_line(byline) or "").strip(" ,;")
    found = read_byline(byline)
    return found[0] if found else byline[len(by[0]) :] if (by := _BY.match(byline)) else byline or None
