import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import intake
from index.article import Article
from index.errors import EmptyFolderError, LibraryMismatchError
from index.library import Library
from index.lock import writing
from index.mirror import Mirrored, add_files, mirror
from index.readings import FileState
from index.splitting import Splitting
from tests.conftest import HashedEmbedder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


def write(path: Path, *articles: dict[str, str], age: float = 60) -> None:
    """A file of articles, last changed `age` seconds ago as far as its time of modification tells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(article) for article in articles), encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)


def story(name: str, text: str = "", **fields: str) -> dict[str, str]:
    return {"title": f"About {name}", "text": text or f"There is news of {name} in Tollen.", **fields}


def titles(library: Library) -> list[str]:
    return sorted(summary.title for summary in library.articles())


def state(library: Library) -> dict[str, object]:
    """All of a library that can be seen."""
    rows = library._stores.database.connection.execute("SELECT origin, article_id FROM origins ORDER BY origin")
    origins = {row["origin"]: row["article_id"] for row in rows}
    shown = {i: library.article(i).origin for i in library.ids()}
    assert all(origins.get(origin or "") == i for i, origin in shown.items())
    return {
        "ids": library.ids(),
        "index_id": library.index_id,
        "passages": library.status().passages,
        "origins": origins,
        # Not their scores: what was removed counts in those of the words until its segment is merged.
        "found": {hit.passage for hit in library.search("news of Tollen", k=20)},
    }


def test_a_library_follows_what_happens_to_a_folder(empty_library: Library, folder: Path) -> None:
    write(folder / "a.json", story("ferries"))
    write(folder / "deep" / "b.jsonl", story("bridges"), story("floods"))
    done = mirror(empty_library, folder)
    assert (len(done.added), done.removed, done.replaced) == (3, (), ())
    write(folder / "a.json", story("ferries", "The ferry sank."))
    write(folder / "deep" / "b.jsonl", story("floods"))
    done = mirror(empty_library, folder)
    assert (len(done.added), len(done.replaced), len(done.removed), done.unchanged) == (1, 1, 1, 1)
    (folder / "a.json").unlink()
    done = mirror(empty_library, folder)
    assert (done.added, done.replaced, len(done.removed)) == ((), (), 1)
    assert titles(empty_library) == ["About floods"]


def test_a_dry_run_tells_what_would_be_done_and_does_nothing(empty_library: Library, folder: Path) -> None:
    write(folder / "a.json", story("ferries"))
    write(folder / "b.json", story("floods"))
    write(folder / "c.json", story("bridges", url="https://post.example/bridges"))
    mirror(empty_library, folder)
    write(folder / "a.json", story("ferries", "The ferry sank."))
    (folder / "b.json").rename(folder / "d.json")
    write(folder / "e.json", story("bridges", "Open.", url="https://post.example/bridges"))
    (folder / "c.json").unlink()
    write(folder / "f.json", story("ponds"))
    before = state(empty_library), empty_library._catalog.generation
    told = mirror(empty_library, folder, dry_run=True)
    assert (state(empty_library), empty_library._catalog.generation) == before
    assert told == mirror(empty_library, folder)
    assert (len(told.added), len(told.replaced), told.removed) == (3, 2, ())


def test_only_what_was_read_from_the_folder_and_from_nowhere_else_is_removed(
    empty_library: Library, folder: Path, tmp_path: Path
) -> None:
    empty_library.add([Article("Typed in", "It rained in Tollen."), Article("About floods", "They ebb in Tollen.")])
    write(tmp_path / "other" / "a.json", story("ferries"))
    add_files(empty_library, [tmp_path / "other"])
    write(folder / "a.json", story("ferries"))
    write(folder / "b.json", story("floods", "They ebb in Tollen."))
    write(folder / "c.json", story("ponds"))
    assert mirror(empty_library, folder).unchanged == 2
    for path in folder.iterdir():
        path.unlink()
    write(folder / "d.json", story("taxes"))
    assert len(mirror(empty_library, folder).removed) == 1
    assert titles(empty_library) == ["About ferries", "About floods", "About taxes", "Typed in"]


def test_a_file_that_cannot_be_read_keeps_what_it_held(empty_library: Library, folder: Path) -> None:
    write(folder / "a.json", story("ferries"))
    write(folder / "b.jsonl", story("floods"), story("bridges"))
    write(folder / "c.json", story("ponds"))
    mirror(empty_library, folder)
    (folder / "a.json").write_text("{", encoding="utf-8")
    write(folder / "b.jsonl", {"title": "No text"}, story("taxes"))
    for _ in range(2):  # the second time from what is remembered
        done = mirror(empty_library, folder)
        assert [Path(failure.path).name for failure in done.failures] == ["a.json", "b.jsonl#0"]
        assert (done.kept, done.removed) == (2, ())
        assert titles(empty_library) == ["About ferries", "About floods", "About ponds", "About taxes"]
    write(folder / "a.json", story("ferries"))
    write(folder / "b.jsonl", story("taxes"))
    assert (len(mirror(empty_library, folder).removed), done.replaced) == (1, ())
    assert titles(empty_library) == ["About ferries", "About ponds", "About taxes"]


def test_a_folder_that_cannot_be_listed_keeps_what_it_held(
    empty_library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a.json", story("ferries"))
    write(folder / "closed" / "b.json", story("floods"))
    mirror(empty_library, folder)
    scandir = os.scandir

    def closed(path: str) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    done = mirror(empty_library, folder)
    assert [Path(failure.path).name for failure in done.failures] == ["closed"]
    assert titles(empty_library) == ["About ferries", "About floods"]


@pytest.mark.parametrize("empty", [True, False])
def test_an_empty_or_missing_folder_empties_the_library_only_when_told_so(
    empty_library: Library, folder: Path, empty: bool
) -> None:
    write(folder / "a.json", story("ferries"))
    mirror(empty_library, folder)
    (folder / "a.json").unlink()
    if not empty:
        folder.rmdir()
    with pytest.raises(EmptyFolderError, match=r"Nothing was changed.*--allow-empty"):
        mirror(empty_library, folder)
    assert len(mirror(empty_library, folder, allow_empty=True, dry_run=True).removed) == 1
    assert len(empty_library.ids()) == 1
    mirror(empty_library, folder, allow_empty=True)
    assert empty_library.is_empty()


def test_a_folder_that_was_always_empty_is_nothing_to_worry_about(empty_library: Library, folder: Path) -> None:
    assert mirror(empty_library, folder) == Mirrored()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of files that were hashed or read, in turn."""
    names: list[str] = []
    hash_of, read_each = intake.Intake._hash, intake.read_each

    def hashing(self: intake.Intake, path: str) -> str:
        names.append(f"hash {Path(path).name}")
        return hash_of(self, path)

    def reading(found: Any, **more: Any) -> Any:
        for source, items in read_each(found, **more):
            names.append(f"read {Path(source.path).name}")
            yield source, items

    monkeypatch.setattr(intake.Intake, "_hash", hashing)
    monkeypatch.setattr(intake, "read_each", reading)
    return names


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every look at a file is ten seconds behind its last change."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 10_000_000_000)


@pytest.mark.usefixtures("later")
def test_what_has_not_changed_is_not_opened(empty_library: Library, folder: Path, opened: list[str]) -> None:
    write(folder / "a.json", story("ferries"))
    write(folder / "b.json", {"title": "No text"})
    mirror(empty_library, folder)
    opened.clear()
    with writing(empty_library.folder):  # nor does it wait for a writer
        assert (mirror(empty_library, folder).unchanged, add_files(empty_library, [folder]).unchanged) == (1, 1)
    assert len(mirror(empty_library, folder).failures) == 1
    assert opened == []


@pytest.mark.usefixtures("later")
def test_a_touched_file_is_recognised_by_its_hash(empty_library: Library, folder: Path, opened: list[str]) -> None:
    write(folder / "a.json", story("ferries"))
    mirror(empty_library, folder)
    opened.clear()
    (folder / "a.json").touch()
    mirror(empty_library, folder)
    assert set(opened) == {"hash a.json"}
    opened.clear()
    mirror(empty_library, folder)
    assert opened == []


def test_a_file_changed_within_a_tick_of_the_clock_is_not_trusted(
    empty_library: Library, folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a file is written twice in the tick in which it is read: size and times are those recorded."""
    write(folder / "a.json", story("ferries", "It sank."))
    mirror(empty_library, folder)
    monkeypatch.setattr(FileState, "is_that_of", lambda self, other: True)
    write(folder / "a.json", story("ferries", "It swam."))
    assert len(mirror(empty_library, folder).replaced) == 1


@pytest.mark.usefixtures("later")
def test_another_reader_reads_again(
    empty_library: Library, folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a.json", story("ferries"))
    mirror(empty_library, folder)
    opened.clear()
    monkeypatch.setattr(intake, "reader_version", lambda: "another")
    assert mirror(empty_library, folder).unchanged == 1
    assert "read a.json" in opened


def test_the_parsers_whose_versions_count_are_all_those_that_the_loader_imports() -> None:
    from importlib.metadata import packages_distributions

    import index.load.version as module

    distributions = packages_distributions()
    imported = {
        distribution.lower()
        for file in Path(module.__file__).parent.rglob("*.py")
        for name in re.findall(r"^\s*(?:from|import) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        if name not in sys.stdlib_module_names and name not in ("index", "end")
        for distribution in distributions.get(name, [])
    }
    assert imported <= {name.lower() for name in module.PARSERS}


def test_a_new_entry_at_the_top_of_a_list_costs_one_article(empty_library: Library, folder: Path) -> None:
    stories = [story(f"matter {n}") for n in range(30)]
    write(folder / "feed.jsonl", *stories)
    add_files(empty_library, [folder])
    write(folder / "feed.jsonl", story("ferries"), *stories[:-1])
    done = add_files(empty_library, [folder])
    assert (len(done.added), done.replaced, done.unchanged) == (1, (), 29)
    assert len(empty_library.ids()) == 31  # what has dropped off the list stays
    assert len(mirror(empty_library, folder).removed) == 1


def test_files_still_being_written_are_waited_for(empty_library: Library, folder: Path) -> None:
    write(folder / "a.json", story("ferries"))
    done = mirror(empty_library, folder, settle=60)
    assert ([Path(path).name for path in done.waiting], done.added) == (["a.json"], ())


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_time(
    empty_library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a.json", story("ferries"))
    write(folder / "b.json", story("floods"))
    mirror(empty_library, folder)
    read_each = intake.read_each

    def reading(found: Any, **more: Any) -> Any:
        for source, items in read_each(found, **more):
            with open(source.path, "a") as file:
                file.write(" ")
            yield source, items

    write(folder / "a.json", story("ferries", "It s"))
    monkeypatch.setattr(intake, "read_each", reading)
    done = mirror(empty_library, folder)
    assert "while it was being read" in done.failures[0].reason
    assert (done.kept, done.is_change) == (1, False)
    monkeypatch.setattr(intake, "read_each", read_each)
    assert len(mirror(empty_library, folder).replaced) == 1


def test_a_mirrored_library_remembers_what_it_was_made_with(empty_library: Library, folder: Path) -> None:
    write(folder / "a.json", story("ferries"))
    mirror(empty_library, folder)
    with pytest.raises(LibraryMismatchError, match="splitting"):
        Library(empty_library.folder, HashedEmbedder(), Splitting(target_words=100))


def test_a_library_in_the_folder_is_not_read(folder: Path) -> None:
    library = Library(folder / "library", HashedEmbedder())
    write(folder / "a.json", story("ferries"))
    assert len(mirror(library, folder).added) == 1
    write(folder / "b.json", story("floods"))
    done = mirror(library, folder)
    assert (len(done.added), done.failures) == (1, ())
    library.close()


def test_an_article_that_moved_leaves_its_place_to_the_one_that_took_it(empty_library: Library, folder: Path) -> None:
    write(folder / "a.json", story("ferries"))
    mirror(empty_library, folder)
    write(folder / "a.json", story("floods"))
    write(folder / "b.json", story("ferries"))
    mirror(empty_library, folder)
    assert {Path(origin).name: i for origin, i in state(empty_library)["origins"].items()} == {  # type: ignore[attr-defined]
        "a.json#0": next(i for i in empty_library.ids() if empty_library.article(i).title == "About floods"),
        "b.json#0": next(i for i in empty_library.ids() if empty_library.article(i).title == "About ferries"),
    }


CONTENTS = [
    [],
    [story("ferries")],
    [story("ferries", "The ferry sank.")],
    [story("floods"), story("bridges")],
    [story("ponds"), story("floods"), story("bridges")],
    [story("bridges"), story("ferries")],
    [story("taxes", url="https://post.example/taxes", updated="2025-01-01")],
    [story("taxes", "Up.", url="https://post.example/taxes", updated="2025-01-02")],
    [story("taxes", "Dn.", url="https://post.example/taxes", updated="2025-01-02")],
    [story("taxes", "Down.", url="https://post.example/taxes"), story("ferries")],
]
NAMES = ["a.jsonl", "b.jsonl", "deep/a.jsonl", "deep/c.jsonl"]
one = st.sampled_from(NAMES)
content = st.sampled_from([c for c in CONTENTS if c])
steps = st.one_of(
    st.tuples(st.just("write"), one, content),
    st.tuples(st.just("write with the old time"), one, content),
    st.tuples(st.just("rename"), one, one),
    st.tuples(st.just("swap"), one, one),
    st.tuples(st.just("delete"), one, st.none()),
    st.tuples(st.just("touch"), one, st.none()),
    st.tuples(st.just("move the folder"), st.none(), st.none()),
    st.tuples(st.just("sync"), st.none(), st.none()),
    st.tuples(st.just("add"), st.none(), st.none()),
)


def change(folder: Path, what: str, name: str | None, other: object) -> None:
    path = folder / (name or "")
    match what:
        case "write":
            write(path, *other)  # type: ignore[misc]
        case "write with the old time" if path.exists():
            old = path.stat()
            write(path, *other)  # type: ignore[misc]
            os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
        case "rename" if path.exists():
            (folder / str(other)).parent.mkdir(exist_ok=True)
            path.replace(folder / str(other))
        case "swap" if name != other and path.exists() and (folder / str(other)).exists():
            path.replace(folder / "swapped")
            (folder / str(other)).replace(path)
            (folder / "swapped").replace(folder / str(other))
        case "delete":
            path.unlink(missing_ok=True)
        case "touch" if path.exists():
            os.utime(path)
        case "move the folder" if (folder / "deep").exists():
            (folder / "deep").rename(folder / ("moved" if not (folder / "moved").exists() else "moved again"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=14))
def test_after_syncing_a_library_is_a_fresh_library_of_the_folder(
    alone: None, all_steps: list[tuple[str, str, str]]
) -> None:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch, "news")
        folder.mkdir()
        library, fresh = (Library(Path(scratch, name), HashedEmbedder()) for name in ("library", "fresh"))
        for what, name, other in [*all_steps, ("sync", "", "")]:
            if what == "sync":
                mirror(library, folder, allow_empty=True)
            elif what == "add":
                add_files(library, [folder])
            else:
                change(folder, what, name, other)
        mirror(fresh, folder, allow_empty=True)
        assert state(library) == state(fresh)
        again = mirror(library, folder, allow_empty=True)
        assert not again.is_change
        library.close()
        fresh.close()
