"""Which articles of a library are copies of each other: found while adding, and written down in the catalogue.

All of this is made from the articles' texts, and made anew where it is missing or was made in another way. Each
function works in a transaction that is open, so that links come and go with their articles.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from struct import iter_unpack, pack

from index.copies import SCHEME, Print, sketch, which_are_copies
from index.meta import meta, set_meta

SCHEMA = """
CREATE TABLE sketches (
    number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, keys BLOB NOT NULL, print BLOB NOT NULL
);
CREATE TABLE sentence_keys (
    key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number)
) WITHOUT ROWID;
CREATE TABLE copies (
    article_id TEXT NOT NULL, copy_id TEXT NOT NULL, PRIMARY KEY (article_id, copy_id)
) WITHOUT ROWID;
"""
_SCHEME = "copies"
"""Under which key the catalogue records by which scheme the links were made."""
_CROWD = 100
"""Articles remembered of one sentence: the paragraph that a paper puts under everything leads nowhere beyond."""
_LEAST_COMMON = 0.15
"""Share of the shorter text's keys that a copy has at least; in the benchmark two in 1,000 have less."""
_COMPARED = 200
"""Articles that one is compared with at the most, those with most keys in common first."""
_CANDIDATES = """
WITH near AS (
    SELECT number, count(*) AS common FROM sentence_keys
    WHERE key IN (SELECT value FROM json_each(:keys)) GROUP BY number
), nearest AS (
    SELECT number FROM near JOIN sketches s USING (number)
    WHERE common >= :least * min(length(s.keys) / 8, :size) ORDER BY common DESC, s.article_id LIMIT :most
)
SELECT s.article_id, s.print FROM nearest JOIN sketches s USING (number)
"""
_REMEMBER = """
INSERT INTO sentence_keys SELECT value, :number FROM json_each(:keys)
WHERE (SELECT count(*) FROM sentence_keys WHERE key = value) < :crowd
"""

COPY_OF = """
(SELECT o.id FROM copies c JOIN articles o ON o.id = c.copy_id
 WHERE c.article_id = a.id AND o.state = 'ready'
 AND (coalesce(o.published, '~'), o.id) < (coalesce(a.published, '~'), a.id) -- those without a date come last
 ORDER BY coalesce(o.published, '~'), o.id LIMIT 1)
"""
"""In a query of articles `a`: the id of the copy published first, ties by id; null where that is `a` itself."""


def link(db: sqlite3.Connection, article_id: str, text: str) -> None:
    """Find what an article is a copy of, and have it found by those that come later; again changes nothing."""
    unlink(db, [article_id])
    keys, printed = sketch(text), Print.of(text)
    listed = json.dumps(keys)
    candidates = db.execute(
        _CANDIDATES,
        {"keys": listed, "least": _LEAST_COMMON, "size": len(keys), "most": _COMPARED},
    ).fetchall()
    found = [candidates[place][0] for place in which_are_copies(printed, [stored for _, stored in candidates])]
    both = [pair for other_id in found for pair in ((article_id, other_id), (other_id, article_id))]
    db.executemany("INSERT INTO copies VALUES (?, ?)", both)
    number = db.execute(
        "INSERT INTO sketches (article_id, keys, print) VALUES (?, ?, ?)",
        (article_id, pack(f"<{len(keys)}q", *keys), printed.to_bytes()),
    ).lastrowid
    db.execute(_REMEMBER, {"keys": listed, "number": number, "crowd": _CROWD})


def unlink(db: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    """Forget articles; unknown ones are passed over."""
    for article_id in article_ids:
        row = db.execute("SELECT number, keys FROM sketches WHERE article_id = ?", (article_id,)).fetchone()
        if row is None:
            continue
        number, keys = row
        db.executemany(
            "DELETE FROM sentence_keys WHERE key = ? AND number = ?",
            [(key, number) for (key,) in iter_unpack("<q", keys)],
        )
        db.execute("DELETE FROM sketches WHERE number = ?", (number,))
        others = [other for (other,) in db.execute("SELECT copy_id FROM copies WHERE article_id = ?", (article_id,))]
        db.execute("DELETE FROM copies WHERE article_id = ?", (article_id,))
        db.executemany(
            "DELETE FROM copies WHERE article_id = ? AND copy_id = ?", [(other, article_id) for other in others]
        )


def are_made(db: sqlite3.Connection) -> bool:
    """Whether every article is linked, and in the way that this module does."""
    (articles, sketches) = db.execute(
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM sketches)"
    ).fetchone()
    return bool(meta(db, _SCHEME) == SCHEME and articles == sketches)


def link_anew(db: sqlite3.Connection) -> int:
    """Make all links again, in a transaction that is open, and the tables too: other schemes have others.

    Returns:
        How many articles there are.
    """
    set_meta(db, _SCHEME, SCHEME)  # begins the transaction, which Python does not do for a change of tables
    for table in ("copies", "sentence_keys", "sketches"):
        db.execute(f"DROP TABLE {table}")
    for statement in SCHEMA.split(";\n"):
        db.execute(statement)
    ids = [row[0] for row in db.execute("SELECT id FROM articles ORDER BY id")]
    for article_id in ids:
        (text,) = db.execute("SELECT text FROM articles WHERE id = ?", (article_id,)).fetchone()
        link(db, article_id, text)
    return len(ids)


def wrong(db: sqlite3.Connection) -> Iterator[str]:
    """What is wrong with the links, a line for each; mostly none."""
    is_empty = not db.execute("SELECT EXISTS (SELECT 1 FROM articles)").fetchone()[0]
    if not is_empty and not are_made(db):  # whoever writes first records how links are made
        yield "not every article was compared with the others"
    lone = (
        "SELECT count(*) FROM copies c LEFT JOIN copies d ON d.article_id = c.copy_id AND d.copy_id = c.article_id"
        " WHERE d.copy_id IS NULL"
    )
    if found := db.execute(lone).fetchone()[0]:
        yield f"{found} articles are copies of one that is none of theirs"
    gone = "SELECT count(*) FROM copies WHERE article_id NOT IN (SELECT id FROM articles)"
    if found := db.execute(gone).fetchone()[0]:
        yield f"{found} copies are of articles that are gone"


def copies_among(db: sqlite3.Connection, article_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Which of these articles are copies of which others of them, by id; those without one are left out."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows = db.execute(
        "WITH these AS (SELECT value AS id FROM json_each(?)) SELECT article_id, copy_id FROM copies"
        " WHERE article_id IN these AND copy_id IN these",
        (json.dumps(list(article_ids)),),
    )
    for article_id, copy_id in rows:
        found[article_id].add(copy_id)
    return {article_id: frozenset(others) for article_id, others in found.items()}
