"""Disks that are full or cannot be written."""

import multiprocessing
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from eval.benchmarks.made_articles import made_articles
from index.errors import DiskError, ReadOnlyError
from index.library import Library
from index.passage import Filters
from tests.conftest import BRIDGE, FLOOD, NAQVI, HashedEmbedder


def _mount(*words: str) -> bool:
    return (
        os.geteuid() == 0 and subprocess.run(["/bin/mount", *words], capture_output=True, check=False).returncode == 0
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)):
        pytest.skip("file systems cannot be mounted here")
    yield disk
    subprocess.run(["/bin/umount", "-l", str(disk)], check=False)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    with Library(tmp_path / "library", HashedEmbedder()) as library:
        library.add(made_articles(250))
        library.add([NAQVI, BRIDGE, FLOOD])
    folder = str(tmp_path / "library")
    if not (_mount("--bind", folder, folder) and _mount("-o", "remount,ro,bind", folder)):
        pytest.skip("file systems cannot be mounted here")
    yield tmp_path / "library"
    subprocess.run(["/bin/umount", "-l", folder], check=False)


def test_a_library_on_a_full_disk_says_so_opens_and_answers(small_disk: Path) -> None:
    with Library(small_disk / "library", HashedEmbedder()) as library:
        library.add([NAQVI, BRIDGE])
        much = (article for seed in range(100) for article in made_articles(200, seed=seed, sentences=30))
        with pytest.raises(DiskError, match=r"is full.*Make room"):
            library.add(much)
        kept = {article.id for article in library.articles()}
    with Library(small_disk / "library", HashedEmbedder()) as again:
        assert {article.id for article in again.articles()} == kept >= {NAQVI.id, BRIDGE.id}
        assert again.search("When will the Ferris bridge close?")[0].passage.article_id == BRIDGE.id
    assert _mount("-o", "remount,size=100m", str(small_disk))
    with Library(small_disk / "library", HashedEmbedder()) as roomy:
        roomy.add([*made_articles(200, seed=99), FLOOD])
        assert [check.detail for check in roomy.doctor.examine() if not check.ok] == []


def _add_with_little_room(folder: Path, answer: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    try:
        with Library(folder, HashedEmbedder()) as library:
            library.add(made_articles(2_000, seed=7, sentences=12))
        answer.send("no error")
    except Exception as error:
        answer.send(f"{type(error).__name__}: {error}")


def test_where_files_may_not_grow_it_is_told_plainly_too(library: Library) -> None:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_add_with_little_room, args=(library.folder, there))
    process.start()
    assert here.poll(120)
    assert here.recv().startswith("DiskError: ")
    process.join()
    assert library.search("When will the Ferris bridge close?")[0].passage.article_id == BRIDGE.id
    library.add([])
    assert [check.detail for check in library.doctor.examine() if not check.ok] == []


def test_a_read_only_library_is_searched_and_refuses_changes(read_only: Path) -> None:
    with Library(read_only, HashedEmbedder()) as library:
        assert library.search("When will the Ferris bridge close?")[0].passage.article_id == BRIDGE.id
        sealed = made_articles(250)[3]
        assert library.search(sealed.context + sealed.text)[0].passage.article_id == sealed.id
        assert library._builds.indexes().sealed == 250
        assert library.search("bridge", filters=Filters(sources=("Tollen Post",)))[0].passage.article_id == BRIDGE.id
        with pytest.raises(ReadOnlyError, match="cannot be written"):
            library.add([NAQVI])
        with pytest.raises(ReadOnlyError):
            library.remove([NAQVI.id])
        assert [check.detail for check in library.doctor.examine() if not check.ok] == []


def test_what_a_killed_writer_left_in_the_log_is_read_from_a_read_only_disk(tmp_path: Path) -> None:
    with Library(tmp_path / "library", HashedEmbedder()) as library:
        library.add([NAQVI, BRIDGE])
        shutil.copytree(library.folder, tmp_path / "copy")  # with the write-ahead log, as after a kill
    assert (tmp_path / "copy" / "catalog.sqlite-wal").stat().st_size
    (tmp_path / "copy" / "catalog.sqlite-shm").unlink(missing_ok=True)
    folder = str(tmp_path / "copy")
    if not (_mount("--bind", folder, folder) and _mount("-o", "remount,ro,bind", folder)):
        pytest.skip("file systems cannot be mounted here")
    try:
        with Library(tmp_path / "copy", HashedEmbedder()) as library:
            assert {article.id for article in library.articles()} == {NAQVI.id, BRIDGE.id}
            assert library.search("When will the Ferris bridge close?")[0].passage.article_id == BRIDGE.id
    finally:
        subprocess.run(["/bin/umount", "-l", folder], check=False)
