"""A page of the list of articles, filtered and sorted where they are stored."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Literal, get_args

from index import copy_links
from index.passage import Filters

Order = Literal["newest", "oldest", "title", "source"]
ORDERS: tuple[Order, ...] = get_args(Order)
_ORDER_BY = {
    "newest": "published_day IS NULL, published DESC, title, id",
    "oldest": "published_day IS NULL, published, title, id",
    "title": "title COLLATE NOCASE, id",
    "source": "source IS NULL, source COLLATE NOCASE, published DESC, id",
}
COLUMNS = f"id, title, source, url, published, place, language, section, words, {copy_links.COPY_OF}"
"""Those of an `index.catalog.ArticleSummary`, in its order."""


@dataclass(frozen=True)
class Listing:
    """Which articles to list.

    Attributes:
        filters: What they are limited to.
        words: Words, or parts of words, that the title has; empty for any.
        language: Their language (ISO 639-1).
        order: How they are sorted; those without a date or a source come last.
        offset: How many to pass over.
        limit: How many to list at the most.
    """

    filters: Filters = Filters()
    words: str = ""
    language: str | None = None
    order: Order = "newest"
    offset: int = 0
    limit: int = 100


def listed(db: sqlite3.Connection, listing: Listing) -> tuple[int, list[sqlite3.Row]]:
    """How many articles a listing has in all, and the rows of its page, each of `COLUMNS`."""
    where, values = _conditions(listing)
    (total,) = db.execute(f"SELECT count(*) FROM articles a WHERE {where}", values).fetchone()  # noqa: S608
    rows = db.execute(
        f"SELECT {COLUMNS} FROM articles a WHERE {where} ORDER BY {_ORDER_BY[listing.order]} LIMIT ? OFFSET ?",  # noqa: S608
        (*values, listing.limit, listing.offset),
    )
    return total, rows.fetchall()


@dataclass(frozen=True)
class Share:
    """How many articles have a value."""

    value: str
    articles: int


@dataclass(frozen=True)
class Overview:
    """What a library holds.

    Attributes:
        articles: How many articles.
        sources: By publisher, the one with most first; articles without one are left out, here and below.
        languages: By language (ISO 639-1), the one with most first.
        days: By day of publication (`2025-05-09`), the oldest first.
    """

    articles: int
    sources: list[Share]
    languages: list[Share]
    days: list[Share]


def overview(db: sqlite3.Connection) -> Overview:
    """Count the articles by what they can be filtered by."""
    (articles,) = db.execute("SELECT count(*) FROM articles WHERE state = 'ready'").fetchone()
    return Overview(
        articles,
        _shares(db, "source", "2 DESC, 1"),
        _shares(db, "language", "2 DESC, 1"),
        _shares(db, "substr(published, 1, 10)", "1"),
    )


def _shares(db: sqlite3.Connection, value: str, order: str) -> list[Share]:
    rows = db.execute(
        f"SELECT {value} AS value, count(*) FROM articles WHERE state = 'ready' GROUP BY value"  # noqa: S608
        f" HAVING value IS NOT NULL ORDER BY {order}"
    )
    return [Share(*row) for row in rows]


def _conditions(listing: Listing) -> tuple[str, list[object]]:
    """The condition, of fixed words only, and the values for its question marks."""
    filters = listing.filters
    wanted: list[tuple[str, list[object]]] = [("a.state = 'ready'", [])]
    if filters.since:
        wanted.append(("published_day >= ?", [_day(filters.since)]))
    if filters.until:
        wanted.append(("published_day <= ?", [_day(filters.until)]))
    if filters.sources:
        wanted.append(("source IN (SELECT value FROM json_each(?))", [json.dumps(filters.sources)]))
    if filters.article_ids:
        wanted.append(("id IN (SELECT value FROM json_each(?))", [json.dumps(filters.article_ids)]))
    if listing.language:
        wanted.append(("language = ?", [listing.language]))
    for word in listing.words.split():
        escaped = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        wanted.append((r"title LIKE ? ESCAPE '\'", [f"%{escaped}%"]))
    return " AND ".join(condition for condition, _ in wanted), [value for _, values in wanted for value in values]


def _day(day: str) -> int:
    return int(day.replace("-", ""))
