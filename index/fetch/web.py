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
from index.load.links import is_list
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
_TEXTS = (".html", ".txt", ".rss", ".atom")  # servers call feeds and sitemaps so
_HEAD = 4096  # bytes
_LISTS_OF_NEWS = (".xml", ".json", ".jsonl", ".csv", ".tsv")
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
                    yield _placed(reply, address, page, request.suffix)
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
    if page.content_type not in _VAGUE or suffix not in KNOWN:
        suffix = _SUFFIXES.get(page.content_type, "")
    if not suffix:
        kind = page.content_type or "unnamed"
        raise UnreadableError(f"is of a kind we do not read ({kind}): give the address of an article's page")
    with page.path.open("rb") as file:
        return ".xml" if suffix in _TEXTS and is_list(file.read(_HEAD)) else suffix


def _placed(found: Found, address: WebAddress, page: Page, suffix: str) -> Article | Link:
    """An article with where it is from, or the link to where it says it is from.

    An article replaces what the library has from the same address: what another site is said to have is read there.
    Nor does one replace another because it stands where that stood in a list: lists of news move on.
    """
    article = found.article
    if article.url and _site(article.url) != _site(str(page.address)):
        if suffix in _LISTS_OF_NEWS:
            return Link(article.url)
        article = replace(article, url=None)
    if suffix in _LISTS_OF_NEWS:
        return replace(article, origin=f"{article.url}#0" if article.url else f"{address}#{article.id}")
    url = article.url or (str(page.address) if suffix == ".html" else None)
    return replace(article, url=url, origin=f"{address}{found.where}#{found.position}")


def _site(url: str) -> str | None:
    """What is registered of an address's host: `bbc.co.uk`; the host itself where nothing is."""
    from courlan import extract_domain

    return extract_domain(url, fast=True) or urlsplit(url).hostname
