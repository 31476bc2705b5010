"""What the catalogue records of the library as a whole, by key."""

import json
import sqlite3
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
