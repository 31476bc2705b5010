import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from assistant.assistant import open_library
from assistant.settings import load_settings
from index.article import Article
from index.builds import Builds, Indexes
from index.chroma_server import ChromaServer
from index.errors import LibraryMismatchError, SettingsError, VectorServerError
from index.library import Library
from index.passage import Filters
from index.stores import reindex
from tests.chroma_server import RunningServer
from tests.conftest import BRIDGE, FLOOD, NAQVI, HashedEmbedder

STORIES = [
    Article(f"Story {number}", f"The mayor of town {number} opened bridge {number * 7} on Monday.", source="Courier")
    for number in range(30)
]


@pytest.fixture(scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path_factory.mktemp("chroma"))
    yield server
    server.kill()


@pytest.fixture
def server(_server: RunningServer) -> RunningServer:
    if not _server.is_running:
        _server.start()
    return _server


@pytest.fixture
def library(server: RunningServer, tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library", HashedEmbedder(), server=ChromaServer(server.url))
    library.add([NAQVI, BRIDGE, FLOOD, *STORIES])
    library._vectors.seal()
    yield library
    library.close()


def held(library: Library) -> list[str]:
    """The ids of the vectors that the server holds for a library."""
    return library._stores.shelf.open(library._builds.indexes().vectors or "").ids()


def expected(library: Library) -> list[str]:
    """The ids of the passages that it should hold."""
    indexes = library._builds.indexes()
    return sorted(row.passage.id for row in library._builds.stored(indexes.build, 0, indexes.sealed_to))


def found(library: Library, question: str, filters: Filters = Filters()) -> set[str]:
    return {hit.passage.article_id for hit in library.search(question, filters=filters)}


def test_a_search_finds_the_same_as_in_a_folder(library: Library, tmp_path: Path) -> None:
    local = Library(tmp_path / "local", HashedEmbedder())
    local.add([NAQVI, BRIDGE, FLOOD, *STORIES])
    local._vectors.seal()
    for question in ("When will the Ferris bridge close?", "Naqvi and Natalie Baker", "mayor of town 7"):
        for filters in (Filters(), Filters(since="2025-03-01"), Filters(sources=("Courier",))):
            here, there = local.search(question, 10, filters), library.search(question, 10, filters)
            assert [hit.passage for hit in here] == [hit.passage for hit in there]
            assert [hit.score for hit in here] == pytest.approx([hit.score for hit in there], abs=1e-5)
    assert library.index_id == local.index_id


def test_the_server_gets_neither_text_nor_titles(library: Library) -> None:
    collection = library._stores.shelf.open(library._builds.indexes().vectors or "")
    stored = json.dumps(collection._collection.get(include=["documents", "metadatas"]))
    assert "bridge" not in stored
    assert "Ferris" not in stored


def _read(folder: Path, url: str, started: Event, stop: Event, seen: "Queue[list[tuple[float, set[str]]]]") -> None:
    library = Library(folder, HashedEmbedder(), server=ChromaServer(url))
    searches = []
    while not stop.is_set():
        began = time.time()
        searches.append((began, found(library, "Ferris bridge")))
        started.set()
        time.sleep(0.01)
    seen.put(searches)


def _write(folder: Path, url: str, acknowledged: "Queue[float]", go: Event) -> None:
    library = Library(folder, HashedEmbedder(), server=ChromaServer(url))
    go.wait(60)
    library.add([BRIDGE])
    library._vectors.seal()
    acknowledged.put(time.time())
    time.sleep(1)
    acknowledged.put(time.time())
    library.remove([BRIDGE.id])
    acknowledged.put(time.time())
    library._vectors.seal()
    time.sleep(1)


def test_readers_in_other_processes_see_what_a_writer_adds_and_removes_at_their_next_search(
    server: RunningServer, tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    Library(folder, HashedEmbedder(), server=ChromaServer(server.url)).add([NAQVI, *STORIES])
    spawn = multiprocessing.get_context("spawn")
    stop, go = spawn.Event(), spawn.Event()
    seen, acknowledged = spawn.Queue(), spawn.Queue()
    started = [spawn.Event() for _ in range(2)]
    readers = [spawn.Process(target=_read, args=(folder, server.url, event, stop, seen)) for event in started]
    writer = spawn.Process(target=_write, args=(folder, server.url, acknowledged, go))
    for process in (*readers, writer):
        process.start()
    assert all(event.wait(60) for event in started)
    go.set()
    writer.join(60)
    stop.set()
    added, removing, removed = (acknowledged.get(timeout=10) for _ in range(3))
    for searches in [seen.get(timeout=30) for _ in readers]:
        assert any(began > added for began, _ in searches)
        assert all(BRIDGE.id in ids for began, ids in searches if added < began < removing - 0.5)
        assert all(BRIDGE.id not in ids for began, ids in searches if began > removed)
        assert any(began > removed for began, _ in searches)
    for process in readers:
        process.join(30)
        assert process.exitcode == 0


def test_a_dead_server_is_said_and_what_to_do_and_all_is_well_when_it_is_back(
    library: Library, server: RunningServer
) -> None:
    server.kill()
    for act in (
        lambda: library.search("Ferris bridge"),
        lambda: library.add([Article("New", "News of the day.")]),
        lambda: library.remove([NAQVI.id]),
    ):
        with pytest.raises(
            VectorServerError, match=rf"{server.url} cannot be reached.*chroma run .*--port {server.port}"
        ):
            act()
    assert len(library.articles()) == 33
    server.start()
    assert BRIDGE.id in found(library, "Ferris bridge")
    assert library.add([Article("New", "News of the day.")]).passages == 1
    assert held(library) == expected(library)


def test_a_server_that_hangs_is_not_waited_for_for_ever(library: Library, server: RunningServer) -> None:
    patient = Library(library.folder, HashedEmbedder(), server=ChromaServer(server.url, timeout=0.5))
    assert patient.search("Ferris bridge")
    server.pause()
    try:
        with pytest.raises(VectorServerError, match="takes too long"):
            patient.search("Ferris bridge")
    finally:
        server.resume()
    assert patient.search("Ferris bridge")


def test_a_server_on_another_folder_is_said_and_the_next_writer_puts_the_vectors_there(
    library: Library, tmp_path: Path
) -> None:
    other = RunningServer(tmp_path / "empty")
    other.start()
    try:
        library._catalog.set_meta("vectors_at", other.url)
        moved = Library(library.folder, HashedEmbedder(), server=ChromaServer(other.url))
        with pytest.raises(VectorServerError, match=r"does not hold this library's vectors.*--path"):
            moved.search("Ferris bridge")
        moved.add([])
        assert BRIDGE.id in found(moved, "Ferris bridge")
        assert held(moved) == expected(moved)
    finally:
        other.kill()


def _killed_before_the_catalogue_says_so(folder: Path, url: str, change: str) -> None:
    library = Library(folder, HashedEmbedder(), server=ChromaServer(url))

    def die(self: Builds, indexes: Indexes, made_with: object = None) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if change == "remove":
        library.remove([story.id for story in STORIES[:3]])
    Builds.swap = die  # type: ignore[method-assign]
    if change == "add":
        library.add([Article(f"Late {n}", f"Word {n} came late.") for n in range(3)])
    library._vectors.seal()


def _elsewhere(act: Callable[..., None], *arguments: object) -> int | None:
    process = multiprocessing.get_context("spawn").Process(target=act, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode


@pytest.mark.parametrize("change", ["add", "remove"])
def test_what_a_killed_writer_left_on_the_server_is_mended_by_the_next_by_what_differs(
    library: Library, server: RunningServer, change: str
) -> None:
    before = library._builds.indexes()
    exit_code = _elsewhere(_killed_before_the_catalogue_says_so, library.folder, server.url, change)
    assert exit_code == -signal.SIGKILL
    assert len(held(library)) != before.sealed
    assert BRIDGE.id in found(library, "Ferris bridge")
    library.add([Article("After", "The day after the night before.")])
    assert held(library) == expected(library)
    assert (library._builds.indexes().vectors or "").startswith(
        "vectors-1."
    )  # the same collection, not one uploaded anew
    assert len(library.articles()) == (37 if change == "add" else 31)
    assert not library._builds.dead()


def test_many_removals_make_a_new_collection_and_leave_no_old_one(library: Library) -> None:
    library.remove([story.id for story in STORIES])
    library._vectors.seal()
    assert library._builds.indexes().vectors == "vectors-2.1"
    assert held(library) == expected(library)
    assert library._stores.shelf._numbers() == [2]  # type: ignore[attr-defined]


def test_a_purge_leaves_only_vectors_of_what_is_there(library: Library) -> None:
    library.remove([NAQVI.id], purge=True)
    assert held(library) == expected(library)
    assert len(held(library)) == 32


def test_two_libraries_on_one_server_do_not_meet(library: Library, server: RunningServer, tmp_path: Path) -> None:
    other = Library(tmp_path / "other", HashedEmbedder(), server=ChromaServer(server.url))
    other.add([FLOOD])
    other._vectors.seal(fresh=True)
    assert found(other, "Ferris bridge river") == {FLOOD.id}
    assert len(held(other)) == 1
    assert len(held(library)) == 33
    other.remove([FLOOD.id], purge=True)
    assert BRIDGE.id in found(library, "Ferris bridge")


def test_another_place_is_refused_with_the_way_out_and_changes_nothing(library: Library, tmp_path: Path) -> None:
    with pytest.raises(LibraryMismatchError, match=r"Set DATELINE_CHROMA_URL to http://127.*dateline reindex"):
        Library(library.folder, HashedEmbedder())
    local = Library(tmp_path / "local", HashedEmbedder())
    local.add([NAQVI])
    with pytest.raises(LibraryMismatchError, match="has its vectors in its folder"):
        Library(local.folder, HashedEmbedder(), server=ChromaServer("http://127.0.0.1:9"))
    assert BRIDGE.id in found(library, "Ferris bridge")


def test_reindexing_moves_the_vectors_there_and_back_without_encoding(
    server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, chroma = HashedEmbedder(), ChromaServer(server.url)
    with Library(tmp_path / "library", embedder) as local:
        local.add([NAQVI, BRIDGE, FLOOD])
        local._vectors.seal()
        index_id = local.index_id
    monkeypatch.setattr(HashedEmbedder, "encode_passages", None)
    reindex(local.folder, embedder, server=chroma)
    with Library(local.folder, embedder, server=chroma) as served:
        assert BRIDGE.id in found(served, "Ferris bridge")
        assert held(served) == expected(served)
        assert served.index_id == index_id
        assert not list(served.folder.glob("vectors-*"))
        examined = {check.name: check.ok for check in served.doctor.examine()}
        assert all(examined[name] for name in ("vectors", "vector index", "self-retrieval", "folder"))
    reindex(local.folder, embedder)
    with Library(local.folder, embedder) as back:
        assert BRIDGE.id in found(back, "Ferris bridge")
        assert held(back) == expected(back)
        assert back.index_id == index_id


def test_a_server_that_has_another_address_now_is_named_without_moving_anything(
    library: Library, server: RunningServer
) -> None:
    before = library._builds.indexes()
    alias = ChromaServer(server.url.replace("127.0.0.1", "localhost"))
    reindex(library.folder, HashedEmbedder(), server=alias)
    with Library(library.folder, HashedEmbedder(), server=alias) as renamed:
        assert renamed._builds.indexes() == before
        assert BRIDGE.id in found(renamed, "Ferris bridge")


class _Answers(BaseHTTPRequestHandler):
    """Answers each path as the table says, and notes the headers."""

    table: dict[str, tuple[int, str]]
    tokens: list[str | None]

    def do_GET(self) -> None:
        status, body = self.table.get(self.path, (404, ""))
        self.tokens.append(self.headers.get("Authorization"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def false_server() -> Iterator[tuple[str, type[_Answers]]]:
    answers = type("Answers", (_Answers,), {"table": {}, "tokens": []})
    http = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}", answers
    http.shutdown()
    http.server_close()


@pytest.mark.parametrize(
    ("version", "refused"), [("0.6.3", True), ("1.5.9", True), ("1.5.10", False), ("2.0.0", False)]
)
def test_the_old_server_in_python_is_refused(
    false_server: tuple[str, type[_Answers]], version: str, refused: bool
) -> None:
    url, answers = false_server
    answers.table = {"/api/v1/version": (200, f'"{version}"'), "/api/v2/heartbeat": (503, "")}
    with pytest.raises(VectorServerError) as error:
        ChromaServer(url).client()
    assert ("CVE-2026-45829" in str(error.value)) == refused


def test_headers_are_sent_and_never_shown(
    false_server: tuple[str, type[_Answers]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, answers = false_server
    answers.table = {"/api/v2/heartbeat": (401, "who are you?")}
    monkeypatch.setenv("DATELINE_CHROMA_URL", url)
    monkeypatch.setenv("DATELINE_CHROMA_HEADERS", '{"Authorization": "Bearer hush"}')
    settings = load_settings(embedding_model="nothing")
    monkeypatch.setattr("assistant.assistant.open_embedder", lambda name: HashedEmbedder())
    library = open_library(settings)
    with pytest.raises(VectorServerError, match="401") as error:
        library.add([NAQVI])
    assert set(answers.tokens) == {"Bearer hush"}
    shown = (
        f"{error.value!r} {settings!r} {settings.model_dump_json()} {ChromaServer(url, {'Authorization': 'hush'})!r}"
    )
    assert "hush" not in shown
    assert b"hush" not in (tmp_path / "library" / "catalog.sqlite").read_bytes()


@pytest.mark.parametrize("headers", ['{"Authorization": "hush', '["hush"]', '{"X": "hush\\n"}', '{"X y": "hush"}'])
def test_headers_that_are_none_are_refused_without_being_shown(headers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_CHROMA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("DATELINE_CHROMA_HEADERS", headers)
    with pytest.raises(SettingsError) as error:
        open_library(load_settings())
    assert "hush" not in str(error.value)


def test_headers_in_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "dateline.toml").write_text('chroma_headers = {Authorization = "hush"}')
    with pytest.raises(SettingsError, match="DATELINE_CHROMA_HEADERS") as error:
        load_settings()
    assert "hush" not in str(error.value)


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8000", "ftp://x", "http://", "http://x:y", "http://me:hush@x", "http://x/?a=1", "http://[x"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError) as error:
        ChromaServer(url)
    assert "hush" not in str(error.value)


def test_a_server_says_nothing_to_anybody(library: Library) -> None:
    assert library._stores.shelf._client.get_settings().anonymized_telemetry is False  # type: ignore[attr-defined]


def test_an_article_changed_on_the_server_library_replaces_the_old(library: Library) -> None:
    changed = replace(BRIDGE, text=BRIDGE.text.replace("eleven weeks", "thirteen weeks"))
    assert library.add([changed]).replaced == (BRIDGE.id,)
    library._vectors.seal()
    assert held(library) == expected(library)
