"""Files and folders to articles: each file in a child process, each failure with its reason."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from index.article import Article
from index.failure import Failure, shown
from index.load.sources import Source, sources
from index.sandbox.limits import Limits
from index.sandbox.messages import Found, Lost, Request
from index.sandbox.pool import read_in_order


def read(paths: Iterable[str | Path], *, limits: Limits = Limits()) -> Iterator[Article | Failure]:
    """Read the articles of files and folders, in sorted order within a folder.

    Args:
        paths: Files of the formats we read, archives and folders of them, and patterns; see `sources`.
        limits: What one item may cost.

    Yields:
        Articles and failures as they come; a failure never stops the rest.
    """
    for _, items in read_each(sources(paths), limits=limits):
        yield from items


def read_each(
    found: Iterable[Source | Failure], *, limits: Limits = Limits()
) -> Iterator[tuple[Source | Failure, Iterator[Article | Failure]]]:
    """Read files one by one, in the order given.

    Args:
        found: What `sources` found, or some of it. Taken a little ahead of what is given back.
        limits: What one item may cost.

    Yields:
        Each source with its articles and failures, to be read before the next; a failure to find it as its own.
    """
    with_requests = ((source, _request(source)) for source in found)
    for source, replies in read_in_order(with_requests, limits):
        if isinstance(source, Failure):
            yield source, iter([source])
        else:
            yield source, (_item(source, reply) for reply in replies)


def _request(source: Source | Failure) -> Request | None:
    return None if isinstance(source, Failure) else Request(source.path, source.suffix)


def _item(source: Source, reply: Found | Lost) -> Article | Failure:
    if isinstance(reply, Found):
        return replace(reply.article, origin=f"{source.origin}{reply.where}#{reply.position}")
    position = "" if reply.position is None else f"#{reply.position}"
    return Failure(shown(f"{source.name}{reply.where}{position}"), shown(reply.reason))
