import sqlite3
from pathlib import Path

from index.article import Article
from index.catalog import Catalog

FIRST_SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT, url TEXT, author TEXT,
    published TEXT, updated TEXT, place TEXT, language TEXT, origin TEXT, published_day INTEGER,
    state TEXT NOT NULL CHECK (state IN ('adding', 'ready', 'removing'))
);
"""
OLD = Article("Ferris bridge to close", "The bridge will close.", source="Tollen Post", published="2025-02-20")
PAGED = Article(
    "River report",
    "One page.\n\nAnother page.",
    section="Local",
    pages=(0, 11),
    language="en",
    language_detected=True,
)


def test_a_catalogue_of_the_first_version_is_brought_up_to_date_and_keeps_its_articles(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    with sqlite3.connect(file) as db:
        db.executescript(FIRST_SCHEMA)
        values = (OLD.id, OLD.title, OLD.text, OLD.source, None, None, OLD.published, None, None, None, None, 20250220)
        db.execute(f"INSERT INTO articles VALUES ({'?, ' * len(values)}'ready')", values)  # noqa: S608
    db.close()
    catalog = Catalog(file)
    stored = catalog.article(OLD.id)
    assert stored == OLD
    assert stored.id == OLD.id
    catalog.begin_adding([(PAGED, [])])
    catalog.finish_adding([PAGED])
    assert {summary.section for summary in catalog.summaries()} == {None, "Local"}
    catalog.close()


def test_every_field_of_an_article_is_stored(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    catalog.begin_adding([(PAGED, [])])
    catalog.finish_adding([PAGED])
    stored = catalog.article(PAGED.id)
    assert stored == PAGED
    assert stored.language_detected
    catalog.close()
