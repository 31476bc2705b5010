"""Reading articles within what the settings allow."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings
from index.article import Article
from index.failure import Failure
from index.sandbox.limits import MIB, Limits

if TYPE_CHECKING:
    from index.cluster import Cluster
    from index.fetch import Client


def read_articles(
    paths: Iterable[str | Path], settings: Settings, cluster: "Cluster | None" = None
) -> Iterator[Article | Failure]:
    """Read the articles of files, folders and addresses, perhaps by a cluster; see `index.load.read`."""
    from index.load import read as read_here

    read = cluster.read if cluster else read_here
    return read(paths, limits=limits_of(settings), client=client_of(settings))


def limits_of(settings: Settings) -> Limits:
    """What reading one item may cost."""
    return Limits(file_bytes=settings.max_file_mb * MIB)


def client_of(settings: Settings) -> "Callable[[], Client]":
    """What makes the client that fetches addresses."""

    def client() -> "Client":
        from index.fetch import Client, FetchLimits

        return Client(frozenset(settings.allow_hosts), FetchLimits(size=settings.max_file_mb * MIB))

    return client
