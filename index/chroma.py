"""Chroma collections in the library's folder, each written to disk whole.

A local Chroma client writes to its folder even when it only reads, shows what it saw first, and saves its graph in
place, so that a process stopped meanwhile leaves half of it. So a folder is written by one process, under a name
that nobody reads yet, until it is complete; from then on it does not change.
"""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from index.errors import BrokenIndexError
from index.read_only import view
from index.shelf import Metadata, Progress, Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GRAPH = {"space": "cosine", "ef_search": 400}
"""How vectors are compared, and how many a search looks at on its way.

Chroma's defaults are the squared Euclidean distance, and 100, which misses one in a hundred of the nearest ten among
100,000 vectors; 400 finds them for a millisecond or two more (`eval/benchmarks/scale.md`).
"""
_COLLECTION = "passages"
_BATCH = 5_000
"""Below Chroma's largest batch (about 5,400)."""
_ROUND, _LARGEST_ROUND = 10_000, 50_000
"""Changes that are sealed at once: bounds the memory, and the room for Chroma's log.

Each round copies what is there, so they grow.
"""
_DATABASE = "chroma.sqlite3"
_SIZES = "sizes.json"


class Searched:
    """A collection of Chroma's, as it is searched; see `index.shelf.Collection`."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    def count(self) -> int:
        """How many vectors it holds."""
        return int(self._collection.count())

    def ids(self) -> list[str]:
        """The ids of all vectors, sorted."""
        return sorted(self._collection.get(include=[])["ids"])

    def vectors(self, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """The vectors of these ids that it holds."""
        found = self._collection.get(ids=list(ids), include=["embeddings"])
        return dict(zip(found["ids"], found["embeddings"], strict=True))

    def nearest(self, vector: "NDArray[np.float32]", k: int, where: dict[str, Any] | None) -> dict[str, float]:
        """The cosines of the `k` nearest vectors to a unit vector `[dimension]`, by id."""
        found = self._collection.query(
            query_embeddings=vector[None, :], n_results=k, where=where, include=["distances"]
        )
        return {i: 1.0 - distance for i, distance in zip(found["ids"][0], found["distances"][0], strict=True)}


class FolderCollection(Searched):
    """A complete collection in a folder.

    Args:
        folder: Where it lies.

    Raises:
        BrokenIndexError: It cannot be opened.
    """

    def __init__(self, folder: Path) -> None:
        self._client: Any = None
        self._copy: TemporaryDirectory[str] | None = None
        if not is_whole(folder):  # Chroma would make an empty one, or read half a graph
            raise BrokenIndexError(f"The Chroma collection in {folder} has lost files, or parts of them.")
        self.folder = folder
        try:
            if not os.access(folder, os.W_OK):
                raise PermissionError
            self._open(folder)
        except Exception:  # Chroma writes where it only reads: on a full disk it cannot be opened in its place
            place, self._copy = view(folder)
            try:
                self._open(place)
            except Exception as error:
                raise BrokenIndexError(f"The Chroma collection in {folder} cannot be read: {error}") from error

    def _open(self, place: Path) -> None:
        self._client = None
        self._client = _client(place)
        super().__init__(self._client.get_collection(_COLLECTION, embedding_function=None))
        self._collection.get(limit=1, include=["embeddings"])  # loads the graph

    def __del__(self) -> None:
        # Chroma keeps every client that is not closed, with its graph in memory.
        if self._client is not None:
            self._client.close()
        if self._copy is not None:
            self._copy.cleanup()

    def nearest(self, vector: "NDArray[np.float32]", k: int, where: dict[str, Any] | None) -> dict[str, float]:
        """The cosines of the `k` nearest vectors to a unit vector `[dimension]`, by id.

        Raises:
            BrokenIndexError: It is damaged.
        """
        from chromadb.errors import ChromaError

        try:
            return super().nearest(vector, k, where)
        except ChromaError as error:
            raise BrokenIndexError(f"The Chroma collection {self.folder} cannot be searched: {error}") from error


class FolderShelf:
    """A library's collections in its folder: `vectors-1`, `vectors-2`, …; see `index.shelf.Shelf`.

    Args:
        folder: The library's folder.
    """

    place = ""
    changes_in_place = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, name: str) -> FolderCollection:
        """Open a collection.

        Raises:
            BrokenIndexError: It cannot be opened.
        """
        return FolderCollection(self._folder / name)

    def is_whole(self, name: str) -> bool:
        """Whether a collection's files are there."""
        return is_whole(self._folder / name)

    def write(
        self, base: str | None, remove: Sequence[str], add: Iterator[Row], total: int, progress: Progress | None = None
    ) -> str:
        """Write another collection beside the others; see `index.shelf.Shelf.write`."""
        source = self._folder / base if base else None
        unfinished: Path | None = None
        done = 0
        while not unfinished or done < total:
            size = min(max(_ROUND, min(done, _LARGEST_ROUND)), total - done)
            target = self._folder / f"{self._next_name(base)}.part"
            write(target, source, remove, batches(islice(add, size), _BATCH), size + len(remove))
            if unfinished:
                shutil.rmtree(unfinished)
            unfinished, source, remove, done = target, target, (), done + size
            if progress:
                progress(done, total)
        finished = unfinished.with_suffix("")
        unfinished.rename(finished)
        return finished.name

    def clear_away(self, keep: str | None) -> None:
        """Delete all collections but one. Whoever has one open keeps it until done."""
        for folder in self._folder.glob("vectors-*"):
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)

    def _next_name(self, base: str | None) -> str:
        taken = [int(folder.name.split("-")[1].split(".")[0]) for folder in self._folder.glob("vectors-*")]
        if base:
            taken.append(int(base.split("-")[1]))
        return f"vectors-{max(taken, default=0) + 1}"


def is_whole(folder: Path) -> bool:
    """Whether all files of a collection are there, and as long as they were when it was written."""
    try:
        return (folder / _DATABASE).is_file() and json.loads((folder / _SIZES).read_text()) == _sizes(folder)
    except (OSError, ValueError):
        return False


def write(
    folder: Path,
    base: Path | None,
    remove: Sequence[str],
    add: "Iterable[tuple[list[str], NDArray[np.float32], list[Metadata]]]",
    changes: int,
) -> None:
    """Write a complete collection: another one, without some vectors, with others.

    Chroma saves its graph when `sync_threshold` changes have come in, and at no other time; so that is made the number
    of changes.

    Args:
        folder: Where to; must not exist.
        base: The folder of the collection to begin with; None for an empty one.
        remove: Ids of vectors to leave out.
        add: Batches of ids, unit vectors `[ids, dimension]` and metadata to put in.
        changes: How many are removed and added together.

    Raises:
        BrokenIndexError: Chroma has not written all of it.
    """
    if base is None:
        folder.mkdir()
    else:
        _copy(base, folder)
    settings = {"hnsw": {**GRAPH, "sync_threshold": max(2, changes)}}
    with _opened(folder) as client:
        # We bring our own vectors; Chroma's own embedding function would download a model.
        collection = _patiently(
            lambda: client.get_or_create_collection(_COLLECTION, configuration=settings, embedding_function=None)
        )
        _patiently(lambda: collection.modify(configuration={"hnsw": {"sync_threshold": max(2, changes)}}))
        twice = 2 if changes == 1 else 1  # the least threshold is 2
        for begin in range(0, len(remove), _BATCH):
            for _ in range(twice):
                _patiently(partial(collection.delete, ids=list(remove[begin : begin + _BATCH])))
        for ids, vectors, metadatas in add:
            # Chroma's `add` keeps the old vector, silently, where the id is there already.
            for _ in range(twice):
                _patiently(partial(collection.upsert, ids=ids, embeddings=vectors, metadatas=metadatas))
    _compact(folder)


def _patiently(call: Callable[[], Any]) -> Any:
    """Call again where one of Chroma's own connections has locked another out, which SQLite does not wait for."""
    from chromadb.errors import ChromaError

    for pause in (0.02, 0.1, 0.5, 2.0):
        try:
            return call()
        except ChromaError as error:
            if "locked" not in str(error):
                raise
            time.sleep(pause)
    return call()


def _copy(base: Path, folder: Path) -> None:
    """Copy a collection that others may be opening, at which Chroma writes to its database."""
    shutil.copytree(base, folder, ignore=lambda _, names: [name for name in names if name.startswith(_DATABASE)])
    with closing(sqlite3.connect(base / _DATABASE)) as old, closing(sqlite3.connect(folder / _DATABASE)) as new:
        old.backup(new)


def batches(rows: Iterable[Row], size: int) -> "Iterator[tuple[list[str], NDArray[np.float32], list[Metadata]]]":
    """Put vectors together into batches of a size that Chroma takes."""
    import numpy as np

    rows = iter(rows)
    while batch := list(islice(rows, size)):
        ids, vectors, metadatas = zip(*batch, strict=True)
        yield list(ids), np.stack(vectors), list(metadatas)


@contextmanager
def _opened(folder: Path) -> Iterator[Any]:
    client = _client(folder)
    try:
        yield client
    finally:
        client.close()


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))


def _compact(folder: Path) -> None:
    """Make sure that the graph was saved with every change, and give back the room of the changes' log."""
    with closing(sqlite3.connect(folder / _DATABASE)) as database:
        (last,) = database.execute("SELECT coalesce(max(seq_id), 0) FROM embeddings_queue").fetchone()
        behind = database.execute("SELECT count(*) FROM max_seq_id WHERE seq_id < ?", (last,)).fetchone()[0]
        if behind:
            raise BrokenIndexError(f"Chroma has not saved everything in {folder}: {behind} segments are behind.")
        database.execute("VACUUM")
    (folder / _SIZES).write_text(json.dumps(_sizes(folder)))
    for item in (*folder.rglob("*"), folder, folder.parent):
        descriptor = os.open(item, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sizes(folder: Path) -> dict[str, int]:
    """The sizes of the graph's files, in bytes, by name."""
    return {str(file.relative_to(folder)): file.stat().st_size for file in sorted(folder.glob("*/*"))}
