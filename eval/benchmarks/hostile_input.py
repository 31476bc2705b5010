"""What bad input costs, and what it does to the rest: `python -m eval.benchmarks.hostile_input`.

Makes the bombs, the malformed files and the hostile addresses of `eval.bad_input`, reads each class in a process of its
own and measures each item's time and the memory of the children; then runs `dateline add` once over all of them, mixed
with good articles. Connections are recorded at the socket, and refused. Fails where an item takes more than 10 s or
512 MiB, is neither reported nor read, or a good article is missing. Writes `hostile_input.md` beside this file.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.bad_input import BOMBS, malformed
from eval.bad_input.addresses import HOSTILE, FakeResolver
from eval.command import ARTICLES
from index.article import Article
from index.failure import Failure, shown
from index.load import read
from index.load.formats import KNOWN
from index.sandbox import pool

_SECONDS, _MIB = 10.0, 512


@dataclass(frozen=True)
class Outcome:
    """What became of one item.

    Attributes:
        name: The file or address.
        seconds: How long reading took.
        processor: Seconds of it that processors worked, the start of the child included.
        articles: How many articles were read of it.
        reason: Why it was not, or not all of it; empty where all of it was.
    """

    name: str
    seconds: float
    processor: float
    articles: int
    reason: str


@dataclass(frozen=True)
class Class:
    """A class of bad input, read.

    Attributes:
        outcomes: Each item's.
        mib: The largest memory of a child, in MiB.
        own_mib: The largest memory of the process that reads, in MiB.
        connections: To where connections were tried.
    """

    outcomes: list[Outcome]
    mib: int
    own_mib: int
    connections: list[str]


@contextmanager
def recorded() -> Iterator[list[str]]:
    """Record every connection that is tried, and refuse it."""
    tried: list[str] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        tried.append(str(address))
        raise ConnectionRefusedError("none is made here")

    socket.socket.connect = connect  # type: ignore[method-assign, assignment]
    try:
        yield tried
    finally:
        socket.socket.connect = real  # type: ignore[method-assign]


def _read_class(name: str, folder: Path) -> Class:
    """Read a class of bad input, in this process."""
    import resource

    from index.fetch import Client

    client = partial(Client, resolver=FakeResolver())
    outcomes = []
    with recorded() as connections:
        for item, make in _items(name, folder):
            make()
            worked = _worked()
            list(read([ARTICLES / "recount-ordered.txt"]))  # so that a child is there, as it is in a longer run
            begin = time.perf_counter()
            found = list(read([item], client=client))
            seconds = time.perf_counter() - begin
            pool.close_warm()  # each by a child of its own, so that the largest memory is one item's
            lost = [failure.reason for failure in found if isinstance(failure, Failure)]
            articles = sum(isinstance(article, Article) for article in found)
            outcomes.append(
                Outcome(item.removeprefix(f"{folder}/"), seconds, _worked() - worked, articles, lost[0] if lost else "")
            )
            if os.path.isfile(item):
                os.unlink(item)
    kib = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    return Class(outcomes, kib[0] // 1024, kib[1] // 1024, connections)


def _worked() -> float:
    """Seconds that processors worked for this process and the children it has buried."""
    return sum(os.times()[:4])


def _items(name: str, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    if name == "addresses":
        yield from ((address, lambda: None) for address in HOSTILE)
    elif name == "bombs":
        yield from ((str(folder / bomb), partial(write, folder / bomb)) for bomb, write in BOMBS.items())
    else:
        for file, data in malformed(KNOWN).items():
            yield str(folder / file), partial((folder / file).write_bytes, data)


_RECORDING = """
import socket, sys
record = sys.argv.pop(1)
def connect(self, address):
    with open(record, "a") as file:
        file.write(f"{address}\\n")
    raise ConnectionRefusedError("none is made here")
socket.socket.connect = connect
from assistant.cli import main
main()
"""


@dataclass(frozen=True)
class Mixed:
    """One run of `dateline add` over good articles and everything bad.

    Attributes:
        good: How many good articles there were.
        missing: How many of them are not in the library.
        bad: How many bad files and addresses there were.
        silent: Those of them that were neither reported nor read.
        connections: To where connections were tried.
        status: The command's exit status; 1 is right, for there were items that failed.
        seconds: How long it took.
    """

    good: int
    missing: int
    bad: int
    silent: list[str]
    connections: list[str]
    status: int
    seconds: float


def mixed(folder: Path) -> Mixed:
    """Add the sample articles and everything bad, file by file between them, in one run of the command."""
    from assistant.assistant import open_library
    from assistant.settings import load_settings

    news, library, record = folder / "news", folder / "library", folder / "connections"
    news.mkdir()
    for number, path in enumerate(sorted(path for path in ARTICLES.iterdir() if path.is_file())):
        (news / f"{number:03}-{path.name}").write_bytes(path.read_bytes())
    good = {item.id for item in read([news]) if isinstance(item, Article)}
    files = []
    for number, (name, make) in enumerate([*_items("bombs", news), *_items("malformed files", news)]):
        make()
        files.append(str(news / f"{number:03}x-{Path(name).name}"))
        os.rename(name, files[-1])
    # Only those without a name to look up: this run has the system's resolver.
    addresses = [text for text in HOSTILE if ".example" not in text and ".internal" not in text]
    command = [sys.executable, "-c", _RECORDING, str(record), "--library", str(library), "add", str(news), *addresses]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    seconds = time.perf_counter() - begin
    opened = open_library(load_settings(library=library))
    origins = {id_: opened.article(id_).origin or "" for id_ in (summary.id for summary in opened.articles())}
    told = [*done.stderr.splitlines(), *origins.values()]
    silent = [bad for bad in (*files, *map(shown, addresses)) if not any(bad in line for line in told)]
    connections = record.read_text().splitlines() if record.exists() else []
    bad = len(files) + len(addresses)
    return Mixed(len(good), len(good - origins.keys()), bad, silent, connections, done.returncode, seconds)


def _run_class(name: str, folder: Path) -> Class:
    """Read a class in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", __spec__.name, name, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - this very module
    found = json.loads(done.stdout)
    return Class(**{**found, "outcomes": [Outcome(**outcome) for outcome in found["outcomes"]]})


def _faults(classes: dict[str, Class], run: Mixed) -> list[str]:
    """What does not hold that must."""
    faults = [f"{run.missing} good articles are missing"] * (run.missing > 0)
    faults += [f"{name} is neither reported nor read" for name in run.silent]
    faults += [f"the command ended with {run.status}"] * (run.status != 1)
    faults += [f"connected to {place}" for place in run.connections]
    for name, found in classes.items():
        faults += [
            f"{name}: {item.name} took {item.seconds:.1f} s" for item in found.outcomes if item.seconds > _SECONDS
        ]
        faults += [
            f"{name}: {item.name} came to nothing" for item in found.outcomes if not (item.reason or item.articles)
        ]
        faults += [f"{name}: connected to {place}" for place in found.connections]
        faults += [f"{name}: a child took {found.mib} MiB"] * (found.mib > _MIB)
    return faults


def _table(classes: dict[str, Class], run: Mixed) -> str:
    rows = []
    for name, found in classes.items():
        slowest = max(found.outcomes, key=lambda item: item.seconds)
        reported = sum(bool(item.reason) for item in found.outcomes)
        rows.append(
            f"| {name} | {len(found.outcomes)} | {reported} | {slowest.seconds:.1f} s (`{shown(slowest.name)}`) "
            f"| {max(item.processor for item in found.outcomes):.1f} s "
            f"| {found.mib} MiB | {found.own_mib} MiB | {len(found.connections)} |"
        )
    slow = [
        f"| `{shown(item.name)}` | {item.seconds:.1f} s | {item.processor:.1f} s "
        f"| {item.reason or f'{item.articles} articles read'} |"
        for item in sorted(classes["bombs"].outcomes, key=lambda item: -item.seconds)
    ]
    return "\n".join(
        [
            "# Bad input",
            "",
            "Made and measured by `python -m eval.benchmarks.hostile_input`: each item alone, by a child process",
            f"of its own. What must hold: at most {_SECONDS:g} s and {_MIB} MiB each.",
            "",
            "| class | items | reported | slowest | most processor time | largest child | parent | connections |",
            "|---|---:|---:|---|---:|---:|---:|---:|",
            *rows,
            "",
            "What is not reported was harmless in the end, and read.",
            "",
            f"In one run of `dateline add`, {run.good} good articles between {run.bad} bad files and addresses: "
            f"{run.good - run.missing} of the good added, {len(run.silent)} of the bad neither reported nor read, "
            f"{len(run.connections)} connections, {run.seconds:.0f} s.",
            "",
            "| bomb | time | processor time | what was said |",
            "|---|---:|---:|---|",
            *slow,
            "",
        ]
    )


def main() -> None:
    """Measure, write the table, and fail where something does not hold."""
    if len(sys.argv) == 3:  # one class, for `_run_class`
        sys.stdout.write(json.dumps(asdict(_read_class(sys.argv[1], Path(sys.argv[2])))))
        return
    with TemporaryDirectory() as folder:
        names = ("bombs", "malformed files", "addresses")
        classes = {name: _run_class(name, Path(folder)) for name in names}
        run = mixed(Path(folder))
    Path(__file__).with_suffix(".md").write_text(_table(classes, run), encoding="utf-8")
    if faults := _faults(classes, run):
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
