import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article
from index.embedding import ModelIdentity
from index.errors import LibraryBusyError, LibraryMismatchError, NothingIndexedError, UnknownArticleError
from index.library import Library
from index.lock import writing
from index.passage import Filters
from index.splitting import Splitting
from tests.conftest import BRIDGE, FLOOD, NAQVI, HashedEmbedder


def counts(library: Library) -> tuple[int, int, int]:
    """Passages as the catalogue, Chroma and the word index count them."""
    return library.status().passages, len(library._vectors.ids()), library._words.count()


def test_what_was_added_is_found_with_its_exact_words(library: Library) -> None:
    hits = library.search("When will the Ferris bridge close?")
    assert hits[0].passage.article_id == BRIDGE.id
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    for hit in hits:
        passage = hit.passage
        assert library.article(passage.article_id).text[passage.start : passage.end] == passage.text
        assert 0 <= hit.score <= 1


def test_a_stored_article_is_the_one_added(library: Library) -> None:
    assert library.article(NAQVI.id) == NAQVI
    assert library.article(NAQVI.id).content_hash == NAQVI.content_hash


def test_adding_again_adds_nothing(library: Library) -> None:
    before = counts(library), library.index_id
    again = library.add([NAQVI, BRIDGE, FLOOD])
    assert again.added == again.replaced == ()
    assert set(again.unchanged) == {NAQVI.id, BRIDGE.id, FLOOD.id}
    assert (counts(library), library.index_id) == before


def test_a_new_version_at_the_same_url_replaces_the_old_everywhere(library: Library) -> None:
    changed = replace(BRIDGE, text=BRIDGE.text.replace("eleven weeks", "thirteen weeks"))
    assert library.add([changed]).replaced == (BRIDGE.id,)
    assert library.find(BRIDGE.id) is None
    assert len(set(counts(library))) == 1
    assert not any("eleven" in hit.passage.text for hit in library.search("Ferris bridge eleven weeks"))


def test_a_new_version_at_the_same_path_and_position_replaces_the_old(empty_library: Library) -> None:
    old = replace(FLOOD, origin="/news/flood.txt#0")
    new = replace(FLOOD, text=FLOOD.text.replace("Forty", "Fifty"), origin="/news/flood.txt#0")
    other = replace(BRIDGE, origin="/news/flood.txt#1")
    empty_library.add([old, other])
    assert empty_library.add([new]).replaced == (old.id,)
    assert {a.id for a in empty_library.articles()} == {new.id, other.id}


def test_an_article_at_two_paths_stays_when_one_of_them_changes(empty_library: Library) -> None:
    empty_library.add([replace(FLOOD, origin="/a.txt#0")])
    empty_library.add([replace(FLOOD, origin="/b.txt#0")])
    empty_library.add([replace(FLOOD, text="Other news from the river Ossa.", origin="/a.txt#0")])
    assert empty_library.find(FLOOD.id) is not None
    assert len(empty_library.articles()) == 2


def test_of_two_versions_in_one_call_the_newer_is_kept_and_adding_both_again_changes_nothing(
    empty_library: Library,
) -> None:
    newer = replace(BRIDGE, text="The Ferris bridge is open.", updated="2025-06-01")
    empty_library.add([newer, BRIDGE])
    assert [a.id for a in empty_library.articles()] == [newer.id]
    assert empty_library.add([newer, BRIDGE]).added == ()


def test_removing_leaves_no_trace_in_any_store(library: Library) -> None:
    library.remove([NAQVI.id])
    assert counts(library) == (2, 2, 2)
    assert library.find(NAQVI.id) is None
    assert all(hit.passage.article_id != NAQVI.id for hit in library.search("Mohsin Naqvi Natalie Baker"))
    library._vectors.seal()
    collection = library._vectors._views.now().sealed
    assert collection is not None
    assert collection._collection.get(where={"article_id": NAQVI.id})["ids"] == []


def test_removing_an_unknown_article_removes_nothing(library: Library) -> None:
    with pytest.raises(UnknownArticleError, match="no article 'nope'"):
        library.remove([NAQVI.id, "nope"])
    assert counts(library) == (3, 3, 3)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since="2025-03-16"), {NAQVI.id, FLOOD.id}),
        (Filters(until="2025-03-16"), {BRIDGE.id, FLOOD.id}),
        (Filters(since="2025-03-01", until="2025-04-01"), {FLOOD.id}),
        (Filters(sources=("Sample Courier",)), {NAQVI.id, FLOOD.id}),
        (Filters(article_ids=(BRIDGE.id,)), {BRIDGE.id}),
        (Filters(since="2026-01-01"), set()),
    ],
)
def test_filters_hold_for_both_retrievers(library: Library, filters: Filters, expected: set[str]) -> None:
    hits = library.search("bridge river Low Mill Natalie Baker Tollen", k=10, filters=filters)
    assert {hit.passage.article_id for hit in hits} == expected


def test_a_question_of_stop_words_or_signs_is_searched_by_meaning_alone(library: Library) -> None:
    assert library.search("who is it?") != []
    assert library.search("?!") != []


def test_query_syntax_is_only_words(library: Library) -> None:
    assert library.search('bridge AND (NOT "closed') != []


def test_chroma_measures_by_cosine(library: Library) -> None:
    collection = library._vectors._views.now().sealed
    assert collection is not None
    assert collection._collection.configuration["hnsw"]["space"] == "cosine"


def test_upserting_again_finds_itself_at_cosine_one(library: Library) -> None:
    library.add([replace(FLOOD, text="The river Ossa is back in its bed.", origin="x#0")])
    for article in library.articles():
        text = library.article(article.id)
        vector = library.embedder.encode_passages([f"{text.title} · {text.text}"])[0]
        assert library._vectors.search(vector, 1)[0][1] > 0.5


def test_opening_with_another_model_or_splitting_is_refused_and_changes_nothing(
    library: Library, tmp_path: Path
) -> None:
    class Other(HashedEmbedder):
        identity = ModelIdentity("other", "1" * 64, 32)

    with pytest.raises(LibraryMismatchError, match=r"other.*dateline reindex"):
        Library(tmp_path / "library", Other())
    with pytest.raises(LibraryMismatchError, match="splitting"):
        Library(tmp_path / "library", HashedEmbedder(), Splitting(target_words=100))
    assert counts(Library(tmp_path / "library", HashedEmbedder())) == (3, 3, 3)


def test_a_second_writer_is_refused_with_a_clear_message(library: Library) -> None:
    with writing(library.folder), pytest.raises(LibraryBusyError, match=r"pid \d+.*Try again"):
        library.add([NAQVI])


def _add_elsewhere(folder: Path) -> None:
    Library(folder, HashedEmbedder()).add([BRIDGE])


def _remove_elsewhere(folder: Path) -> None:
    Library(folder, HashedEmbedder()).remove([NAQVI.id])


def _elsewhere(change: Callable[[Path], None], folder: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=change, args=(folder,))
    process.start()
    process.join(120)
    assert process.exitcode == 0


def test_a_reader_sees_what_another_process_adds_and_removes(empty_library: Library) -> None:
    empty_library.add([NAQVI])
    assert empty_library.search("Ferris bridge")[0].passage.article_id == NAQVI.id
    _elsewhere(_add_elsewhere, empty_library.folder)
    assert empty_library.search("Ferris bridge")[0].passage.article_id == BRIDGE.id
    _elsewhere(_remove_elsewhere, empty_library.folder)
    assert {hit.passage.article_id for hit in empty_library.search("Naqvi met Natalie Baker")} == {BRIDGE.id}


def test_what_was_interrupted_is_put_right_by_the_next_writer(library: Library) -> None:
    half = Article(title="Half", text="Half of this was written when the light went out.")
    from index.splitting import split

    passages = split(half)
    vectors = library.embedder.encode_passages([passage.text for passage in passages])
    library._catalog.begin_adding([(half, passages)], vectors)
    library._catalog.begin_removing([FLOOD.id])
    assert {a.id for a in library.articles()} == {NAQVI.id, BRIDGE.id}
    library.add([])
    assert counts(library) == (2, 2, 2)
    assert library.add([half]).added == (half.id,)


def test_equal_content_has_an_equal_index_id(library: Library, tmp_path: Path) -> None:
    other = Library(tmp_path / "other", HashedEmbedder())
    other.add([FLOOD])
    assert other.index_id != library.index_id
    other.add([BRIDGE, NAQVI])
    assert other.index_id == library.index_id


def test_progress_is_reported(empty_library: Library) -> None:
    seen: list[tuple[int, int]] = []
    empty_library.add([NAQVI, BRIDGE], lambda done, total: seen.append((done, total)))
    assert seen[-1] == (2, 2)


def test_an_empty_library_says_what_to_do(empty_library: Library) -> None:
    with pytest.raises(NothingIndexedError, match="dateline add"):
        empty_library.require_articles()


def test_an_article_of_thousands_of_passages_costs_no_copy_of_it_for_each(empty_library: Library) -> None:
    empty_library.add([Article(title="Long", text="The bridge was shut again. " * 40_000)])
    stored = list(empty_library._builds.stored(empty_library._builds.indexes().build))
    assert len(stored) > 100
    assert len({id(item.article) for item in stored}) == 1
