import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.cli.progress import FilesPassed
from index.article import Article
from index.cluster import Cluster, connected
from index.embedding import DEFAULT_MODEL, ModelIdentity, PackagedEmbedder
from index.errors import ClusterError
from index.failure import Failure
from index.library import Library
from index.load import read
from index.load.sources import file_source, sources
from index.sandbox.limits import Limits
from index.spread import SpreadEmbedder, encode, read_group, read_spread

FILES = 120


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of short articles, one that cannot be read, and a second version of another."""
    folder = tmp_path_factory.mktemp("news")
    for number in range(FILES):
        text = f"Bridge number {number} over the river Ossa opens on day {number % 28 + 1} of March, its builders said."
        (folder / f"{number:03}.txt").write_text(f"Bridge {number} to open\n\n9 May 2025\n\n{text}\n", encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    for version, words in (("v1", "eleven"), ("v2", "twelve")):
        (folder / f"{version}.json").write_text(
            f'{{"title": "Ferris", "text": "It closes for {words} weeks.", "url": "https://post.example/ferris"}}'
        )
    return folder


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Any]:
    """A cluster of two worker processes on this machine."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        yield cluster


def pids(cluster: Cluster) -> list[int]:
    client: Any = cluster.executor._client  # type: ignore[attr-defined]
    return list(client.run(os.getpid).values())


class Counting(Executor):
    """Passes tasks on, counts those that are not taken yet, and calls a function when the n-th is done."""

    def __init__(self, inner: Executor, nth: int = 0, act: Callable[[], None] = lambda: None) -> None:
        self.inner, self.nth, self.act = inner, nth, act
        self.submitted = self.done = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        task = self.inner.submit(fn, *args, **kwargs)
        self.submitted += 1
        task.add_done_callback(self._count)
        return task

    def _count(self, task: "Future[Any]") -> None:
        self.done += 1
        if self.done == self.nth:
            self.act()


def fill(library: Library, items: Iterator[Article | Failure], **more: Any) -> list[Failure]:
    failures: list[Failure] = []

    def articles() -> Iterator[Article]:
        for item in items:
            if isinstance(item, Failure):
                failures.append(item)
            else:
                yield item

    library.add(articles(), **more)
    return failures


def vectors(library: Library) -> dict[str, np.ndarray[Any, Any]]:
    found = library._builds.vectors(library._vectors.ids())
    return {passage_id: np.frombuffer(vector, "<f4") for passage_id, vector in found.items()}


def test_two_workers_one_killed_half_way_make_the_same_library_as_one_process(
    news: Path, scheduler: Any, minilm: PackagedEmbedder, tmp_path: Path
) -> None:
    alone, together = Library(tmp_path / "alone", minilm), Library(tmp_path / "together", minilm)
    failures = fill(alone, read([news]))
    seen: list[tuple[int, int]] = []
    with connected(scheduler.scheduler_address) as cluster:
        victim = pids(cluster)[0]
        executor = Counting(cluster.executor, 8, lambda: os.kill(victim, signal.SIGKILL))  # 4 of them are readings
        hands = Cluster(executor, cluster.workers)
        progress = lambda done, total: seen.append((done, total))  # noqa: E731
        failures_together = fill(together, hands.read([news]), progress=progress, encoder=hands.embedder(minilm))
        assert executor.done == executor.submitted
        assert victim not in pids(cluster)
    assert seen[-1] == (FILES + 2, FILES + 2)
    assert failures_together == failures
    assert len(failures) == 1
    assert together.index_id == alone.index_id
    assert together.articles() == alone.articles()
    for summary in alone.articles():
        here, there = alone.article(summary.id), together.article(summary.id)
        assert (here.content_hash, here.origin) == (there.content_hash, there.origin)
    one, two = vectors(alone), vectors(together)
    assert one.keys() == two.keys()
    assert max(np.abs(one[i] - two[i]).max() for i in one) < 1e-5
    for question in ("When does bridge 17 open?", "For how many weeks does Ferris close?"):
        ours, theirs = alone.search(question), together.search(question)
        assert [hit.passage for hit in ours] == [hit.passage for hit in theirs]
        assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-5)

    with connected(scheduler.scheduler_address) as cluster:
        again = SpreadEmbedder(minilm, Counting(cluster.executor))
        articles = [item for item in cluster.read([news]) if isinstance(item, Article)]
        assert together.add(articles, encoder=again).added == ()
        assert again._executor.submitted == 0  # type: ignore[attr-defined]
    assert together.index_id == alone.index_id


def test_a_cluster_that_is_lost_is_said_and_what_was_added_stays(
    news: Path, minilm: PackagedEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("index.cluster._PATIENCE", 30)
    library = Library(tmp_path / "library", minilm)
    library.add([Article("First", "The first news.")])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"])
    worker = subprocess.Popen([*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"])

    def add_until_the_scheduler_dies() -> None:
        with connected(address) as cluster:
            executor = Counting(cluster.executor, 6, scheduler.kill)
            fill(library, Cluster(executor, 1).read([news]), encoder=SpreadEmbedder(minilm, executor))

    try:
        with pytest.raises(ClusterError, match=r"was lost.*repeat the command"):
            add_until_the_scheduler_dies()
    finally:
        for process in (scheduler, worker):
            process.kill()
            process.wait()
    assert [summary.title for summary in library.articles()] == ["First"]
    assert library.search("first news")


def test_the_command_line_adds_by_a_cluster(news: Path, scheduler: Any, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "--library", str(tmp_path / "library")]
    files = [str(news / f"{number:03}.txt") for number in range(3)]
    add = [*command, "add", *files, "--cluster", scheduler.scheduler_address]
    done = subprocess.run(add, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("3 added, 0 replaced, 0 unchanged, 0 failed"), done.stderr


def test_articles_come_in_the_order_of_the_files(news: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(read_spread(sources([news]), pool, 4)) == list(read([news]))


def test_a_path_that_is_nowhere_is_a_failure_like_any_other(news: Path) -> None:
    paths = [news / "000.txt", "/nowhere/news.txt", news / "001.txt"]
    with ThreadPoolExecutor(1) as pool:
        assert list(read_spread(sources(paths), pool, 4)) == list(read(paths))


def test_progress_is_told_by_the_files_that_are_behind(news: Path) -> None:
    passed = FilesPassed([str(news)])
    articles = [item for item in read([news]) if isinstance(item, Article)]
    shares = [passed.share for _ in passed.through(articles)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1], passed.share) == (1 / (FILES + 3), 1.0, 1.0)
    assert FilesPassed([]).share == 1.0


def test_what_is_read_ahead_is_bounded_however_slow_the_writer_is(news: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        counting = Counting(pool)
        items = read_spread((source for _ in range(2) for source in sources([news])), counting, 3)
        next(items)
        assert counting.submitted == 3
        assert len(list(items)) == 2 * (FILES + 3) - 1
        assert counting.submitted >= 8


def test_a_large_file_is_read_by_the_writer_as_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.spread._LARGE", 1000)
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.jsonl").write_text(
            f'{{"title": "{name}", "text": "News of {name}."}}\n' * (1 + 50 * (name == "b"))
        )
    with ThreadPoolExecutor(1) as pool:
        counting = Counting(pool)
        items = list(read_spread(sources([tmp_path]), counting, 2))
        assert items == list(read([tmp_path]))
    assert counting.submitted == 2


def test_encoding_elsewhere_makes_the_same_vectors_in_the_same_order(minilm: PackagedEmbedder) -> None:
    texts = [f"Sentence {number} of {'very ' * (number % 7)}different length." for number in range(40)]
    with ThreadPoolExecutor(2) as pool:
        spread = SpreadEmbedder(minilm, pool)
        assert np.abs(spread.encode_passages(texts) - minilm.encode_passages(texts)).max() < 1e-5
        assert spread.encode_passages([]).shape == (0, 384)
        assert np.array_equal(spread.encode_questions(["Who?"]), minilm.encode_questions(["Who?"]))


def test_a_worker_with_another_model_is_refused(minilm: PackagedEmbedder) -> None:
    with pytest.raises(ClusterError, match=r"has the weights 53aa.*Install the same"):
        encode(replace(minilm.identity, weights_sha256="0" * 64), ["Anything."])
    with pytest.raises(ClusterError):
        encode(ModelIdentity(DEFAULT_MODEL, minilm.identity.weights_sha256, 7), ["Anything."])


def test_a_worker_that_does_not_see_the_files_says_so() -> None:
    with pytest.raises(ClusterError, match="sees no folder /nowhere"):
        read_group([file_source("/nowhere/news.txt")], Limits())


@pytest.mark.parametrize(
    ("address", "said"),
    [("nonsense", "name it as tcp://HOST:8786"), ("tcp://127.0.0.1:9", "Start one: dask scheduler")],
)
def test_a_cluster_that_is_not_there_is_said(address: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("index.cluster._PATIENCE", 0.5)
    with pytest.raises(ClusterError, match=said), connected(address):
        pass


def test_a_cluster_without_workers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("index.cluster._PATIENCE", 1)
    with (
        distributed.LocalCluster(
            n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
        ) as dask,
        pytest.raises(ClusterError, match=r"no worker. Start some: dask worker"),
        connected(dask.scheduler_address),
    ):
        pass
