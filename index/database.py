"""One SQLite file in write-ahead mode, with a connection for each thread."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import W_OK, access
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from index.errors import LibraryMismatchError, ReadOnlyError

_CACHE = "PRAGMA cache_size = -16000"
"""KiB of pages that a writing connection keeps; of SQLite's own 2,000 most are read again for each article."""


class Database:
    """A file that several threads and processes read while one writes.

    What a transaction has committed is on the disk (`synchronous = FULL`), and what is deleted is overwritten
    (`secure_delete`).

    Args:
        file: The database file; made when missing.
        schema: Statements that make its tables where they are missing.
        version: The number of the schema; a file of another is refused.

    Raises:
        LibraryMismatchError: When first used: it was made by another version of Dateline.
    """

    def __init__(self, file: Path, schema: str, version: int) -> None:
        self._file = file
        self._schema = schema
        self._version = version
        self._local = threading.local()
        self._copy: TemporaryDirectory[str] | None = None
        self._opening = threading.Lock()

    @property
    def read_only(self) -> bool:
        """Whether the file lies where nothing can be written."""
        return not access(self._file if self._file.exists() else self._file.parent, W_OK) or not access(
            self._file.parent, W_OK
        )

    def require_writable(self) -> None:
        """Make sure that the file can be changed.

        Raises:
            ReadOnlyError: It cannot.
        """
        if self.read_only:
            raise ReadOnlyError(
                f"The library {self._file.parent} cannot be written (read-only disk, or no permission). It can be "
                "searched; to change it, copy it elsewhere or make it writable."
            )

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self._opening:
                connection = self._open_read_only() if self.read_only else self._open()
            self._local.connection = connection
        return connection

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing.

        Raises:
            ReadOnlyError: The file cannot be written.
        """
        self.require_writable()
        with self.connection as connection:
            connection.execute(_CACHE)
            yield connection

    def wipe(self) -> bool:
        """Write the file anew, so that nothing deleted is left in it or in its write-ahead log.

        Returns:
            Whether the log could be emptied too; not while another process is in the middle of reading.
        """
        self.connection.execute("VACUUM")
        busy, _, _ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def check(self) -> str:
        """What SQLite says of the file's own integrity; `ok` where nothing is wrong."""
        return str(self.connection.execute("PRAGMA integrity_check(5)").fetchone()[0])

    def close(self) -> None:
        """Close every thread's connection, at once or as soon as that thread is done with it.

        To close one while another thread is in the middle of a statement would corrupt the memory of the process.
        """
        self._local = threading.local()
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    def _open(self) -> sqlite3.Connection:
        connection = self._connect(str(self._file))
        if self._made_by(connection) != self._version:
            connection.execute("PRAGMA journal_mode = WAL")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                if self._made_by(connection) == 0:  # no other process was quicker
                    for statement in self._schema.split(";\n"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {self._version}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    def _open_read_only(self) -> sqlite3.Connection:
        """Open a file beside which SQLite cannot put its own files."""
        with suppress(sqlite3.OperationalError):
            connection = self._connect(f"file:{quote(str(self._file))}?mode=ro")
            self._made_by(connection)
            return connection
        log = self._file.with_name(f"{self._file.name}-wal")
        if not log.exists() or not log.stat().st_size:
            connection = self._connect(f"file:{quote(str(self._file))}?immutable=1")
        else:  # what is in the log is only read by an SQLite that may write beside it
            if self._copy is None:
                self._copy = TemporaryDirectory(prefix="dateline-")
                shutil.copy(self._file, self._copy.name)
                shutil.copy(log, self._copy.name)
            connection = self._connect(str(Path(self._copy.name, self._file.name)))
        self._made_by(connection)
        return connection

    @staticmethod
    def _connect(name: str) -> sqlite3.Connection:
        connection = sqlite3.connect(name, timeout=30, check_same_thread=False, uri=name.startswith("file:"))
        connection.row_factory = sqlite3.Row
        return connection

    def _made_by(self, connection: sqlite3.Connection) -> int:
        """The number of the schema that the file was made with; 0 for a new file."""
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version != self._version and (version or tables):
            raise LibraryMismatchError(
                f"The library {self._file.parent} was made by another version of Dateline (format {version}, this one "
                f"has {self._version}). Nothing was changed. Index the articles again into a new library: "
                "dateline --library NEW_FOLDER add PATH…"
            )
        return int(version)
