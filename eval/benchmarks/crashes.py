"""What is left when a process that writes is killed: `python -m eval.benchmarks.crashes`.

A child process adds, updates, removes, purges and reindexes by a fixed plan, and notes each step when it is done. It is
killed (SIGKILL) at random moments, and started again each time with the first step that was not noted. Behind each
kill the library is opened as anybody would open it, and everything must hold: all that was noted is there, nothing
is there twice or that should not be, and `dateline doctor` finds nothing broken. At the end the library must be equal
to one that was made without any kill. Writes `crashes.md` beside this file.
"""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.benchmarks.made_articles import made_articles
from index import stores
from index.article import Article
from index.embedding import Embedder, ModelIdentity, PackagedEmbedder
from index.library import Library
from index.splitting import Splitting
from index.terms import terms

KILLS = 60
_SPLITTINGS = (Splitting(40, 1), Splitting(60, 0))


class QuickEmbedder:
    """Words as vectors, in no time: each term adds a direction that its hash gives."""

    identity = ModelIdentity("quick", "0" * 64, 64)

    def encode_passages(self, texts: Sequence[str]) -> Any:
        """Encode passages into an array `[len(texts), 64]` of unit vectors."""
        import numpy as np

        vectors = np.full((len(texts), 64), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                digest = sha256(term.encode()).digest()
                for i in range(8):
                    vectors[row, digest[i] % 64] += 1 if digest[8 + i] % 2 else -1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_questions = encode_passages


@dataclass(frozen=True)
class Step:
    """One step of the plan.

    Attributes:
        deed: `add` (new articles, or new versions), `remove`, `purge` (which removes too) or `reindex`.
        articles: The articles added or removed.
        splitting: How articles are cut from then on, for `reindex`.
    """

    deed: str
    articles: tuple[Article, ...] = ()
    splitting: Splitting = _SPLITTINGS[0]


def plan(steps: int, seed: int, size: int = 40) -> list[Step]:
    """A plan of so many steps, each adding up to `size` articles or removing a few."""
    chance = random.Random(seed)  # noqa: S311
    planned: list[Step] = []
    there: dict[str, Article] = {}
    cut = 0
    for number in range(steps):
        deed = chance.choices(("add", "update", "remove", "purge", "reindex"), (8, 4, 4, 1, 1))[0]
        if deed == "reindex":
            cut = 1 - cut
            planned.append(Step("reindex", splitting=_SPLITTINGS[cut]))
            continue
        if deed == "add" or len(there) < size:
            articles = made_articles(chance.randrange(1, size), seed=number, sentences=8)
            deed = "add"
        else:
            articles = chance.sample(sorted(there.values(), key=lambda a: a.id), chance.randrange(1, size // 2))
        if deed == "update":
            articles = [replace(a, text=f"{a.text} Corrected in step {number}.") for a in articles]
        if deed in ("add", "update"):
            there |= {a.url or a.id: a for a in articles}
            planned.append(Step("add", tuple(articles)))
        else:
            for article in articles:
                del there[article.url or article.id]
            planned.append(Step(deed, tuple(articles)))
    return planned


def states(steps: Sequence[Step]) -> list[set[str]]:
    """The ids of the articles that are there before the first step, and behind each."""
    there: dict[str, str] = {}
    found = [set(there.values())]
    for step in steps:
        for article in step.articles:
            if step.deed == "add":
                there[article.url or article.id] = article.id
            else:
                there.pop(article.url or article.id, None)
        found.append(set(there.values()))
    return found


def opened(folder: Path, embedder: Embedder) -> Library:
    """The library, with the splitting that it was last indexed with."""
    recorded = stores.Stores.at(folder)
    made_with = recorded.catalog.meta("made_with")
    recorded.close()
    return Library(folder, embedder, Splitting(**made_with["splitting"]) if made_with else _SPLITTINGS[0])


def carry_out(folder: Path, embedder: Embedder, steps: Sequence[Step], notes: Path) -> None:
    """Do the steps that are not noted yet; a removal that was done and not noted is found done."""
    done = len(notes.read_bytes()) if notes.exists() else 0
    with notes.open("ab", buffering=0) as noting:
        for step in steps[done:]:
            if step.deed == "reindex":
                stores.reindex(folder, embedder, step.splitting)
            else:
                with opened(folder, embedder) as library:
                    if step.deed == "add":
                        library.add(step.articles)
                    else:
                        here = [article.id for article in step.articles if library.find(article.id)]
                        library.remove(here, purge=step.deed == "purge")
            noting.write(b".")


def _child(folder: Path, real: bool, steps: Sequence[Step], notes: Path) -> None:
    carry_out(folder, PackagedEmbedder() if real else QuickEmbedder(), steps, notes)


def content(library: Library) -> dict[str, tuple[str, frozenset[tuple[str, int, int]]]]:
    """All that must be equal: content hash and passages by article id."""
    build = library._builds.indexes().build
    return {
        summary.id: (
            library.article(summary.id).content_hash,
            frozenset(library._builds.spans(summary.id, build)),
        )
        for summary in library.articles()
    }


@dataclass
class Outcome:
    """What came of a trial.

    Attributes:
        kills: How many processes were killed at work.
        hit: How many kills fell into each kind of step.
        lost: Articles noted as added that were gone.
        unexpected: Articles that should not be there, or are there twice.
        broken: What the doctor found, behind all kills.
        equal: Whether the library is in the end equal to one without kills.
        slowest_start: Seconds of the slowest opening behind a kill, with its first search.
    """

    kills: int
    hit: Counter[str]
    lost: int
    unexpected: int
    broken: list[str]
    equal: bool
    slowest_start: float


def trial(scratch: Path, kills: int, seed: int, *, real: bool = False, steps: int = 60, size: int = 40) -> Outcome:
    """Kill a process so many times at random moments of a plan, and look at what is left each time."""
    chance = random.Random(seed)  # noqa: S311
    planned = plan(steps, seed, size)
    expected = states(planned)
    embedder: Embedder = PackagedEmbedder() if real else QuickEmbedder()
    began = time.perf_counter()
    carry_out(scratch / "clean", embedder, planned, scratch / "clean-notes")
    whole = time.perf_counter() - began
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["eval.benchmarks.crashes", "chromadb", "tantivy", "filelock", "onnxruntime"])
    folder, notes = scratch / "killed", scratch / "notes"
    outcome = Outcome(0, Counter(), 0, 0, [], False, 0.0)
    while outcome.kills < kills:
        process = context.Process(target=_child, args=(folder, real, planned, notes))
        process.start()
        # So that the kills spread over the whole plan.
        process.join(chance.uniform(0.0, 1.6 * whole / kills))
        if process.exitcode is not None:
            if process.exitcode:
                outcome.broken.append(f"the process ended with {process.exitcode}")
            break
        assert process.pid is not None  # noqa: S101 - it has been started
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        outcome.kills += 1
        done = len(notes.read_bytes()) if notes.exists() else 0
        outcome.hit[planned[done].deed if done < len(planned) else "end"] += 1
        _look(folder, embedder, expected[done], expected[min(done + 1, len(planned))], outcome)
    process = context.Process(target=_child, args=(folder, real, planned, notes))
    process.start()
    process.join()
    with opened(folder, embedder) as killed, opened(scratch / "clean", embedder) as clean:
        outcome.equal = content(killed) == content(clean) and killed.index_id == clean.index_id
    return outcome


def _look(folder: Path, embedder: Embedder, before: set[str], behind: set[str], outcome: Outcome) -> None:
    began = time.perf_counter()
    with opened(folder, embedder) as library:
        library.search("Who saw the bridge of Tollen?")
        outcome.slowest_start = max(outcome.slowest_start, time.perf_counter() - began)
        summaries = library.articles()
        there = {summary.id for summary in summaries}
        outcome.lost += len((before & behind) - there)
        outcome.unexpected += len(there - (before | behind)) + len(summaries) - len({s.url for s in summaries})
        outcome.broken += [f"{check.name}: {check.detail}" for check in library.doctor.examine() if not check.ok]


def main() -> None:
    """Kill, look, and write the table."""
    rows, details = [], []
    for name, kills, real, seed, steps, size in (
        ("quick double", KILLS, False, 1, 90, 60),
        ("all-MiniLM-L6-v2", 12, True, 2, 20, 12),
    ):
        with TemporaryDirectory() as scratch:
            found = trial(Path(scratch), kills, seed, real=real, steps=steps, size=size)
        details += found.broken
        hit = ", ".join(f"{deed} {count}" for deed, count in sorted(found.hit.items()))
        rows.append(
            f"| {name} | {found.kills} | {hit} | {found.lost} | {found.unexpected} | {len(found.broken)} |"
            f" {'yes' if found.equal else 'no'} | {found.slowest_start:.1f} |"
        )
    lines = [
        "# What is left when a writing process is killed",
        "",
        "Made by `python -m eval.benchmarks.crashes`: SIGKILL at random moments, spread over a plan of adding,",
        "updating, removing, purging and reindexing; behind each, another process opens the library and examines it.",
        "",
        "| encoder | kills | killed in | noted articles lost | there twice or wrongly | broken checks of the doctor |"
        " equal to a run without kills | slowest opening and first search, s |",
        "|---|---:|---|---:|---:|---:|---|---:|",
        *rows,
        *(f"\nBroken: {detail}" for detail in details),
    ]
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
