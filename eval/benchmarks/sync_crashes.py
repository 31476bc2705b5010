"""What is left when a process that syncs is killed: `python -m eval.benchmarks.sync_crashes`.

Files of a folder are written, changed, renamed, swapped and removed at random; a process mirrors the folder and is
killed (SIGKILL) at a random moment. Behind each kill the library is opened, and what a finished sync had put in and is
still in the folder must be there, nothing else but what the folder held since, and `dateline doctor` must find nothing.
At the end one sync must make it equal to a fresh library of the folder. Writes `sync_crashes.md` beside this file.
"""

import json
import multiprocessing
import os
import random
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.benchmarks.crashes import QuickEmbedder
from eval.benchmarks.made_articles import made_articles
from index.article import Article
from index.library import Library
from index.load import read
from index.mirror import mirror

KILLS, FILES, CHANGES = 60, 120, 40


@dataclass
class Outcome:
    """What came of a trial.

    Attributes:
        kills: How many processes were killed at work.
        finished: How many syncs came to their end before.
        lost: Articles put in by a finished sync, and in the folder ever since, that were gone.
        unexpected: Articles that were in the library though not in the folder since the last finished sync.
        broken: What the doctor found, behind all kills.
        equal: Whether the library is in the end equal to a fresh one.
    """

    kills: int = 0
    finished: int = 0
    lost: int = 0
    unexpected: int = 0
    broken: list[str] = field(default_factory=list)
    equal: bool = False


def change(folder: Path, chance: random.Random, number: int, count: int, fewest: int) -> None:
    """Change that many files, of a folder that keeps at least some."""
    for n in range(count):
        files = sorted(folder.iterdir())
        deed = chance.choice(("write", "write", "update", "rename", "swap", "remove"))
        if deed == "write" or len(files) < fewest:
            articles = made_articles(chance.randrange(1, 4), seed=number * 1000 + n)
            lines = [json.dumps(asdict(article)) for article in articles]
            (folder / f"{number}-{n}.jsonl").write_text("\n".join(lines), encoding="utf-8")
            continue
        one, other = chance.sample(files, 2)
        if deed == "update":
            one.write_text(one.read_text(encoding="utf-8").replace("report", f"report, changed {number},"))
        elif deed == "rename":
            one.rename(folder / f"{number}-{n}-{one.name}"[-60:])
        elif deed == "swap":
            one.rename(folder / "swapped")
            other.rename(one)
            (folder / "swapped").rename(other)
        elif len(files) > fewest:
            one.unlink()


def sync(library: Path, folder: Path) -> None:
    """Mirror a folder."""
    with Library(library, QuickEmbedder()) as opened:
        mirror(opened, folder)


def trial(scratch: Path, kills: int, seed: int, files: int = FILES, changes: int = CHANGES) -> Outcome:
    """Kill a syncing process so many times, and look at what is left each time."""
    chance = random.Random(seed)  # noqa: S311
    folder, place = scratch / "news", scratch / "library"
    folder.mkdir()
    change(folder, chance, 0, files, files // 2)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["eval.benchmarks.sync_crashes", "tantivy", "filelock"])
    outcome = Outcome()
    began = time.perf_counter()
    sync(place, folder)
    whole = time.perf_counter() - began
    sure = possible = _ids(folder)
    while outcome.kills < kills:
        change(folder, chance, outcome.kills + outcome.finished + 1, changes, files // 2)
        now = _ids(folder)
        sure, possible = sure & now, possible | now
        process = context.Process(target=sync, args=(place, folder))
        process.start()
        process.join(chance.uniform(0.0, whole))
        if process.exitcode is not None:
            outcome.finished += 1
            outcome.broken += [f"the sync ended with {process.exitcode}"] * bool(process.exitcode)
            sure = possible = now
            continue
        assert process.pid is not None  # noqa: S101 - it has been started
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        outcome.kills += 1
        with Library(place, QuickEmbedder()) as library:
            there = set(library.ids())
            outcome.lost += len(sure - there)
            outcome.unexpected += len(there - possible)
            outcome.broken += [f"{check.name}: {check.detail}" for check in library.doctor.examine() if not check.ok]
    sync(place, folder)
    sync(scratch / "fresh", folder)
    outcome.equal = _all(place) == _all(scratch / "fresh")
    return outcome


def _ids(folder: Path) -> set[str]:
    return {item.id for item in read([folder]) if isinstance(item, Article)}


def _all(place: Path) -> tuple[str, list[tuple[str, str | None]]]:
    with Library(place, QuickEmbedder()) as library:
        return library.index_id, [(i, library.article(i).origin) for i in library.ids()]


def main() -> None:
    """Kill, look, and write the table."""
    with TemporaryDirectory() as scratch:
        found = trial(Path(scratch), KILLS, 1)
    lines = [
        "# What is left when a syncing process is killed",
        "",
        "Made by `python -m eval.benchmarks.sync_crashes`: SIGKILL at random moments of syncs, each of a folder in",
        f"which {CHANGES} files were written, changed, renamed, swapped or removed; behind each, another process opens",
        "the library and examines it.",
        "",
        "| kills | syncs that ended before | articles lost | there wrongly | broken checks of the doctor |"
        " equal to a fresh library of the folder |",
        "|---:|---:|---:|---:|---:|---|",
        f"| {found.kills} | {found.finished} | {found.lost} | {found.unexpected} | {len(found.broken)} |"
        f" {'yes' if found.equal else 'no'} |",
    ]
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
