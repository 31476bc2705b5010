"""What was fetched may lead to articles instead of holding them: sitemaps do, and feeds that carry summaries."""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from index.errors import UnreadableError
from index.load.decode import decode
from index.load.feeds import from_fetched_feed
from index.load.parsing import Entry, Item, Whole, check_format, read_bounded
from index.sandbox.limits import Limits, size_in_words
from index.sandbox.messages import Begin, Link

_GZIP = b"\x1f\x8b"
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<(?:\?|!--)[^>]{0,2000}>\s*){0,20}<(?:[\w.-]{1,40}:)?([\w.-]{1,40})[\s>]")
_SITEMAPS = (b"urlset", b"sitemapindex")
_FEEDS = (b"rss", b"feed", b"RDF")
_WHEN = ("lastmod", "publication_date")  # the latter of a news sitemap


@dataclass(frozen=True)
class _Sitemap:
    """A sitemap, or a list of them: https://www.sitemaps.org/protocol.html."""

    begin: Begin
    data: bytes

    def entries(self) -> Iterator[Entry]:
        """The links, newest first; those without a date last, as they stand."""
        links = sorted(self._links(), key=lambda found: found[1], reverse=True)
        if not links:
            raise UnreadableError("is a sitemap without an address: give another")
        yield from ((position, link) for position, (link, _) in enumerate(links))

    def _links(self) -> Iterator[tuple[Link, str]]:
        from lxml import etree  # type: ignore[import-untyped]

        url = when = ""
        try:
            for _, element in etree.iterparse(
                io.BytesIO(self.data), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                name = etree.QName(element).localname if isinstance(element.tag, str) else ""
                if name == "loc" and not url:  # images have theirs further down
                    url = (element.text or "").strip()
                elif name in _WHEN:
                    when = (element.text or "").strip()
                elif name in ("url", "sitemap"):
                    if url:
                        yield Link(url, is_list=name == "sitemap"), when
                    url = when = ""
                    element.clear()
        except etree.XMLSyntaxError as error:
            raise UnreadableError(f"is a sitemap that is not well-formed XML: {error}") from error


@dataclass(frozen=True)
class _Feed:
    """A feed: the articles that it carries whole, and links to the others."""

    begin: Begin
    data: bytes

    def entries(self) -> Iterator[Entry]:
        for position, entry in from_fetched_feed(decode(self.data)):
            yield position, Link(entry) if isinstance(entry, str) else entry


def is_list(head: bytes) -> bool:
    """Tell from its first bytes whether what was fetched is a feed or sitemap, whatever the server calls it."""
    root = _ROOT.match(head)
    return root is not None and root[1] in _SITEMAPS + _FEEDS


def fetched_item(suffix: str, file: IO[bytes], limits: Limits) -> Item:
    """The one item of a fetched file.

    Raises:
        UnreadableError: It is too large, or cannot be unpacked.
    """
    data = _unpacked(read_bounded(file, limits.file_bytes), limits)
    root = _ROOT.match(data) if suffix == ".xml" else None
    if root and root[1] in _SITEMAPS:
        return _Sitemap(Begin(is_last=True), data)
    if root and root[1] in _FEEDS:
        return _Feed(Begin(is_last=True), data)
    check_format(suffix)
    return Whole(Begin(is_last=True), suffix, io.BytesIO(data), limits)


def _unpacked(data: bytes, limits: Limits) -> bytes:
    """The data itself, or what is in it where it is packed, as sitemaps often are."""
    if not data.startswith(_GZIP):
        return data
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, limits.file_bytes + 1)
    except zlib.error as error:
        raise UnreadableError(f"cannot be unpacked ({error}): unpack it yourself") from error
    if len(unpacked) > limits.file_bytes:
        raise UnreadableError(f"unpacks to more than {size_in_words(limits.file_bytes)}: unpack it yourself")
    return unpacked
