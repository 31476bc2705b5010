"""The server under load: many clients at once, more than it takes, and for long.

    python -m eval.benchmarks.load [ASKS] [--soak MINUTES]

Starts a server of its own over the sample articles and asks it gold questions over the loopback interface:

- one client asks, for the answers to compare with and the throughput to measure by;
- 32 clients in a closed loop ask ASKS questions (2,000): errors, answers that are not the question's own, times;
- four times as many clients as may be answered or wait: the statuses they get, and how soon it is well again;
- with `--soak`, 8 clients for so long: how the server's memory grows.
"""

import asyncio
import itertools
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from eval.command import ARTICLES, GOLD
from eval.gold import load_native

CLIENTS = 32
ALONE = 60
"""Questions that one client asks."""
AT_ONCE, WAITING = 4, 64
OVERLOAD = 4 * (AT_ONCE + WAITING)
OVERLOAD_SECONDS = 20
HEAD = f"""# The server under load

Made by `python -m eval.benchmarks.load`: clients in a closed loop ask gold questions of the sample articles over HTTP.
The server answers {AT_ONCE} at a time and lets {WAITING} wait. Each answer is compared with that of a single client.
One client keeps more than one core busy, for a question's passages are read side by side; what the cores could give is
therefore its throughput, times the cores, over the cores that the server used for it.

| clients | statuses | with another's answer | answers/s | p50, p95, s | |
|---:|---|---:|---:|---:|---|"""


@dataclass
class Run:
    """What clients met with.

    Attributes:
        statuses: How often each HTTP status was answered.
        wrong: Answers that are not those of the question asked.
        latencies: Seconds, of those answered.
        seconds: How long it took in all.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def throughput(self) -> float:
        """Answers a second."""
        return self.statuses[200] / self.seconds

    def row(self, clients: str, more: str = "–") -> str:
        """It as a row of the table, with something more to say of it."""
        cuts = statistics.quantiles(self.latencies, n=100) if len(self.latencies) > 1 else [0.0] * 99
        statuses = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        times = f"{cuts[49]:.2f}, {cuts[94]:.2f}"
        return f"| {clients} | {statuses} | {self.wrong} | {self.throughput:.2f} | {times} | {more} |"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server in a process of its own; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"DATELINE_AT_ONCE": str(AT_ONCE), "DATELINE_WAITING": str(WAITING)}
    dateline = [sys.executable, "-c", "from assistant.cli import main; main()", "--library", str(folder)]
    subprocess.run([*dateline, "add", str(ARTICLES)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with (folder / "log.jsonl").open("w") as log:
        server = subprocess.Popen([*dateline, "serve", "--port", str(port)], env=environment, stderr=log)  # noqa: S603
    try:
        url = f"http://127.0.0.1:{port}"
        began = time.monotonic()
        while not _is_ready(url):
            if time.monotonic() - began > 120 or server.poll() is not None:
                raise RuntimeError("The server did not start.")
            time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def process(url: str, what: str) -> float:
    """A figure of the server's process, by its own metrics: `cpu_seconds_total` or `resident_memory_bytes`."""
    lines = httpx.get(f"{url}/metrics", timeout=30).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"process_{what} "))


def _cores() -> int:
    return os.cpu_count() or 1


async def asked(url: str, questions: Iterator[str], clients: int, known: dict[str, str], seconds: float = 1e9) -> Run:
    """Have clients ask, each the next question as soon as its last one is answered.

    Args:
        url: The server.
        questions: What they ask, one after the other.
        clients: How many.
        known: The answer to each question; what is missing is noted here.
        seconds: After which no more is asked.
    """
    run, began = Run(), time.perf_counter()

    async def client(http: httpx.AsyncClient) -> None:
        for question in questions:
            if time.perf_counter() - began > seconds:
                return
            sent = time.perf_counter()
            response = await http.post("/v1/ask", json={"question": question})
            run.statuses[response.status_code] += 1
            if response.status_code != 200:
                await asyncio.sleep(float(response.headers.get("retry-after", 1)))
                continue
            run.latencies.append(time.perf_counter() - sent)
            body = response.json()
            run.wrong += body["question"] != question or body["answer"] != known.setdefault(question, body["answer"])

    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits, trust_env=False) as http:
        await asyncio.gather(*(client(http) for _ in range(clients)))
    run.seconds = time.perf_counter() - began
    return run


def measured(asks: int, soak_minutes: float) -> Iterator[str]:
    """Run all of it; yields rows of the table."""
    questions = [item.question for item in load_native(GOLD) if not item.history]
    few, known = questions[:ALONE], dict[str, str]()
    with TemporaryDirectory(prefix="dateline-load-") as home, served(Path(home, "library")) as url:
        began = process(url, "cpu_seconds_total")
        alone = asyncio.run(asked(url, iter(few), 1, known))
        between = process(url, "cpu_seconds_total")
        busy = (between - began) / alone.seconds
        yield alone.row(
            "1", f"{busy:.2f} of {_cores()} cores busy, {(between - began) / ALONE:.2f} s of them an answer"
        )
        many = asyncio.run(asked(url, itertools.islice(itertools.cycle(few), asks), CLIENTS, known))
        used = process(url, "cpu_seconds_total") - between
        share = many.throughput / (alone.throughput * _cores() / busy)
        yield many.row(
            str(CLIENTS),
            f"{used / many.seconds:.2f} cores busy, {used / asks:.2f} s of them an answer; "
            f"{share:.2f} of what the cores could give",
        )
        over = asyncio.run(asked(url, itertools.cycle(few), OVERLOAD, known, OVERLOAD_SECONDS))
        ended = time.perf_counter()
        asyncio.run(asked(url, iter(questions[:1]), 1, known))
        yield over.row(str(OVERLOAD), f"well again after {time.perf_counter() - ended:.1f} s")
        if soak_minutes:
            at_first = process(url, "resident_memory_bytes")
            soaked = asyncio.run(asked(url, itertools.cycle(questions), 8, known, soak_minutes * 60))
            growth = process(url, "resident_memory_bytes") / at_first - 1
            yield soaked.row(f"8, for {soak_minutes:g} minutes", f"memory grew by {growth:.1%}")


if __name__ == "__main__":
    words = sys.argv[1:]
    soak = float(words[words.index("--soak") + 1]) if "--soak" in words else 0.0
    lines = [HEAD]
    for line in measured(int(words[0]) if words and words[0].isdigit() else 2_000, soak):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        lines.append(line)
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
