"""The catalogue: the SQLite file that holds the articles and says which passages they are cut into."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from index import copy_links, listing
from index.article import Article
from index.database import Database
from index.meta import meta, next_generation, set_meta
from index.passage import Passage
from index.rows import article_of, insert_article, insert_passages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STAND_WHERE_NONE_DOES = (
    "INSERT INTO origins VALUES (?, ?) ON CONFLICT (origin) DO UPDATE SET article_id = excluded.article_id"
    " WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = origins.article_id AND a.state = 'ready')"
)
_SUMMARIES = f"SELECT {listing.COLUMNS} FROM articles a WHERE a.state = 'ready'"  # noqa: S608


@dataclass(frozen=True)
class ArticleSummary:
    """An article as a list shows it, without its text.

    Attributes:
        id: The article's id.
        title: Its headline.
        source: Its publisher.
        url: Its address.
        published: Its date (ISO 8601).
        place: Its dateline's place.
        language: Its language (ISO 639-1).
        section: The section of the paper.
        words: How many words its text has.
        copy_of: Id of the copy of it that was published first, ties by id; None where it has none, or is that one.
    """

    id: str
    title: str
    source: str | None
    url: str | None
    published: str | None
    place: str | None
    language: str | None
    section: str | None
    words: int
    copy_of: str | None = None


class Catalog:
    """Articles, passages and the state of each: the truth that every index is made from.

    An article is `adding` until its passages are in the word index, then `ready`; `removing` until they are out of
    it, then gone. Only `ready` ones are seen. `generation` grows by one with every change that can be seen, so that
    other processes know when to look again.

    Args:
        database: The catalogue's file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def _db(self) -> sqlite3.Connection:
        return self._database.connection

    # What the library was made with

    def meta(self, key: str) -> Any:
        """The recorded value of a key; None where there is none."""
        return meta(self._db, key)

    def set_meta(self, key: str, value: Any) -> None:
        """Record a value (anything JSON can hold)."""
        with self._database.changing() as db:
            set_meta(db, key, value)

    @property
    def generation(self) -> int:
        """Grows by one with every change that can be seen."""
        return int(self.meta("generation"))

    # Reading

    def article(self, article_id: str) -> Article | None:
        """The article of this id, or None."""
        row = self._db.execute("SELECT * FROM articles WHERE id = ? AND state = 'ready'", (article_id,)).fetchone()
        return article_of(row) if row else None

    def holds(self, article_id: str) -> bool:
        """Whether there is an article of this id."""
        row = self._db.execute("SELECT 1 FROM articles WHERE id = ? AND state = 'ready'", (article_id,)).fetchone()
        return row is not None

    def holds_url(self, url: str) -> bool:
        """Whether there is an article of this address."""
        row = self._db.execute("SELECT 1 FROM articles WHERE url = ? AND state = 'ready'", (url,)).fetchone()
        return row is not None

    def ids(self) -> list[str]:
        """The ids of all articles, sorted."""
        return [row["id"] for row in self._db.execute("SELECT id FROM articles WHERE state = 'ready' ORDER BY id")]

    def summaries(self) -> list[ArticleSummary]:
        """All articles, newest first, those without a date last."""
        rows = self._db.execute(_SUMMARIES + " ORDER BY published_day IS NULL, published DESC, title, id")
        return [ArticleSummary(*row) for row in rows]

    def listed(self, wanted: listing.Listing) -> tuple[int, list[ArticleSummary]]:
        """How many articles a listing has in all, and those of its page."""
        total, rows = listing.listed(self._db, wanted)
        return total, [ArticleSummary(*row) for row in rows]

    def overview(self) -> listing.Overview:
        """The articles, counted by publisher, language and day."""
        return listing.overview(self._db)

    def copies(self, article_id: str) -> list[ArticleSummary]:
        """The copies of an article (see `index.copies`), the one published first first, ties by id."""
        rows = self._db.execute(
            f"{_SUMMARIES} AND id IN (SELECT copy_id FROM copies WHERE article_id = ?)"  # noqa: S608
            " ORDER BY coalesce(published, '~'), id",
            (article_id,),
        )
        return [ArticleSummary(*row) for row in rows]

    def copies_among(self, article_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Which of these articles are copies of which others of them, by id; those without one are left out."""
        return copy_links.copies_among(self._db, article_ids)

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of these ids that still exist, by id."""
        rows = self._db.execute(
            "SELECT p.id, p.article_id, p.starts, p.ends, a.text FROM current_passages p"
            " JOIN articles a ON a.id = p.article_id"
            " WHERE a.state = 'ready' AND p.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {
            row["id"]: Passage(
                row["id"], row["article_id"], row["text"][row["starts"] : row["ends"]], row["starts"], row["ends"]
            )
            for row in rows
        }

    def any_article(self) -> bool:
        """Whether there is one."""
        return self._db.execute("SELECT 1 FROM articles WHERE state = 'ready' LIMIT 1").fetchone() is not None

    def count(self) -> int:
        """How many articles there are."""
        return int(self._db.execute("SELECT count(*) FROM articles WHERE state = 'ready'").fetchone()[0])

    def unfinished(self) -> list[str]:
        """Ids of articles whose adding or removing was interrupted."""
        return [
            row["id"]
            for row in self._db.execute("SELECT id FROM articles WHERE state IN ('adding', 'removing') ORDER BY id")
        ]

    def claims_of(self, articles: Iterable[Article]) -> list[tuple[str, str]]:
        """Pairs of origin and article id, for those of these articles that now stand where another stood."""
        claims = [(article.origin, article.id) for article in articles if article.origin]
        owners = {
            row["origin"]: row["article_id"]
            for row in self._db.execute(
                "SELECT origin, article_id FROM origins WHERE origin IN (SELECT value FROM json_each(?))",
                (json.dumps([origin for origin, _ in claims]),),
            )
        }
        return [(origin, article_id) for origin, article_id in claims if owners.get(origin, article_id) != article_id]

    # Writing: begin, then the word index, then finish

    def begin_adding(self, items: Iterable[tuple[Article, Sequence[Passage]]], vectors: "NDArray[np.float32]") -> None:
        """Write articles and passages down, not to be seen yet.

        Args:
            items: Articles, each with its passages.
            vectors: Unit vectors `[passages, dimension]` of all these passages, in their order.
        """
        rows = iter(vectors)
        with self._database.changing() as db:
            (build,) = db.execute("SELECT build FROM indexes").fetchone()
            for article, passages in items:
                insert_article(db, article)
                insert_passages(db, build, passages, islice(rows, len(passages)))
                copy_links.link(db, article.id, article.text)

    def finish_adding(self, articles: Iterable[Article]) -> list[str]:
        """Show articles, and hide those with the same URL, in one step.

        Args:
            articles: Those being added, and those that are there already and were found again.

        Returns:
            The ids of the articles hidden, which are to be removed.
        """
        hidden: dict[str, None] = {}
        with self._database.changing() as db:
            shown = 0
            for article in articles:
                shown += db.execute(
                    "UPDATE articles SET state = 'ready' WHERE id = ? AND state = 'adding'", (article.id,)
                ).rowcount
                rivals = db.execute(
                    "SELECT id FROM articles WHERE url = ? AND id <> ? AND state = 'ready'", (article.url, article.id)
                )
                hidden |= dict.fromkeys(replaced := [row["id"] for row in rivals])
                _hide(db, replaced)
                if article.origin:
                    db.execute(_STAND_WHERE_NONE_DOES, (article.origin, article.id))
            if shown or hidden:
                next_generation(db)
        return list(hidden)

    def move(self, claims: Sequence[tuple[str, str]]) -> list[str]:
        """Let articles stand at origins where others stood, and hide those that a changed article took the place of.

        All claims of a run are settled in one step at its end. Taken one by one, two files that changed names, or a
        new entry at the top of a list, would have articles removed that are only elsewhere now. So an article is
        replaced where no place is left to it and what took its place is new to that file, not moved within it.

        Args:
            claims: Pairs of origin and id of an article that is there.

        Returns:
            Ids of the articles hidden.
        """
        with self._database.changing() as db:
            owned: dict[str, set[str]] = {}
            for article_id in {article_id for _, article_id in claims}:
                rows = db.execute("SELECT origin FROM origins WHERE article_id = ?", (article_id,))
                owned[article_id] = {_file_of(row["origin"]) for row in rows}
            displaced: set[str] = set()
            for origin, article_id in claims:
                row = db.execute("SELECT article_id FROM origins WHERE origin = ?", (origin,)).fetchone()
                if row and _file_of(origin) not in owned[article_id]:
                    displaced.add(row["article_id"])
            db.executemany(
                "INSERT OR REPLACE INTO origins SELECT ?, id FROM articles WHERE id = ? AND state = 'ready'", claims
            )
            gone = [
                article_id
                for article_id in sorted(displaced)
                if not db.execute("SELECT 1 FROM origins WHERE article_id = ? LIMIT 1", (article_id,)).fetchone()
            ]
            if gone:
                _hide(db, gone)
                next_generation(db)
            return gone

    def begin_removing(self, article_ids: Iterable[str]) -> None:
        """Hide articles."""
        with self._database.changing() as db:
            _hide(db, article_ids)
            next_generation(db)

    def finish_removing(self, article_ids: Sequence[str]) -> None:
        """Delete articles, their passages, of every build, and the links to their copies."""
        with self._database.changing() as db:
            copy_links.unlink(db, article_ids)
            for article_id in article_ids:
                db.execute(
                    "INSERT OR IGNORE INTO dead_vectors SELECT id FROM current_passages"
                    " WHERE article_id = ? AND number <= (SELECT sealed_to FROM indexes)",
                    (article_id,),
                )
                for table in ("passages", "origins"):
                    db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608 - names above
                db.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    def link_copies_anew(self, whatever: bool = False) -> int:
        """Find all copies again where another version of Dateline found them, or none.

        Args:
            whatever: Find them again in any case.

        Returns:
            How many articles were looked at; 0 where all was well.
        """
        with self._database.changing() as db:
            if not whatever and copy_links.are_made(db):
                return 0
            return copy_links.link_anew(db)


def _hide(db: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    db.executemany("UPDATE articles SET state = 'removing' WHERE id = ?", [(i,) for i in article_ids])


def _file_of(origin: str) -> str:
    """The file, or the entry of an archive, that an origin lies in."""
    return origin.rpartition("#")[0]
