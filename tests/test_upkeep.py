import multiprocessing
import shutil
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.benchmarks.crashes import trial
from eval.benchmarks.made_articles import made_articles as many
from index import stores
from index.article import Article
from index.embedding import ModelIdentity
from index.errors import LibraryMismatchError
from index.library import Library
from index.splitting import Splitting
from tests.conftest import BRIDGE, FLOOD, NAQVI, HashedEmbedder

CANARIES = [f"zq{word}kanarx" for word in "abcdefghijklmnopqrst"]


def broken(library: Library) -> set[str]:
    return {check.name for check in library.doctor.examine() if not check.ok}


@pytest.fixture
def larger(empty_library: Library) -> Library:
    """A library whose passages are partly sealed, partly newer."""
    empty_library.add(many(300))
    empty_library.add([NAQVI, BRIDGE, FLOOD])
    return empty_library


def test_a_sound_library_passes_every_check(larger: Library) -> None:
    assert larger._builds.indexes().sealed >= 300
    assert larger._builds.last_number() > larger._builds.indexes().sealed_to
    assert broken(larger) == set()
    assert len(larger.doctor.examine()) >= 10


def test_vectors_are_sealed_when_many_and_found_in_any_case(empty_library: Library) -> None:
    articles = many(500)
    empty_library.add(articles[:250])
    first = empty_library._builds.indexes()
    empty_library.add(articles[250:260])
    assert empty_library._builds.indexes() == first
    for article in (articles[0], articles[255]):
        assert empty_library.search(article.context + article.text)[0].passage.article_id == article.id
    empty_library.add(articles[260:])
    assert empty_library._builds.indexes().sealed == 500
    assert [folder.name for folder in empty_library.folder.glob("vectors-*")] == ["vectors-2"]


def test_what_was_removed_since_sealing_does_not_hide_the_next_nearest(empty_library: Library) -> None:
    same = [replace(FLOOD, title=f"River peaks at Tollen, report {n}") for n in range(180)]
    empty_library.add([*many(300), *same, NAQVI])
    empty_library.remove([article.id for article in same[:179]])
    found = empty_library.search("River peaks at Tollen")
    assert found[0].passage.article_id == same[179].id
    assert len(found) == 10
    assert broken(empty_library) == set()


def _damage_sealed(library: Library) -> None:
    library.close()
    folder = next(library.folder.glob("vectors-*"))
    (graph,) = folder.glob("*/data_level0.bin")
    graph.write_bytes(graph.read_bytes()[:1000])


def _lose_sealed(library: Library) -> None:
    library.close()
    shutil.rmtree(next(library.folder.glob("vectors-*")))


def _lose_words(library: Library) -> None:
    library.close()
    shutil.rmtree(next(library.folder.glob("words-*")))


def _forget_a_word(library: Library) -> None:
    library._words.change(remove=[BRIDGE.id])


def _foreign_words(library: Library) -> None:
    from index.splitting import split

    library._words.change(add=[(replace(BRIDGE, title="Other"), split(replace(BRIDGE, title="Other"))[0])])


def _change(statement: str) -> Any:
    def change(library: Library) -> None:
        with library._stores.database.changing() as db:
            db.execute(statement)

    return change


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        (_damage_sealed, {"vector index"}),
        (_lose_sealed, {"vector index"}),
        (_lose_words, {"word index"}),
        (_forget_a_word, {"word index"}),
        (_foreign_words, {"word index"}),
        (_change("UPDATE passages SET starts = starts + 1 WHERE number = 5"), {"passages"}),
        (_change("DELETE FROM passages WHERE number = 5"), {"passages", "vector index", "word index"}),
        (_change("UPDATE passages SET vector = zeroblob(256) WHERE number = 5"), {"vectors"}),
        (_change("INSERT INTO dead_vectors SELECT id FROM passages WHERE number = 7"), {"vector index"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_damage_is_named_and_repaired(larger: Library, damage: Any, names: set[str]) -> None:
    ids = {article.id for article in larger.articles()}
    damage(larger)
    with Library(larger.folder, HashedEmbedder()) as again:
        assert again.search("Ferris bridge"), "a damaged index is no reason not to answer"
    with Library(larger.folder, HashedEmbedder()) as damaged:
        assert names <= broken(damaged)
        assert damaged.doctor.repair()
        assert broken(damaged) == set()
        assert {article.id for article in damaged.articles()} == ids
        assert damaged.search("When will the Ferris bridge close?")[0].passage.article_id == BRIDGE.id


def test_an_article_that_was_changed_behind_our_back_is_named(library: Library) -> None:
    _change("UPDATE articles SET text = replace(text, 'eleven', 'twelve')")(library)
    assert "articles" in broken(library)


def test_vectors_of_another_model_are_named_and_encoded_again(library: Library) -> None:
    wrong = np.eye(64, dtype="<f4")[3].tobytes()
    with library._stores.database.changing() as db:
        db.execute("UPDATE passages SET vector = ?", (wrong,))
    library._vectors.seal(fresh=True)
    assert "embedding model" in broken(library)
    library.doctor.repair()
    assert broken(library) == set()


# Removal is real


def _bytes_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file, file.read_bytes()


def _found(folder: Path, words: list[str]) -> list[tuple[str, str]]:
    return [
        (file.name, word)
        for file, content in _bytes_of(folder)
        for word in words
        for encoded in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"))
        if encoded.lower() in content.lower()
    ]


@pytest.mark.parametrize("at_once", [True, False])
def test_purging_leaves_no_byte_in_any_file(empty_library: Library, at_once: bool) -> None:
    names = [field.name for field in fields(Article) if field.type == "str | None" or field.name in ("title", "text")]
    texts = {name: f"About {CANARIES[i]} and {CANARIES[i + 10]} in Tollen." for i, name in enumerate(names[:10])}
    texts |= {"published": "2025-01-01", "updated": "2025-01-02", "language": "en"}
    secret = replace(FLOOD, **texts)
    secret = replace(secret, text=" ".join(f"The {word} report came from {word}." for word in CANARIES))
    empty_library.add([*many(250), secret, NAQVI])
    assert {word for _, word in _found(empty_library.folder, CANARIES)} == set(CANARIES)
    if at_once:
        empty_library.remove([secret.id], purge=True)
    else:
        empty_library.remove([secret.id])
        empty_library.purge()
    assert _found(empty_library.folder, CANARIES) == []
    assert broken(empty_library) == set()
    assert empty_library.search("Natalie Baker")[0].passage.article_id == NAQVI.id


def test_an_interrupted_purge_is_finished_when_the_library_is_next_opened(
    empty_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = replace(FLOOD, text=f"The {CANARIES[0]} report.")
    empty_library.add([secret, NAQVI])
    with monkeypatch.context() as patch:
        patch.setattr("index.upkeep.Upkeep.rebuild", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            empty_library.remove([secret.id], purge=True)
    assert "states" in broken(empty_library)
    Library(empty_library.folder, HashedEmbedder()).close()
    assert _found(empty_library.folder, [CANARIES[0]]) == []
    assert broken(empty_library) == set()


# Reindexing


class Other(HashedEmbedder):
    identity = ModelIdentity("other", "1" * 64, 64)


def test_other_settings_are_refused_until_the_library_is_reindexed(larger: Library) -> None:
    before = {article.id for article in larger.articles()}
    with pytest.raises(LibraryMismatchError, match="dateline reindex"):
        Library(larger.folder, Other(), Splitting(20, 0))
    stores.reindex(larger.folder, Other(), Splitting(20, 0))
    with Library(larger.folder, Other(), Splitting(20, 0)) as library:
        assert {article.id for article in library.articles()} == before
        assert library.search("Ferris bridge")[0].passage.article_id == BRIDGE.id
        assert broken(library) == set()
    with pytest.raises(LibraryMismatchError):
        Library(larger.folder, HashedEmbedder())


def test_an_interrupted_reindexing_goes_on_where_it_stopped_and_harms_nothing(larger: Library) -> None:
    encoded: list[int] = []

    class Stopping(HashedEmbedder):
        left = 2

        def encode_passages(self, texts: Any) -> Any:
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
            encoded.append(len(texts))
            return super().encode_passages(texts)

    with pytest.raises(KeyboardInterrupt):
        stores.reindex(larger.folder, Stopping(), Splitting(60, 1))
    assert broken(larger) == set()
    larger.add([replace(NAQVI, title="Added between")])
    larger.remove([FLOOD.id])
    resumed = HashedEmbedder()
    again: list[tuple[str, int, int]] = []
    stores.reindex(larger.folder, resumed, Splitting(60, 1), lambda *told: again.append(told))
    assert again[0][1] > sum(encoded) / 2
    with Library(larger.folder, HashedEmbedder(), Splitting(60, 1)) as library:
        assert broken(library) == set()
        assert len(library.articles()) == 302


def _reindex_elsewhere(folder: Path) -> None:
    stores.reindex(folder, HashedEmbedder(), Splitting(40, 1))


def test_questions_are_answered_during_a_reindexing(larger: Library) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_reindex_elsewhere, args=(larger.folder,))
    answers, builds = 0, set()
    process.start()
    deadline = time.monotonic() + 120
    while (process.is_alive() or answers < 20) and time.monotonic() < deadline:
        hits = larger.search("When will the Ferris bridge close?")
        assert hits[0].passage.article_id == BRIDGE.id
        answers += 1
        builds.add(larger._builds.indexes().build)
    process.join(60)
    assert process.exitcode == 0
    assert larger.search("When will the Ferris bridge close?")[0].passage.article_id == BRIDGE.id
    assert larger.splitting == Splitting(40, 1)
    assert broken(larger) == set()


def test_killed_at_random_moments_nothing_is_lost(tmp_path: Path) -> None:
    found = trial(tmp_path, kills=12, seed=3, steps=12, size=30)
    assert (found.lost, found.unexpected, found.broken, found.equal) == (0, 0, [], True)
    assert found.kills >= 8


def test_a_library_whose_first_writer_was_killed_before_it_wrote_is_whole(tmp_path: Path) -> None:
    with Library(tmp_path / "new", HashedEmbedder()) as library:
        assert broken(library) == set()
