"""Files, folders and addresses to articles: each file in a child process, each failure with its reason."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.article import Article
from index.failure import Failure, shown
from index.load.sources import Address, Source, sources
from index.sandbox.limits import Limits
from index.sandbox.messages import Found, Link, Lost, Request
from index.sandbox.pool import read_in_order

if TYPE_CHECKING:
    from index.fetch.client import Client


def read(
    paths: Iterable[str | Path], *, limits: Limits = Limits(), client: "Callable[[], Client] | None" = None
) -> Iterator[Article | Failure]:
    """Read the articles of files, folders and addresses, in sorted order within a folder.

    Args:
        paths: Files of the formats we read, archives and folders of them, patterns, and addresses; see `sources`.
        limits: What one item may cost.
        client: Makes what fetches addresses, if there are any; by default one that only fetches from public hosts.

    Yields:
        Articles and failures as they come; a failure never stops the rest.
    """
    for _, items in read_each(sources(paths), limits=limits, client=client):
        yield from items


def read_each(
    found: Iterable[Source | Address | Failure],
    *,
    limits: Limits = Limits(),
    client: "Callable[[], Client] | None" = None,
) -> Iterator[tuple[Source | Address | Failure, Iterator[Article | Failure]]]:
    """Read files and addresses one by one, in the order given.

    Args:
        found: What `sources` found, or some of it. Taken a little ahead of what is given back.
        limits: What one item may cost.
        client: As for `read`.

    Yields:
        Each source with its articles and failures, to be read before the next; a failure to find it as its own.
    """
    with ExitStack() as stack:
        web: Client | None = None
        for source, replies in read_in_order(((source, _request(source)) for source in found), limits):
            if isinstance(source, Failure):
                yield source, iter([source])
            elif isinstance(source, Source):
                yield source, (_item(source, reply) for reply in replies if not isinstance(reply, Link))
            else:
                from index import fetch

                web = web or stack.enter_context((client or fetch.Client)())
                yield source, fetch.read_web(source.text, web, limits)


def _request(source: Source | Address | Failure) -> Request | None:
    return Request(source.path, source.suffix) if isinstance(source, Source) else None


def _item(source: Source, reply: Found | Lost) -> Article | Failure:
    if isinstance(reply, Found):
        return replace(reply.article, origin=f"{source.origin}{reply.where}#{reply.position}")
    position = "" if reply.position is None else f"#{reply.position}"
    return Failure(shown(f"{source.name}{reply.where}{position}"), shown(reply.reason), reply.may_pass)
