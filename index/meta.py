"""What the catalogue records of the library as a whole, by key."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from typing import Any


def meta(db: sqlite3.Connection, key: str) -> Any:
    """The recorded value of a key; None where there is none."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return json.loads(row["value"]) if row else None


def set_meta(db: sqlite3.Connection, key: str, value: Any) -> None:
    """Record a value (anything JSON can hold), in a transaction that is open."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))


def next_generation(db: sqlite3.Connection) -> None:
    """Tell every reader to look again, in a transaction that is open."""
    db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")


def state_of(made_with: dict[str, Any], ids: Iterable[str]) -> str:
    """The state of a library's content and of how it is indexed: 16 hexadecimal digits.

    Args:
        made_with: Its embedding model and splitting.
        ids: The ids of its articles, sorted.
    """
    digest = hashlib.sha256(str(sorted(made_with.items())).encode())
    for article_id in ids:
        digest.update(f"\n{article_id}".encode())
    return digest.hexdigest()[:16]
