"""A library as it is at one moment, however long the reading takes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from index.archive import Place, Vector
from index.article import Article
from index.database import Database
from index.rows import article_of
from index.schema import FORMAT, SCHEMA


class Snapshot:
    """What a library's catalogue holds, read in one transaction of a connection of its own.

    Args:
        folder: The library.
    """

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder / "catalog.sqlite", SCHEMA, FORMAT)

    def __enter__(self) -> Self:
        """Begin."""
        self._db = self._database.connection
        self._db.execute("BEGIN")
        self.count = int(self._db.execute("SELECT count(*) FROM articles WHERE state = 'ready'").fetchone()[0])
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._database.close()

    def count_passages(self) -> int:
        """How many passages the articles are cut into."""
        rows = self._db.execute(
            "SELECT count(*) FROM current_passages p JOIN articles a ON a.id = p.article_id WHERE a.state = 'ready'"
        )
        return int(rows.fetchone()[0])

    def ids(self) -> Iterator[str]:
        """The ids of the articles, sorted."""
        for row in self._db.execute("SELECT id FROM articles WHERE state = 'ready' ORDER BY id"):
            yield row["id"]

    def articles(self) -> Iterator[Article]:
        """The articles, in the order of their ids."""
        for row in self._db.execute("SELECT * FROM articles WHERE state = 'ready' ORDER BY id"):
            yield article_of(row)

    def vectors(self, article_id: str) -> Iterator[Vector]:
        """The passages of an article with their vectors, in order."""
        import numpy as np

        rows = self._db.execute(
            "SELECT starts, ends, vector FROM current_passages WHERE article_id = ? ORDER BY starts, ends",
            (article_id,),
        )
        for row in rows:
            yield Vector(row["starts"], row["ends"], np.frombuffer(row["vector"], "<f4"))

    def places(self) -> Iterator[Place]:
        """Where the articles were read, sorted."""
        rows = self._db.execute(
            "SELECT o.origin, o.article_id FROM origins o JOIN articles a ON a.id = o.article_id"
            " WHERE a.state = 'ready' ORDER BY o.origin"
        )
        for row in rows:
            yield Place(row["origin"], row["article_id"])
