"""The tables of the catalogue."""

from index import copy_links

FORMAT = 2
"""Number of this schema; a library of another is refused."""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO meta VALUES ('generation', '0');
INSERT INTO meta VALUES ('library_id', '"' || lower(hex(randomblob(8))) || '"');
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT, url TEXT, author TEXT,
    published TEXT, updated TEXT, place TEXT, language TEXT, origin TEXT, published_day INTEGER,
    section TEXT, pages TEXT NOT NULL, language_detected INTEGER NOT NULL,
    words INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('adding', 'ready', 'removing'))
);
CREATE INDEX articles_by_url ON articles (url);
CREATE INDEX articles_by_state ON articles (state, id);
CREATE TABLE origins (origin TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles);
CREATE INDEX origins_by_article ON origins (article_id);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, build INTEGER NOT NULL, id TEXT NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles, starts INTEGER NOT NULL, ends INTEGER NOT NULL,
    vector BLOB NOT NULL, UNIQUE (build, id)
);
CREATE INDEX passages_by_article ON passages (article_id, build);
CREATE TABLE indexes (
    build INTEGER NOT NULL, vectors TEXT, sealed INTEGER NOT NULL, sealed_to INTEGER NOT NULL, words TEXT NOT NULL
);
INSERT INTO indexes VALUES (1, NULL, 0, 0, 'words-1');
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
    inode TEXT NOT NULL, seen_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, reader TEXT NOT NULL,
    entries TEXT NOT NULL, failures TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE dead_vectors (passage_id TEXT PRIMARY KEY);
CREATE VIEW current_passages AS SELECT p.* FROM passages p WHERE p.build = (SELECT build FROM indexes)
"""
SCHEMA = copy_links.SCHEMA + _TABLES
