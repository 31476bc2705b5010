"""The passages and their vectors as the catalogue holds them, and which indexes are searched."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from index.article import Article
from index.database import Database
from index.meta import meta, next_generation, set_meta
from index.passage import Passage
from index.rows import article_of, insert_passages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LARGEST = 2**62
_CHUNK = 10_000


@dataclass(frozen=True)
class Indexes:
    """Which indexes the library is searched by: the one row that a swap changes.

    Attributes:
        build: The number of the splitting and encoding in use; grows by one with every reindexing.
        vectors: Name of the sealed collection (see `index.vectors`); None before there is one.
        sealed: How many vectors it holds.
        sealed_to: The last passage number that was given to it.
        words: Name of the word index.
    """

    build: int
    vectors: str | None
    sealed: int
    sealed_to: int
    words: str


class StoredPassage(NamedTuple):
    """A passage with what its indexes need to know.

    `number` grows with every passage written down; `vector` holds the bytes of little-endian float32 numbers.
    """

    number: int
    passage: Passage
    article: Article
    vector: bytes


class StoredVector(NamedTuple):
    """A vector with what a search may be limited to; see `StoredPassage` and `Article`."""

    number: int
    passage_id: str
    article_id: str
    source: str | None
    published_day: int | None
    vector: bytes


class Builds:
    """Passages and vectors, in builds: one splitting and encoding of all articles each.

    One build is in use; another exists while the library is being reindexed.

    Args:
        database: The catalogue's file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def _db(self) -> sqlite3.Connection:
        return self._database.connection

    @property
    def generation(self) -> int:
        """Grows by one with every change that can be seen."""
        return int(meta(self._db, "generation"))

    def indexes(self) -> Indexes:
        """What the library is searched by now."""
        return Indexes(*self._db.execute("SELECT build, vectors, sealed, sealed_to, words FROM indexes").fetchone())

    def swap(self, indexes: Indexes, made_with: Any = None) -> None:
        """Search by these indexes from now on, in one step; made with these settings, where they are others."""
        with self._database.changing() as db:
            if indexes.vectors != self.indexes().vectors:
                db.execute("DELETE FROM dead_vectors")
            db.execute(
                "UPDATE indexes SET build = ?, vectors = ?, sealed = ?, sealed_to = ?, words = ?", astuple(indexes)
            )
            if made_with is not None:
                set_meta(db, "made_with", made_with)
            next_generation(db)

    # Reading

    def vectors(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The vectors of those of these passages that are to be seen, by passage id; see `StoredPassage`."""
        rows = self._db.execute(
            "SELECT p.id, p.vector FROM current_passages p JOIN articles a ON a.id = p.article_id"
            " WHERE a.state = 'ready' AND p.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {row["id"]: row["vector"] for row in rows}

    def numbers(self, build: int) -> dict[str, int]:
        """The numbers of the passages of a build that are to be seen, by passage id, in their order."""
        rows = self._db.execute(
            "SELECT p.id, p.number FROM passages p JOIN articles a ON a.id = p.article_id"
            " WHERE p.build = ? AND a.state = 'ready' ORDER BY p.number",
            (build,),
        )
        return {row["id"]: row["number"] for row in rows}

    def stored(self, build: int, behind: int = 0, to: int = _LARGEST) -> Iterator[StoredPassage]:
        """Passages of a build that are to be seen, in the order of their numbers.

        Args:
            build: Which build.
            behind: Only those with a greater number.
            to: Only those up to this number.
        """
        rows = self._db.execute(
            "SELECT p.* FROM passages p CROSS JOIN articles a ON a.id = p.article_id"
            " WHERE p.build = ? AND p.number > ? AND p.number <= ? AND a.state = 'ready' ORDER BY p.number",
            (build, behind, to),
        )
        for article_id, its_rows in groupby(rows, key=itemgetter("article_id")):
            # Once for all its passages: a long one has thousands.
            found = self._db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
            article = article_of(found)
            for row in its_rows:
                start, end = row["starts"], row["ends"]
                passage = Passage(row["id"], article_id, article.text[start:end], start, end)
                yield StoredPassage(row["number"], passage, article, row["vector"])

    def recent(self, build: int, behind: int) -> Iterator[StoredVector]:
        """The vectors of a build with numbers greater than `behind`, in their order, whatever the article's state."""
        rows = self._db.execute(
            "SELECT p.number, p.id, p.article_id, a.source, a.published_day, p.vector FROM passages p"
            " CROSS JOIN articles a ON a.id = p.article_id WHERE p.number > ? AND p.build = ? ORDER BY p.number",
            (behind, build),
        )
        return (StoredVector(*row) for row in rows)

    def count(self, build: int = 0, behind: int = 0, to: int = _LARGEST) -> int:
        """How many passages there are (see `stored`; of build 0: the one in use)."""
        row = self._db.execute(
            "SELECT count(*) FROM passages p JOIN articles a ON a.id = p.article_id"
            " WHERE a.state = 'ready' AND p.build = ? AND p.number > ? AND p.number <= ?",
            (build or self.indexes().build, behind, to),
        ).fetchone()
        return int(row[0])

    def spans(self, article_id: str, build: int) -> set[tuple[str, int, int]]:
        """Id, start and end of each passage of an article."""
        rows = self._db.execute(
            "SELECT id, starts, ends FROM passages WHERE article_id = ? AND build = ?", (article_id, build)
        )
        return {(row["id"], row["starts"], row["ends"]) for row in rows}

    def last_number(self) -> int:
        """The greatest passage number."""
        return int(self._db.execute("SELECT coalesce(max(number), 0) FROM passages").fetchone()[0])

    def settled_to(self) -> int:
        """The greatest passage number up to which every passage belongs to an article that is not being added."""
        row = self._db.execute(
            "SELECT min(p.number) FROM articles a JOIN passages p ON p.article_id = a.id WHERE a.state = 'adding'"
        ).fetchone()
        return self.last_number() if row[0] is None else int(row[0]) - 1

    def count_dead(self) -> int:
        """How many `dead` vectors there are."""
        return int(self._db.execute("SELECT count(*) FROM dead_vectors").fetchone()[0])

    def dead(self) -> list[str]:
        """Ids of removed passages whose vectors are still in the sealed collection, where nobody sees them."""
        return [row["passage_id"] for row in self._db.execute("SELECT passage_id FROM dead_vectors ORDER BY 1")]

    # Builds beside the one in use

    def missing(self, build: int) -> list[str]:
        """Ids of the articles that have no passages in a build."""
        rows = self._db.execute(
            "SELECT id FROM articles a WHERE state = 'ready'"
            " AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.article_id = a.id AND p.build = ?) ORDER BY id",
            (build,),
        )
        return [row["id"] for row in rows]

    def add(self, build: int, passages: Sequence[Passage], vectors: "NDArray[np.float32]") -> None:
        """Write passages of articles that are there into a build, with their unit vectors `[passages, dimension]`."""
        with self._database.changing() as db:
            insert_passages(db, build, passages, vectors)

    def discard(self, article_ids: Iterable[str]) -> None:
        """Delete the passages of articles from every build."""
        with self._database.changing() as db:
            db.executemany("DELETE FROM passages WHERE article_id = ?", [(i,) for i in article_ids])
            next_generation(db)

    def forget_others(self, keep: int = 0) -> None:
        """Delete the passages of all builds but the one in use and this one."""
        builds = self.indexes().build, keep
        # Little by little, so that the write-ahead log stays small.
        while self._db.execute("SELECT 1 FROM passages WHERE build NOT IN (?, ?) LIMIT 1", builds).fetchone():
            with self._database.changing() as db:
                db.execute(
                    "DELETE FROM passages WHERE number IN"
                    " (SELECT number FROM passages WHERE build NOT IN (?, ?) LIMIT ?)",
                    (*builds, _CHUNK),
                )
