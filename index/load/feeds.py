"""RSS and Atom files: each entry is an article, with as much of its text as the feed carries."""

import io
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from index.article import Article
from index.errors import UnreadableError
from index.load.blocks import fragment_paragraphs
from index.load.characters import normalise, one_line
from index.load.lines import paragraphs as paragraphs_of_text
from index.load.metadata import Metadata, language_code, web_url
from index.load.records import author_of, wire_article
from index.load.xml_tree import refuse_entities


def from_feed(text: str) -> Iterator[tuple[int, Article | UnreadableError]]:
    """Read the entries of a feed.

    Yields:
        The position of each entry, from 0, with its article or why it has none.

    Raises:
        UnreadableError: It is no feed, or has no entries.
    """
    feed = _parsed(text)
    for position, entry in enumerate(feed.entries):
        yield position, _article(position, entry, feed.feed)


def from_fetched_feed(text: str) -> Iterator[tuple[int, Article | UnreadableError | str]]:
    """Read the entries of a feed as `from_feed`, but of an entry that only has a summary, the address it leads to.

    Raises:
        UnreadableError: As `from_feed`.
    """
    feed = _parsed(text)
    for position, entry in enumerate(feed.entries):
        is_whole = any((content.get("value") or "").strip() for content in entry.get("content", ()))
        link = str(entry.get("link") or "")
        yield position, _article(position, entry, feed.feed) if is_whole or not link else link


def _parsed(text: str) -> Any:
    import feedparser

    refuse_entities(text)
    # As a file, never as a string: feedparser would fetch a string that looks like an address.
    feed = feedparser.parse(
        io.BytesIO(text.encode()), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    if not feed.entries:
        reason = one_line(str(feed.get("bozo_exception") or "")) or "it has no entries"
        raise UnreadableError(f"is not a feed with articles: {reason}")
    return feed


def _article(position: int, entry: Any, feed: Any) -> Article | UnreadableError:
    try:
        return wire_article(_metadata(entry, feed), _paragraphs(entry))
    except UnreadableError as error:
        return UnreadableError(f"entry {position + 1}: {error}")


def _metadata(entry: Any, feed: Any) -> Metadata:
    authors = [name for author in entry.get("authors", ()) if (name := author_of(author.get("name")))]
    tags = [tag.get("label") or tag.get("term") for tag in entry.get("tags", ())]
    origin = entry.get("source")
    return Metadata(
        title=_line(entry, "title"),
        source=one_line((origin.get("title") if origin else None) or feed.get("title")),
        url=web_url(entry.get("link")),
        author=", ".join(dict.fromkeys(authors)) or None,
        # Past the mapping of feedparser's own: it gives one date for the other.
        published=_moment(dict.get(entry, "published_parsed")),
        updated=_moment(dict.get(entry, "updated_parsed")),
        language=language_code(entry.get("language") or feed.get("language")),
        section=one_line(next((tag for tag in tags if tag), None)),
    )


def _paragraphs(entry: Any) -> list[str]:
    contents = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    fullest = max(contents, key=lambda content: len(content.get("value") or ""))
    value = fullest.get("value") or ""
    return fragment_paragraphs(value) if "html" in fullest.get("type", "") else paragraphs_of_text(normalise(value))


def _line(entry: Any, name: str) -> str | None:
    """A field on one line, without markup."""
    detail = entry.get(f"{name}_detail") or {}
    value = detail.get("value") or ""
    return one_line(" ".join(fragment_paragraphs(value)) if "html" in detail.get("type", "") else value)


def _moment(parsed: Any) -> str | None:
    """A date that feedparser has read, in UTC."""
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat() if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
