"""Rows of the catalogue: from articles and passages, and back."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from index.article import Article
from index.passage import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COLUMNS = (*(field.name for field in fields(Article)), "id", "published_day", "words")
_INSERT = (
    f"INSERT OR REPLACE INTO articles ({', '.join(_COLUMNS)}, state)"  # noqa: S608 - the columns above
    f" VALUES ({', '.join(':' + column for column in _COLUMNS)}, 'adding')"
)


def article_of(row: sqlite3.Row) -> Article:
    """The article of a row of the table."""
    values = {field.name: row[field.name] for field in fields(Article)}
    values |= {"pages": tuple(json.loads(row["pages"])), "language_detected": bool(row["language_detected"])}
    return Article(**values)


def insert_article(db: sqlite3.Connection, article: Article) -> None:
    """Write an article down as `adding`, in a transaction that is open."""
    values = {
        **asdict(article),
        "pages": json.dumps(article.pages),
        "id": article.id,
        "published_day": article.published_day,
        "words": len(article.text.split()),
    }
    db.execute(_INSERT, values)


def insert_passages(
    db: sqlite3.Connection, build: int, passages: Sequence[Passage], vectors: "Iterable[NDArray[np.float32]]"
) -> None:
    """Write passages into a build, each with its unit vector, in a transaction that is open."""
    db.executemany(
        "INSERT OR REPLACE INTO passages (build, id, article_id, starts, ends, vector) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (build, p.id, p.article_id, p.start, p.end, vector.astype("<f4").tobytes())
            for p, vector in zip(passages, vectors, strict=True)
        ],
    )
