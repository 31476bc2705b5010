"""A cluster of machines that read and encode for one writer: Dask's scheduler and workers."""

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.article import Article
from index.embedding import Embedder
from index.errors import ClusterError
from index.failure import Failure
from index.load.sources import sources
from index.sandbox.limits import Limits
from index.spread import SpreadEmbedder, read_spread

if TYPE_CHECKING:
    from index.fetch import Client

_PATIENCE = 10
"""Seconds that the scheduler and the first worker have to answer."""
_AHEAD = 2
"""Groups of files for each worker that are read before the writer takes them: bounds the memory."""


@dataclass(frozen=True)
class Cluster:
    """A connected cluster.

    Attributes:
        executor: Runs tasks on it; a task whose worker dies runs again on another.
        workers: How many threads of workers there were when it was connected.
    """

    executor: Executor
    workers: int

    def read(
        self, paths: Iterable[str | Path], *, limits: Limits = Limits(), client: "Callable[[], Client] | None" = None
    ) -> Iterator[Article | Failure]:
        """Read as `index.load.read` does; the workers must see the files at the same paths."""
        return read_spread(sources(paths), self.executor, _AHEAD * self.workers, limits, client)

    def embedder(self, embedder: Embedder) -> SpreadEmbedder:
        """The same model, with passages encoded by the workers."""
        return SpreadEmbedder(embedder, self.executor)


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to a Dask cluster.

    Args:
        address: Its scheduler's, e.g. `tcp://10.0.0.1:8786`.

    Yields:
        The cluster, for as long as the context lasts.

    Raises:
        ClusterError: It cannot be reached, has no worker, or is lost meanwhile.
    """
    try:
        from distributed import Client
        from distributed.comm import CommClosedError
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise ClusterError("A cluster needs Dask: pip install 'dateline[cluster]', here and on every worker.") from None
    if not re.fullmatch(r"(tcp|tls)://.+:\d+", address):
        raise ClusterError(f"{address!r} is no address of a Dask scheduler: name it as tcp://HOST:8786.")
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except OSError as error:
        raise ClusterError(f"No Dask scheduler answers at {address} ({error}). Start one: dask scheduler") from error
    try:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise ClusterError(f"The cluster {address} has no worker. Start some: dask worker {address}") from None
        try:
            client.run(_can_work)
        except Exception as error:  # Dask says what it was in words
            raise ClusterError(
                f"A worker of {address} cannot run Dateline ({error}). Install the same version of it there."
            ) from error
        yield Cluster(client.get_executor(pure=False), sum(client.nthreads().values()))
    except KilledWorker as error:
        raise ClusterError(
            f"Several workers of {address} died of the same task ({error}). Look at their logs: they may need more "
            "memory. What was added is in the library; repeat the command to add the rest."
        ) from error
    except (CancelledError, CommClosedError) as error:
        raise ClusterError(
            f"The cluster {address} was lost. What was added is in the library: start the cluster again, and repeat "
            "the command to add the rest."
        ) from error
    finally:
        client.close()


def _can_work() -> bool:
    """Runs on each worker: that it gets here says that it finds this module."""
    return True
