"""What each file held when it was last read, so that a file that has not changed is not opened again."""

import json
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from index.database import Database

_GRANULARITY_NS = 2_000_000_000
"""The coarsest clock of a file system in use: FAT counts in steps of two seconds."""


@dataclass(frozen=True)
class FileState:
    """What tells without opening it that a file is as it was.

    The time of change (`ctime`) cannot be set by hand, so that a file put back with its old time of modification shows.

    Attributes:
        size: Bytes.
        mtime_ns: When its content was last written, in nanoseconds.
        ctime_ns: When it, its name or its rights were last changed.
        inode: Device and number of the file on it.
        seen_ns: When we looked. Not compared.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: str
    seen_ns: int

    @classmethod
    def of(cls, path: str) -> "FileState":
        """Look at a file.

        Raises:
            OSError: It is not there, or closed to us.
        """
        import time

        now = time.time_ns()  # before looking: a change behind it must not seem older than this
        seen = os.stat(path)
        return cls(seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, f"{seen.st_dev}:{seen.st_ino}", now)

    @property
    def last_change_ns(self) -> int:
        """When anything about it last changed."""
        return max(self.mtime_ns, self.ctime_ns)

    def is_that_of(self, other: "FileState") -> bool:
        """Whether two looks saw the same."""
        return (self.size, self.mtime_ns, self.ctime_ns, self.inode) == (
            other.size,
            other.mtime_ns,
            other.ctime_ns,
            other.inode,
        )

    @property
    def can_be_trusted(self) -> bool:
        """Whether a change since would show: not where it was looked at in the same tick of the clock as changed."""
        return self.last_change_ns + _GRANULARITY_NS <= self.seen_ns


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a file holds it.

    Attributes:
        origin: Its place in the file, as in `Article.origin`.
        article_id: Which article it is.
        url: Its address; of several articles with the same address the library keeps the newest.
        changed: When it was last updated or published (ISO 8601), or "".
        kept: Whether it is what the file held before, which now cannot be read.
    """

    origin: str
    article_id: str
    url: str | None
    changed: str
    kept: bool = False


@dataclass(frozen=True)
class Reading:
    """What a file held when it was read.

    Attributes:
        path: The file, absolute.
        state: How it looked.
        sha256: Hash of its bytes; "" where they could not be read.
        reader: What read it, and within which limits.
        entries: Its articles, in order.
        failures: Path and reason of what could not be read.
    """

    path: str
    state: FileState
    sha256: str
    reader: str
    entries: tuple[Entry, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()


class Readings:
    """The readings of a library's files, and the places its articles were read from, in the catalogue.

    Args:
        database: The catalogue's file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, paths: Iterable[str]) -> dict[str, Reading]:
        """The readings of these files, by path; files never read are left out."""
        rows = self._database.connection.execute(
            "SELECT * FROM files WHERE path IN (SELECT value FROM json_each(?))", (json.dumps(list(paths)),)
        )
        return {row["path"]: _reading(row) for row in rows}

    def under(self, folder: str) -> dict[str, Reading]:
        """The readings of all files under a folder, by path."""
        rows = self._database.connection.execute("SELECT * FROM files WHERE path >= ? AND path < ?", _bounds(folder))
        return {row["path"]: _reading(row) for row in rows}

    def record(self, readings: Iterable[Reading]) -> None:
        """Remember readings in place of what was remembered of these files."""
        with self._database.changing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        reading.path,
                        reading.state.size,
                        reading.state.mtime_ns,
                        reading.state.ctime_ns,
                        reading.state.inode,
                        reading.state.seen_ns,
                        reading.sha256,
                        reading.reader,
                        json.dumps([_plain(entry) for entry in reading.entries]),
                        json.dumps(reading.failures),
                    )
                    for reading in readings
                ],
            )

    def forget(self, paths: Iterable[str]) -> None:
        """Remember nothing of these files."""
        with self._database.changing() as db:
            db.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])

    def places_under(self, folder: str) -> set[tuple[str, str]]:
        """Pairs of origin and article id of all articles that were ever read from files under a folder."""
        bounds = _bounds(folder)
        rows = self._database.connection.execute(
            "SELECT o.origin, o.article_id AS id FROM origins o JOIN articles a ON a.id = o.article_id"
            " WHERE o.origin >= ? AND o.origin < ? AND a.state = 'ready'"
            " UNION SELECT origin, id FROM articles WHERE origin >= ? AND origin < ? AND state = 'ready'",
            bounds * 2,
        )
        return {(row["origin"], row["id"]) for row in rows}

    def held_elsewhere(self, article_ids: Iterable[str], folder: str) -> set[str]:
        """Those of these articles that came from elsewhere too: from a file outside the folder, or from no file."""
        begin, end = _bounds(folder)
        rows = self._database.connection.execute(
            "SELECT a.id FROM articles a WHERE a.id IN (SELECT value FROM json_each(?)) AND (a.origin IS NULL OR EXISTS"
            " (SELECT 1 FROM origins o WHERE o.article_id = a.id AND NOT (o.origin >= ? AND o.origin < ?)))",
            (json.dumps(list(article_ids)), begin, end),
        )
        return {row["id"] for row in rows}

    def owners(self, origins: Iterable[str]) -> dict[str, str]:
        """The article that is known to be at each of these origins, where there is one."""
        rows = self._database.connection.execute(
            "SELECT origin, article_id FROM origins WHERE origin IN (SELECT value FROM json_each(?))",
            (json.dumps(list(origins)),),
        )
        return {row["origin"]: row["article_id"] for row in rows}

    def place(self, places: Iterable[tuple[str, str]]) -> None:
        """Remember that articles, those that are there, were read from origins where nothing else is known to be."""
        with self._database.changing() as db:
            db.executemany(
                "INSERT OR IGNORE INTO origins SELECT ?, id FROM articles WHERE id = ? AND state = 'ready'", places
            )

    def leave(self, places: Iterable[tuple[str, str]]) -> None:
        """Forget that articles stand where they no longer do; pairs of origin and article id."""
        places = list(places)
        with self._database.changing() as db:
            db.executemany("DELETE FROM origins WHERE origin = ? AND article_id = ?", places)
            # The origin that an article shows is one that it still has.
            db.execute(
                "UPDATE articles SET origin = (SELECT min(o.origin) FROM origins o WHERE o.article_id = articles.id)"
                " WHERE id IN (SELECT value FROM json_each(?)) AND origin IS NOT NULL"
                " AND EXISTS (SELECT 1 FROM origins o WHERE o.article_id = articles.id)"
                " AND NOT EXISTS (SELECT 1 FROM origins o WHERE o.origin = articles.origin"
                " AND o.article_id = articles.id)",
                (json.dumps([article_id for _, article_id in places]),),
            )

    def id_of_url(self, url: str) -> str | None:
        """The article with this address, if there is one."""
        row = self._database.connection.execute(
            "SELECT id FROM articles WHERE url = ? AND state = 'ready'", (url,)
        ).fetchone()
        return row["id"] if row else None


def _bounds(folder: str) -> tuple[str, str]:
    """The range of strings that begin with a folder's path and the separator behind it."""
    begin = folder if folder.endswith(os.sep) else folder + os.sep
    return begin, begin[:-1] + chr(ord(os.sep) + 1)


def _plain(entry: Entry) -> list[Any]:
    return [entry.origin, entry.article_id, entry.url, entry.changed, entry.kept]


def _reading(row: sqlite3.Row) -> Reading:
    return Reading(
        row["path"],
        FileState(row["size"], row["mtime_ns"], row["ctime_ns"], row["inode"], row["seen_ns"]),
        row["sha256"],
        row["reader"],
        tuple(Entry(*entry) for entry in json.loads(row["entries"])),
        tuple((path, reason) for path, reason in json.loads(row["failures"])),
    )
