"""API keys and the sessions of those who logged in with one; kept in the library's folder, only as hashes."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.access.scopes import Scope
from index.database import Database
from index.errors import UnknownKeyError

SESSION = timedelta(days=7)
"""How long a login lasts."""
_PREFIX = "dl"

_SCHEMA = """
CREATE TABLE keys (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, rate TEXT,
    created TEXT NOT NULL, expires TEXT, revoked TEXT
);
CREATE TABLE sessions (hash TEXT PRIMARY KEY, key_id TEXT NOT NULL REFERENCES keys, expires TEXT NOT NULL)
"""
_VALID = "revoked IS NULL AND (keys.expires IS NULL OR keys.expires > :now)"


@dataclass(frozen=True)
class Key:
    """A key, without its secret.

    Attributes:
        id: Its first part, by which it is named.
        name: Whose it is, or what for.
        scopes: What it may do.
        rate: How often, as `60/minute;5000/day`; None for the server's own rate.
        created: When it was made (ISO 8601).
        expires: When it stops being valid; None for never.
        revoked: When it was revoked; None where it was not.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    rate: str | None
    created: str
    expires: str | None
    revoked: str | None


class KeyStore:
    """The keys of a library.

    A key has 256 random bits, so that a plain SHA-256 hides it: nothing can be guessed from the hash.

    Args:
        folder: The library's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "keys.sqlite"
        self._database = Database(self._file, _SCHEMA, 1)

    def any(self) -> bool:
        """Whether there is a key, or ever was one: who revokes the last key does not open the server."""
        return self._file.exists() and (
            self._database.connection.execute("SELECT 1 FROM keys LIMIT 1").fetchone() is not None
        )

    def create(
        self, name: str, scopes: Iterable[Scope], rate: str | None = None, expires_in: timedelta | None = None
    ) -> tuple[Key, str]:
        """Make a key.

        Returns:
            The key, and its secret, which is nowhere else from now on.

        Raises:
            ReadOnlyError: The folder cannot be written.
        """
        if not self._file.exists():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        identity = secrets.token_hex(4)
        secret = f"{_PREFIX}_{identity}_{secrets.token_urlsafe(32)}"
        expires = _at(datetime.now(UTC) + expires_in) if expires_in else None
        key = Key(identity, name, frozenset(scopes), rate, _now(), expires, None)
        with self._database.changing() as db:
            db.execute(
                "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                (key.id, _hash(secret), name, " ".join(sorted(key.scopes)), rate, key.created, expires),
            )
        return key, secret

    def find(self, secret: str) -> Key | None:
        """The valid key with this secret, or None."""
        return self._one(f"SELECT * FROM keys WHERE hash = :hash AND {_VALID}", secret)  # noqa: S608

    def all(self) -> list[Key]:
        """All keys, the newest first, revoked ones too."""
        if not self._file.exists():
            return []
        return [_key(row) for row in self._database.connection.execute("SELECT * FROM keys ORDER BY created DESC, id")]

    def revoke(self, key_id: str) -> None:
        """Make a key, and every login with it, invalid at once.

        Raises:
            UnknownKeyError: There is none of this id.
        """
        if key_id not in {key.id for key in self.all()}:
            raise UnknownKeyError(f"There is no key {key_id!r}. List them: dateline key list")
        with self._database.changing() as db:
            db.execute("UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", (_now(), key_id))
            db.execute("DELETE FROM sessions WHERE key_id = ?", (key_id,))

    def log_in(self, key: Key) -> str:
        """Begin a session; returns its secret."""
        secret = secrets.token_urlsafe(32)
        with self._database.changing() as db:
            db.execute("DELETE FROM sessions WHERE expires <= ?", (_now(),))
            ends = _at(datetime.now(UTC) + SESSION)
            db.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_hash(secret), key.id, ends))
        return secret

    def log_out(self, session: str) -> None:
        """End a session."""
        with self._database.changing() as db:
            db.execute("DELETE FROM sessions WHERE hash = ?", (_hash(session),))

    def of_session(self, session: str) -> Key | None:
        """The valid key that a session was begun with, or None."""
        return self._one(
            "SELECT keys.* FROM sessions JOIN keys ON keys.id = key_id"  # noqa: S608
            f" WHERE sessions.hash = :hash AND sessions.expires > :now AND {_VALID}",
            session,
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _one(self, query: str, secret: str) -> Key | None:
        if not self._file.exists():
            return None
        row = self._database.connection.execute(query, {"hash": _hash(secret), "now": _now()}).fetchone()
        return _key(row) if row else None


def _key(row: "dict[str, str | None]") -> Key:
    scopes = frozenset(Scope(name) for name in str(row["scopes"]).split())
    return Key(
        str(row["id"]), str(row["name"]), scopes, row["rate"], str(row["created"]), row["expires"], row["revoked"]
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return _at(datetime.now(UTC))


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
