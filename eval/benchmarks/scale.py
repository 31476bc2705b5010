"""Time and memory against the number of passages: `python -m eval.benchmarks.scale FOLDER [SIZE…]`.

Makes a library of each size in FOLDER (1,000, 10,000, 100,000 and 1,000,000 passages unless told otherwise) from
made-up articles, see `eval.benchmarks.made_up`, and searches it for gold questions, which are encoded by the packaged
model. Each step runs in a process of its own, and is kept in FOLDER: a run that was stopped goes on from there.
Writes `scale.md` and two drawings beside this file.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from eval.benchmarks.drawing import against_size_svg
from eval.benchmarks.made_up import MadeUp
from eval.command import GOLD
from eval.gold import load_native
from index.library import Library

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_QUESTIONS, _WARM_UP, _COMPARED, _K = 100, 20, 100, 10
_RESULTS = "results.json"


@dataclass(frozen=True)
class Point:
    """What was measured at one size.

    Attributes:
        size: Passages.
        add_s: Seconds that adding took, without encoding; 0 where it was done before.
        add_mb: Most memory of the process that added, in MiB.
        open_s: Seconds from opening to the first hits, the encoder loaded.
        open_cpu_s: Of these, seconds of processor time.
        p50_ms: Median of a search, from the question to the hits.
        p95_ms: 95th percentile of the same.
        cpu_p50_ms: Median of the processor time of a search.
        cpu_p95_ms: 95th percentile of the same.
        parts_ms: Mean milliseconds of processor time of a search by its parts.
        recall: Share of the ten nearest passages that the vector index finds, `recall@10`.
        search_mb: Most memory of the process that searched, in MiB.
        disk_mb: Room on the disk, in MiB, by part.
    """

    size: int
    add_s: float
    add_mb: float
    open_s: float
    open_cpu_s: float
    p50_ms: float
    p95_ms: float
    cpu_p50_ms: float
    cpu_p95_ms: float
    parts_ms: dict[str, float]
    recall: float
    search_mb: float
    disk_mb: dict[str, float]


def _peak_mb() -> float:
    # Not `ru_maxrss`, which begins with that of the process that started this one.
    (peak,) = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
    return int(peak) / 1024


def add(folder: Path, size: int) -> dict[str, Any]:
    """Make the library, or go on with it where it was stopped."""
    made_up = MadeUp(folder)
    library = Library(folder / str(size), made_up)
    before = library.status().passages
    began = time.perf_counter()
    with Progress(*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn()) as progress:
        task = progress.add_task(f"{size:,} passages", total=size, completed=before)
        library.add(made_up.articles(size), lambda done, _: progress.update(task, completed=before + done))
    took = time.perf_counter() - began
    added = library.status().passages - before
    library.close()
    return {"add_s": took * size / added if added else 0.0, "add_mb": _peak_mb()}


def search(folder: Path, size: int) -> dict[str, Any]:
    """Open the library and search it."""
    made_up = MadeUp(folder)
    questions = [q.question for q in load_native(GOLD) if not q.history]
    questions = questions[:: len(questions) // (_QUESTIONS + _WARM_UP)][: _QUESTIONS + _WARM_UP]
    made_up.encode_questions(questions[:1])
    began, worked = time.perf_counter(), time.process_time()
    library = Library(folder / str(size), made_up)
    library.search(questions[0])
    opened, opened_cpu = time.perf_counter() - began, time.process_time() - worked
    for question in questions[:_WARM_UP]:
        library.search(question)
    parts = _watched(library)
    took, cpu = [], []
    for question in questions[_WARM_UP:]:
        began, worked = time.perf_counter(), time.process_time()
        library.search(question)
        took.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - worked) * 1000)
    peak = _peak_mb()
    found = {
        "open_s": opened,
        "open_cpu_s": opened_cpu,
        "p50_ms": float(np.percentile(took, 50)),
        "p95_ms": float(np.percentile(took, 95)),
        "cpu_p50_ms": float(np.percentile(cpu, 50)),
        "cpu_p95_ms": float(np.percentile(cpu, 95)),
        "parts_ms": {name: total / len(took) for name, total in parts.items()},
        "search_mb": peak,
        "recall": _recall(library, made_up.encode_questions(questions[-_COMPARED:])),
        "disk_mb": _disk(folder / str(size)),
    }
    library.close()
    return found


def _watched(library: Library) -> dict[str, float]:
    """Have the parts of a search add the milliseconds of processor time that they take to a dictionary."""
    spent: dict[str, float] = {}

    def watch(owner: object, method: str, name: str) -> None:
        plain: Callable[..., Any] = getattr(owner, method)

        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.process_time()
            try:
                return plain(*args, **kwargs)
            finally:
                spent[name] = spent.get(name, 0.0) + (time.process_time() - began) * 1000

        setattr(owner, method, timed)

    watch(library.embedder, "encode_questions", "encode the question")
    watch(library._vectors, "search", "nearest vectors")
    watch(library._vectors, "cosines", "cosines of the others")
    watch(library._words, "search", "words")
    watch(library._words, "ideal_score", "best score of words")
    watch(library._catalog, "passages", "read the passages")
    return spent


def _recall(library: Library, vectors: NDArray[np.float32]) -> float:
    """recall@10 of the vector index, asked as a search asks it, against comparing all vectors."""
    best = np.full((len(vectors), _K), -1.0, np.float32)
    chunk: list[bytes] = []

    def compare() -> None:
        nonlocal best
        stored = np.frombuffer(b"".join(chunk), "<f4").reshape(len(chunk), -1)
        best = -np.partition(-np.hstack([best, vectors @ stored.T]), _K - 1, axis=1)[:, :_K]
        chunk.clear()

    for row in library._builds.recent(library._builds.indexes().build, 0):
        chunk.append(row.vector)
        if len(chunk) == 20_000:
            compare()
    if chunk:
        compare()
    shares = []
    for vector, nearest in zip(vectors, best, strict=True):
        found = library._vectors.search(vector, 50)[:_K]
        shares.append(sum(cosine >= nearest.min() - 1e-5 for _, cosine in found) / _K)
    return float(np.mean(shares))


def _disk(folder: Path) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for file in folder.rglob("*"):
        if file.is_file():
            part = file.relative_to(folder).parts[0].split("-")[0].split(".")[0]
            sizes[part] = sizes.get(part, 0.0) + file.stat().st_size / 2**20
    return sizes


def table(points: list[Point]) -> str:
    """The table of `scale.md`."""
    first = points[0]
    lines = [
        "# Time and memory against size",
        "",
        "Made by `python -m eval.benchmarks.scale FOLDER` on two cores. The articles are sentences of the sample "
        "articles put together anew, one passage each; their vectors are the encoder's vectors of these sentences, "
        "mixed, with a little seeded noise, because encoding a million passages would take eight hours. The questions "
        f"are gold questions, encoded by the packaged model: {_QUESTIONS} searches after {_WARM_UP} to warm up; for "
        f"recall the ten nearest of {_COMPARED} questions, against comparing all vectors. Adding is without encoding.",
        "",
        "Processor time is what a search needs alone, on a machine with other work to do too. Memory while adding is "
        "not flat: Chroma holds the graph that it writes, and what it let go of stays with the process.",
        "",
        "| passages | search p50, p95 ms | processor p50, p95 ms | p95 to smallest: clock, processor | recall@10 "
        "| open and first search: clock, processor s | add, a second | memory: search, add MiB | disk MiB |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for point in points:
        lines.append(
            f"| {point.size:,} | {point.p50_ms:.0f}, {point.p95_ms:.0f} "
            f"| {point.cpu_p50_ms:.0f}, {point.cpu_p95_ms:.0f} "
            f"| {point.p95_ms / first.p95_ms:.2f}, {point.cpu_p95_ms / first.cpu_p95_ms:.2f} | {point.recall:.3f} "
            f"| {point.open_s:.2f}, {point.open_cpu_s:.2f} | {_rate(point)} "
            f"| {point.search_mb:,.0f}, {point.add_mb:,.0f} | {sum(point.disk_mb.values()):,.0f} |"
        )
    names = list(first.parts_ms)
    lines += [
        "",
        "Mean milliseconds of processor time of a search:",
        "",
        f"| passages | {' | '.join(names)} |",
        "|---:" * (len(names) + 1) + "|",
    ]
    for point in points:
        lines.append(f"| {point.size:,} | {' | '.join(f'{point.parts_ms.get(name, 0):.1f}' for name in names)} |")
    parts = sorted({name for point in points for name in point.disk_mb})
    lines += ["", "MiB on the disk:", "", f"| passages | {' | '.join(parts)} |", "|---:" * (len(parts) + 1) + "|"]
    for point in points:
        lines.append(f"| {point.size:,} | {' | '.join(f'{point.disk_mb.get(name, 0):,.1f}' for name in parts)} |")
    return "\n".join([*lines, "", "![Time](scale-time.svg)", "", "![Memory](scale-memory.svg)", ""])


def _rate(point: Point) -> str:
    return f"{point.size / point.add_s:,.0f}" if point.add_s else "–"


def report(points: list[Point]) -> None:
    """Write the table and the drawings."""
    here = Path(__file__)
    here.with_suffix(".md").write_text(table(points), encoding="utf-8")
    sizes = [point.size for point in points]
    time_ms = {
        "search, p95": [p.p95_ms for p in points],
        "search, p50": [p.p50_ms for p in points],
        "search, p95 of processor time": [p.cpu_p95_ms for p in points],
    }
    memory = {"search": [p.search_mb for p in points], "add": [p.add_mb for p in points]}
    here.with_name("scale-time.svg").write_text(against_size_svg(sizes, time_ms, "passages", "ms"), encoding="utf-8")
    here.with_name("scale-memory.svg").write_text(against_size_svg(sizes, memory, "passages", "MiB"), encoding="utf-8")


def main(folder: Path, sizes: list[int]) -> None:
    """Measure what is not yet measured, and write the report."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / _RESULTS
    results: dict[str, dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else {}
    for size in sizes:
        for step, needed in (("add", "add_s"), ("search", "p95_ms")):
            found = results.setdefault(str(size), {})
            if needed not in found:
                command = [sys.executable, "-m", "eval.benchmarks.scale", f"--{step}", str(folder), str(size)]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
                found |= json.loads(done.stdout.splitlines()[-1])
                kept.write_text(json.dumps(results, indent=1))
        report([Point(int(size), **found) for size, found in sorted(results.items(), key=lambda item: int(item[0]))
                if "p95_ms" in found])  # fmt: skip


if __name__ == "__main__":
    steps = {"--add": add, "--search": search}
    if sys.argv[1] in steps:
        sys.stdout.write(json.dumps(steps[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))) + "\n")
    else:
        main(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]] or list(SIZES))
