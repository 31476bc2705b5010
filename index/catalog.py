"""The catalogue: the SQLite file that holds the articles and says which passages they are cut into."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from index.article import Article
from index.passage import Passage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT, url TEXT, author TEXT,
    published TEXT, updated TEXT, place TEXT, language TEXT, origin TEXT, published_day INTEGER,
    state TEXT NOT NULL CHECK (state IN ('adding', 'ready', 'removing'))
);
CREATE INDEX IF NOT EXISTS articles_by_url ON articles (url);
CREATE TABLE IF NOT EXISTS origins (origin TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles);
CREATE INDEX IF NOT EXISTS origins_by_article ON origins (article_id);
CREATE TABLE IF NOT EXISTS passages (
    id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles,
    starts INTEGER NOT NULL, ends INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_article ON passages (article_id);
"""
_LATER_COLUMNS = {
    "section": "TEXT",
    "pages": "TEXT NOT NULL DEFAULT '[]'",
    "language_detected": "INTEGER NOT NULL DEFAULT 0",
}
"""Columns of `articles` that the first catalogues lack; they are added to them."""
_COLUMNS = (
    *("id", "title", "text", "source", "url", "author", "published", "updated", "place", "language", "origin"),
    *("published_day", "state", *_LATER_COLUMNS),
)
_ADD_ARTICLE = (
    f"INSERT OR REPLACE INTO articles ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"  # noqa: S608
)


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


class Catalog:
    """Articles, passages and the state of each, in one SQLite file in write-ahead mode.

    An article is `adding` until its passages are in every index, then `ready`; `removing` until they are out of
    every index, then gone. Only `ready` ones are seen. `generation` grows by one with every change that can be seen,
    so that other processes know when to look again.

    Args:
        file: The database file; made when missing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []

    @property
    def _db(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._file, timeout=30, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_SCHEMA)
            _add_later_columns(connection)
            self._local.connection = connection
            self._all.append(connection)
        return connection

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._all:
            connection.close()
        self._all.clear()
        self._local = threading.local()

    # What the library was made with

    def meta(self, key: str) -> Any:
        """The recorded value of a key; None where there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row["value"]) if row else None

    def set_meta(self, key: str, value: Any) -> None:
        """Record a value (anything JSON can hold)."""
        with self._db as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    @property
    def generation(self) -> int:
        """Grows by one with every change that can be seen."""
        return int(self.meta("generation") or 0)

    # Reading

    def article(self, article_id: str) -> Article | None:
        """The article of this id, or None."""
        row = self._db.execute("SELECT * FROM articles WHERE id = ? AND state = 'ready'", (article_id,)).fetchone()
        return _article(row) if row else None

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
        rows = self._db.execute(
            "SELECT * FROM articles WHERE state = 'ready' ORDER BY published_day IS NULL, published DESC, title, id"
        )
        return [
            ArticleSummary(
                row["id"],
                row["title"],
                row["source"],
                row["url"],
                row["published"],
                row["place"],
                row["language"],
                row["section"],
                len(row["text"].split()),
            )
            for row in rows
        ]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of these ids that still exist, by id."""
        rows = self._db.execute(
            "SELECT p.id, p.article_id, p.starts, p.ends, a.text FROM passages p JOIN articles a ON a.id = p.article_id"
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

    def counts(self) -> tuple[int, int]:
        """How many articles and passages there are."""
        row = self._db.execute(
            "SELECT (SELECT count(*) FROM articles WHERE state = 'ready') AS articles, (SELECT count(*) FROM passages p"
            " JOIN articles a ON a.id = p.article_id WHERE a.state = 'ready') AS passages"
        ).fetchone()
        return int(row["articles"]), int(row["passages"])

    def passage_ids(self, article_ids: Iterable[str]) -> list[str]:
        """The ids of all passages of these articles, in whatever state."""
        return [
            row["id"]
            for article_id in article_ids
            for row in self._db.execute("SELECT id FROM passages WHERE article_id = ? ORDER BY id", (article_id,))
        ]

    def unfinished(self) -> list[str]:
        """Ids of articles whose adding or removing was interrupted."""
        return [row["id"] for row in self._db.execute("SELECT id FROM articles WHERE state <> 'ready' ORDER BY id")]

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

    # Writing: begin, then the indexes, then finish

    def begin_adding(self, items: Iterable[tuple[Article, Sequence[Passage]]]) -> None:
        """Write articles and passages down, not to be seen yet."""
        with self._db as db:
            for article, passages in items:
                db.execute(
                    _ADD_ARTICLE,
                    {
                        **asdict(article),
                        "id": article.id,
                        "published_day": article.published_day,
                        "pages": json.dumps(article.pages),
                        "state": "adding",
                    },
                )
                db.executemany(
                    "INSERT OR REPLACE INTO passages VALUES (?, ?, ?, ?)",
                    [(p.id, p.article_id, p.start, p.end) for p in passages],
                )

    def finish_adding(self, articles: Iterable[Article]) -> list[str]:
        """Show articles, and hide those with the same URL, in one step.

        Args:
            articles: Those being added, and those that are there already and were found again.

        Returns:
            The ids of the articles hidden, which are to be removed.
        """
        hidden: dict[str, None] = {}
        with self._db as db:
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
                    db.execute("INSERT OR IGNORE INTO origins VALUES (?, ?)", (article.origin, article.id))
            if shown or hidden:
                _next_generation(db)
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
        with self._db as db:
            owned: dict[str, set[str]] = {}
            for article_id in {article_id for _, article_id in claims}:
                rows = db.execute("SELECT origin FROM origins WHERE article_id = ?", (article_id,))
                owned[article_id] = {_file_of(row["origin"]) for row in rows}
            displaced: set[str] = set()
            for origin, article_id in claims:
                row = db.execute("SELECT article_id FROM origins WHERE origin = ?", (origin,)).fetchone()
                if row and _file_of(origin) not in owned[article_id]:
                    displaced.add(row["article_id"])
            db.executemany("INSERT OR REPLACE INTO origins VALUES (?, ?)", claims)
            gone = [
                article_id
                for article_id in sorted(displaced)
                if not db.execute("SELECT 1 FROM origins WHERE article_id = ? LIMIT 1", (article_id,)).fetchone()
            ]
            if gone:
                _hide(db, gone)
                _next_generation(db)
            return gone

    def begin_removing(self, article_ids: Iterable[str]) -> None:
        """Hide articles."""
        with self._db as db:
            _hide(db, article_ids)
            _next_generation(db)

    def finish_removing(self, article_ids: Iterable[str]) -> None:
        """Delete articles and their passages."""
        with self._db as db:
            for article_id in article_ids:
                db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
                db.execute("DELETE FROM origins WHERE article_id = ?", (article_id,))
                db.execute("DELETE FROM articles WHERE id = ?", (article_id,))


def _next_generation(db: sqlite3.Connection) -> None:
    row = db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    db.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (str(int(row["value"] if row else 0) + 1),))


def _hide(db: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    db.executemany("UPDATE articles SET state = 'removing' WHERE id = ?", [(i,) for i in article_ids])


def _add_later_columns(db: sqlite3.Connection) -> None:
    """Bring a catalogue that an earlier version made up to date; what it holds stays as it is."""
    if _missing_columns(db):
        with db:
            db.execute("BEGIN IMMEDIATE")  # another process may be doing the same
            for name in _missing_columns(db):
                db.execute(f"ALTER TABLE articles ADD COLUMN {name} {_LATER_COLUMNS[name]}")


def _missing_columns(db: sqlite3.Connection) -> list[str]:
    there = {row["name"] for row in db.execute("PRAGMA table_info(articles)")}
    return [name for name in _LATER_COLUMNS if name not in there]


def _article(row: sqlite3.Row) -> Article:
    values = {field.name: row[field.name] for field in fields(Article)}
    values |= {"pages": tuple(json.loads(row["pages"])), "language_detected": bool(row["language_detected"])}
    return Article(**values)


def _file_of(origin: str) -> str:
    """The file, or the entry of an archive, that an origin lies in."""
    return origin.rpartition("#")[0]
