"""One writer, many readers, in processes of their own."""

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from eval.benchmarks.made_articles import made_articles
from index.errors import LibraryBusyError
from index.library import Library
from index.lock import writing
from tests.conftest import BRIDGE, FLOOD, NAQVI, HashedEmbedder

_spawn = multiprocessing.get_context("spawn")


def _write_when_told(folder: Path, told: Connection) -> None:
    """Add or remove what is said, and say when that was done."""
    with Library(folder, HashedEmbedder()) as library:
        told.send("ready")
        while (order := told.recv()) is not None:
            deed, articles = order
            if deed == "add":
                library.add(articles)
            else:
                library.remove([article.id for article in articles])
            told.send(time.time())


@pytest.fixture
def writer(empty_library: Library) -> Iterator[Connection]:
    here, there = multiprocessing.Pipe()
    process = _spawn.Process(target=_write_when_told, args=(empty_library.folder, there))
    process.start()
    there.close()  # so that we hear when it ends before its time
    assert here.recv() == "ready"
    yield here
    here.send(None)
    process.join(60)


def _until(library: Library, question: str, article_id: str, there: bool) -> float:
    """The time at which a reader first sees an article, or no longer sees it."""
    deadline = time.time() + 60
    while time.time() < deadline:
        if (article_id in {hit.passage.article_id for hit in library.search(question)}) is there:
            return time.time()
    raise AssertionError(f"{article_id} was {'not ' if there else ''}seen for a minute")


def test_a_reader_sees_each_change_of_another_process_within_a_second(
    empty_library: Library, writer: Connection
) -> None:
    took = []
    # Enough for the writer to seal collections while the reader reads.
    for seed, article in enumerate((NAQVI, BRIDGE, FLOOD)):
        for deed, articles, there in (
            ("add", [*made_articles(250, seed=seed), article], True),
            ("remove", [article], False),
            ("add", [article], True),
        ):
            writer.send((deed, articles))
            seen = _until(empty_library, article.title, article.id, there)
            took.append(seen - writer.recv())
    assert max(took) < 1.0, took
    assert empty_library._builds.indexes().sealed > 250
    assert len(empty_library.articles()) == 753


def _search_for(folder: Path, seconds: float, answer: Connection) -> None:
    """Search without a pause; report what was found wrong."""
    searches, wrong = 0, []
    with Library(folder, HashedEmbedder()) as library:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            hits = library.search("When will the Ferris bridge close?")
            searches += 1
            if not hits or hits[0].passage.article_id != BRIDGE.id:
                wrong.append([hit.passage.article_id for hit in hits])
    answer.send((searches, wrong))


def test_readers_are_never_wrong_while_one_writes(empty_library: Library) -> None:
    empty_library.add([BRIDGE])
    here, there = multiprocessing.Pipe()
    readers = [_spawn.Process(target=_search_for, args=(empty_library.folder, 6.0, there)) for _ in range(2)]
    for reader in readers:
        reader.start()
    there.close()
    seed = 0
    while any(reader.is_alive() for reader in readers) and not here.poll():
        seed += 1
        articles = made_articles(120, seed=seed)
        empty_library.add(articles)
        empty_library.remove([article.id for article in articles[:100]], purge=seed % 4 == 0)
    for reader in readers:
        searches, wrong = here.recv()
        assert searches > 0
        assert wrong == []
        reader.join(60)
    assert seed > 1


def test_a_second_writer_waits_or_is_refused_by_name(library: Library) -> None:
    library.write_wait = 0.2
    with writing(library.folder), pytest.raises(LibraryBusyError, match=rf"pid {os.getpid()}.*within 0.2 s"):
        library.add([NAQVI])
    library.write_wait = 10
    entered = threading.Event()

    def hold() -> None:
        with writing(library.folder):
            entered.set()
            time.sleep(0.5)

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait()
    began = time.monotonic()
    library.remove([FLOOD.id])
    assert time.monotonic() - began > 0.3
    holder.join()


def test_the_lock_of_a_killed_writer_holds_nobody_up(library: Library) -> None:
    process = _spawn.Process(target=_hold_forever, args=(library.folder,))
    process.start()
    pid = library.folder / "writer.pid"
    deadline = time.monotonic() + 60
    while not (pid.exists() and pid.read_text() == str(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.join()
    library.remove([FLOOD.id])
    assert library.find(FLOOD.id) is None


def _hold_forever(folder: Path) -> None:
    with writing(folder):
        time.sleep(600)


def test_two_libraries_in_one_process_do_not_disturb_each_other(tmp_path: Path) -> None:
    with Library(tmp_path / "one", HashedEmbedder()) as one, Library(tmp_path / "two", HashedEmbedder()) as two:
        one.add([*made_articles(250), BRIDGE])
        two.add([*made_articles(250), FLOOD])
        same = Library(tmp_path / "one", HashedEmbedder())
        for _ in range(3):
            same.add(made_articles(250, seed=5))
            assert one.search("When will the Ferris bridge close?")[0].passage.article_id == BRIDGE.id
            assert two.search("river Ossa peaked")[0].passage.article_id == FLOOD.id
            same.remove([article.id for article in made_articles(250, seed=5)])
        same.close()
        assert one.search("When will the Ferris bridge close?")[0].passage.article_id == BRIDGE.id
