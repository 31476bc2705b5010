import sqlite3
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LibraryMismatchError
from index.library import Library
from tests.conftest import HashedEmbedder

PAGED = Article(
    "River report",
    "One page.\n\nAnother page.",
    section="Local",
    pages=(0, 11),
    language="en",
    language_detected=True,
)


def test_every_field_of_an_article_is_stored(empty_library: Library) -> None:
    empty_library.add([PAGED])
    stored = empty_library.article(PAGED.id)
    assert stored == PAGED
    assert (stored.language_detected, stored.page_at(12)) == (True, 2)
    (summary,) = empty_library.articles()
    assert (summary.section, summary.language) == ("Local", "en")


def test_a_catalogue_of_another_version_is_refused_with_the_way_out_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE articles (id TEXT PRIMARY KEY)")
    db.close()
    before = file.read_bytes()
    with pytest.raises(LibraryMismatchError, match="add PATH"):
        Library(tmp_path, HashedEmbedder())
    assert file.read_bytes() == before
