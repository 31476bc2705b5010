"""Addresses to articles: a page is read; a feed's or sitemap's pages are fetched and read, one after the other."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from index.article import Article
from index.errors import UnreadableError
from index.failure import Failure, shown
from index.fetch.address import WebAddress
from index.fetch.client import Client, Page
from index.fetch.robots import Robots
from index.load.formats import KNOWN
from index.sandbox.limits import Limits
from index.sandbox.messages import Found, Link, Lost, Request
from index.sandbox.pool import read_in_order

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/feed+json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/gzip": ".xml",  # sitemaps come packed
    "application/x-gzip": ".xml",
}
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/x-zip-compressed")
_PAGES = 500
_LISTS = 50
_DEPTH = 3  # a sitemap of sitemaps, a sitemap, its pages


def read_web(text: str, client: Client, limits: Limits) -> Iterator[Article | Failure]:
    """Read the articles behind an address: a page or file, or the pages of a feed or sitemap.

    At most 500 pages are read, the newest that a sitemap names, from at most 50 sitemaps. What was found on the way is
    fetched only if robots.txt of its host has nothing against it; the address itself was the user's wish.

    Args:
        text: The address.
        client: Fetches.
        limits: What reading one page may cost.

    Yields:
        Articles and failures as they come; a failure never stops the rest.
    """
    return _Walk(client, limits).read(text)


class _Walk:
    """From one address to all that it leads to, each once."""

    def __init__(self, client: Client, limits: Limits) -> None:
        self._client = client
        self._limits = limits
        self._robots = Robots(client)
        self._seen: set[str] = set()
        self._left = {True: _LISTS, False: _PAGES}

    def read(self, text: str, base: WebAddress | None = None, depth: int = 0) -> Iterator[Article | Failure]:
        links: list[Link] = []
        try:
            address = self._client.address(text, base)
            if str(address) in self._seen:
                return
            self._seen.add(str(address))
            page = self._client.fetch(address, self._robots.check) if base else self._client.fetch(address)
            for item in self._items(address, page):
                if isinstance(item, Link):
                    links.append(item)
                else:
                    yield item
        except UnreadableError as error:
            yield Failure(shown(text), shown(str(error)))
            return
        except Exception as error:  # a library's own fault is this page's failure, not that of the other hundred
            reason = f"cannot be fetched ({type(error).__name__}: {error}): save the page yourself and add that"
            yield Failure(shown(text), shown(reason))
            return
        yield from self._follow(text, links, page.address, depth + 1)

    def _items(self, address: WebAddress, page: Page) -> Iterator[Article | Failure | Link]:
        request = Request(str(page.path), _suffix(page), links=True)
        for _, replies in read_in_order([(address, request)], self._limits):
            for reply in replies:
                if isinstance(reply, Lost):
                    position = "" if reply.position is None else f"#{reply.position}"
                    yield Failure(shown(f"{address}{reply.where}{position}"), shown(reply.reason))
                elif isinstance(reply, Found):
                    url = _believed(reply.article.url, page, request.suffix)
                    yield replace(reply.article, url=url, origin=f"{address}{reply.where}#{reply.position}")
                else:
                    yield reply
        page.path.unlink()

    def _follow(self, text: str, links: list[Link], base: WebAddress, depth: int) -> Iterator[Article | Failure]:
        for number, link in enumerate(links):
            if depth >= _DEPTH or not self._left[link.is_list]:
                reason = f"leads to {len(links):,} addresses, of which {number:,} were read: name the others yourself"
                yield Failure(shown(text), reason)
                return
            self._left[link.is_list] -= 1
            yield from self.read(link.url, base, depth)


def _suffix(page: Page) -> str:
    suffix = PurePosixPath(unquote(urlsplit(page.address.target).path)).suffix.lower()
    if page.content_type in _VAGUE and suffix in KNOWN:
        return suffix
    if page.content_type in _SUFFIXES:
        return _SUFFIXES[page.content_type]
    raise UnreadableError(
        f"is of a kind we do not read ({page.content_type or 'unnamed'}): give the page of an article"
    )


def _believed(url: str | None, page: Page, suffix: str) -> str | None:
    """The address that an article says it is at, if the host that it came from can tell.

    An article replaces what the library has from the same address: no site may replace another's.
    """
    address = str(page.address)
    if url and _site(url) == _site(address):
        return url
    return address if suffix == ".html" else None


def _site(url: str) -> str | None:
    """What is registered of an address's host: `bbc.co.uk`; the host itself where nothing is."""
    from courlan import extract_domain

    return extract_domain(url, fast=True) or urlsplit(url).hostname
