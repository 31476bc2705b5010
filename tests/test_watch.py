"""Watching with a real process, as `dateline watch` does it, but with an embedder that needs no model."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.library import Library
from index.lock import writing
from index.mirror import Mirrored
from index.watch import watch
from tests.conftest import HashedEmbedder

ROOT = Path(__file__).parent.parent
SCRIPT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal: jobs in the background inherit deafness
from index import embedding
from tests.conftest import HashedEmbedder
import assistant.assistant
assistant.assistant.open_embedder = lambda name: HashedEmbedder()
from assistant.cli import main
main()
"""
PATIENCE = 60  # seconds; a machine may be busy


class Watching:
    """`dateline watch` in a process of its own; what it says, line by line."""

    def __init__(self, library: Path, folder: Path, *flags: str) -> None:
        command = [sys.executable, "-c", SCRIPT, "--library", str(library), "watch", str(folder), "--json", *flags]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)

    def says(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for a line."""
        until = time.monotonic() + PATIENCE
        while True:
            said: dict[str, Any] = json.loads(self._lines.get(timeout=max(0.1, until - time.monotonic())))
            if wanted(said):
                return said

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


@pytest.fixture
def start(tmp_path: Path, folder: Path) -> Iterator[Callable[..., Watching]]:
    started: list[Watching] = []

    def run(*flags: str) -> Watching:
        started.append(Watching(tmp_path / "library", folder, *flags))
        return started[-1]

    yield run
    for one in started:
        one.process.kill()
        one.process.wait()


def story(name: str, text: str = "") -> str:
    return json.dumps({"title": f"About {name}", "text": text or f"There is news of {name} in Tollen."})


def titles(library: Path) -> list[str]:
    opened = Library(library, HashedEmbedder())
    try:
        return sorted(summary.title for summary in opened.articles())
    finally:
        opened.close()


@pytest.mark.parametrize("flags", [[], ["--poll", "0.3"]])
def test_what_happens_to_the_folder_happens_to_the_library(
    start: Callable[..., Watching], folder: Path, tmp_path: Path, flags: list[str]
) -> None:
    (folder / "a.json").write_text(story("ferries"), encoding="utf-8")
    watching = start(*flags)
    assert len(watching.says(lambda said: "added" in said)["added"]) == 1
    (folder / "b.json").write_text(story("floods"), encoding="utf-8")
    watching.says(lambda said: len(said.get("added", [])) == 1)
    (folder / "a.json").unlink()
    (folder / "b.json").write_text(story("floods", "They ebb."), encoding="utf-8")
    removed = replaced = 0
    while not (removed and replaced):
        said = watching.says(lambda said: bool(said.get("removed") or said.get("replaced")))
        removed, replaced = removed + len(said["removed"]), replaced + len(said["replaced"])
    assert watching.stop() == 0
    assert titles(tmp_path / "library") == ["About floods"]


def test_a_half_written_file_is_waited_for(start: Callable[..., Watching], folder: Path, tmp_path: Path) -> None:
    watching = start()
    (folder / "a.json").write_text(story("ferries"), encoding="utf-8")
    watching.says(lambda said: "added" in said)
    text = story("floods", "One sentence. " * 20)
    with (folder / "b.json").open("w", encoding="utf-8") as file:
        for begin in range(0, len(text), 40):  # slower than a look, quicker than a pause
            file.write(text[begin : begin + 40])
            file.flush()
            time.sleep(0.3)
    said = watching.says(lambda said: bool(said.get("added") or said.get("failures")))
    assert (len(said["added"]), said["failures"]) == (1, [])
    assert watching.stop(signal.SIGTERM) == 0


def test_a_busy_library_and_a_folder_that_goes_away_are_outlived(
    start: Callable[..., Watching], folder: Path, tmp_path: Path
) -> None:
    (folder / "a.json").write_text(story("ferries"), encoding="utf-8")
    watching = start()
    watching.says(lambda said: "added" in said)
    with writing(tmp_path / "library"):
        (folder / "b.json").write_text(story("floods"), encoding="utf-8")
        assert "is writing to the library" in watching.says(lambda said: "error" in said)["error"]
    watching.says(lambda said: len(said.get("added", [])) == 1)
    folder.rename(tmp_path / "away")
    watching.says(lambda said: "error" in said)
    assert titles(tmp_path / "library") == ["About ferries", "About floods"]
    (tmp_path / "away").rename(folder)
    (folder / "c.json").write_text(story("ponds"), encoding="utf-8")
    watching.says(lambda said: len(said.get("added", [])) == 1)
    assert watching.stop() == 0
    assert titles(tmp_path / "library") == ["About ferries", "About floods", "About ponds"]


def test_without_notices_it_polls(empty_library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchfiles

    def none(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "inotify")

    monkeypatch.setattr(watchfiles, "watch", none)
    monkeypatch.setattr("index.watch._POLL", 0.2)
    stop, heard = threading.Event(), []

    def report(done: Mirrored | Exception) -> None:
        heard.append(done)
        if isinstance(done, Mirrored):
            stop.set()
        else:
            (folder / "a.json").write_text(story("ferries"), encoding="utf-8")

    watch(empty_library, folder, report, stop=stop, settle=0.1)
    assert isinstance(heard[0], OSError)
    assert [len(done.added) for done in heard if isinstance(done, Mirrored)] == [1]
