"""One page from the web: its redirects, its limits, and what is sent along, which is next to nothing.

Each request carries the host, a name for us, what we understand, and nothing else: no cookies, no credentials, no
referrer. Proxies in the environment are not used, for behind one it is the proxy that resolves names, unchecked.
"""

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.errors import UnreadableError
from index.fetch.address import WebAddress, parse_address
from index.fetch.connecting import Deadline, GuardedBackend, Resolver, system_resolver
from index.sandbox.limits import MIB, size_in_words

if TYPE_CHECKING:
    from httpcore2 import Response

AGENT = "Dateline"
_HEADERS = [
    ("User-Agent", f"{AGENT}/0.1 (reads news articles for its user)"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip"),
]
_PIECE = 1 << 16  # bytes
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class FetchLimits:
    """What fetching one page may cost.

    Attributes:
        seconds: Time for all of it: names, connections, redirects, the page.
        size: The longest page, in bytes, unpacked.
        redirects: How many in a row.
    """

    seconds: float = 9.0
    size: int = 50 * MIB
    redirects: int = 5


@dataclass(frozen=True)
class Page:
    """What was fetched.

    Attributes:
        address: Where it was in the end, behind all redirects.
        content_type: What the server says it is: `text/html`; empty where it says nothing.
        path: The file that holds it, until the client is closed.
    """

    address: WebAddress
    content_type: str
    path: Path


class StatusError(UnreadableError):
    """The server answers with a status other than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"is answered with status {status}: check the address, or try again later")
        self.status = status


class Client:
    """Fetches pages, one at a time; a context manager, which deletes what it fetched when it ends."""

    def __init__(
        self,
        allowed: frozenset[str] = frozenset(),
        limits: FetchLimits = FetchLimits(),
        resolver: Resolver = system_resolver,
    ) -> None:
        """Prepare, without connecting.

        Args:
            allowed: Hosts, `host` or `host:port`, that may lie in private networks.
            limits: What each page may cost.
            resolver: How names become addresses.
        """
        from httpcore2 import ConnectionPool

        self._allowed = allowed
        self._limits = limits
        self._deadline = Deadline()
        self._pool = ConnectionPool(network_backend=GuardedBackend(resolver, allowed, self._deadline))
        self._folder = TemporaryDirectory(prefix="dateline-")
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()
        self._folder.cleanup()

    def address(self, text: str, base: WebAddress | None = None) -> WebAddress:
        """Read an address that may be fetched; see `parse_address`."""
        return parse_address(text, self._allowed, base)

    def fetch(self, address: WebAddress, check: Callable[[WebAddress], None] = lambda address: None) -> Page:
        """Fetch a page into a temporary file.

        Args:
            address: Where it is.
            check: Called with it and with each address that it leads to; raises UnreadableError where that is not
                to be fetched. It may fetch `text` within the same time.

        Raises:
            UnreadableError: It may not be fetched, cannot be, or costs too much.
        """
        self._deadline.at = time.monotonic() + self._limits.seconds
        self._count += 1
        path = Path(self._folder.name, str(self._count))
        with path.open("wb") as file:
            final, content_type = self._follow(address, file.write, self._limits.size, check)
        return Page(final, content_type, path)

    def text(self, address: WebAddress, most: int) -> bytes:
        """Fetch a short text, in the time that is left for the page it is fetched for.

        Raises:
            UnreadableError: As `fetch`, or it has more than so many bytes.
        """
        pieces: list[bytes] = []
        self._follow(address, pieces.append, most, lambda address: None)
        return b"".join(pieces)

    def _follow(
        self, address: WebAddress, write: Callable[[bytes], object], most: int, check: Callable[[WebAddress], None]
    ) -> tuple[WebAddress, str]:
        for _ in range(self._limits.redirects + 1):
            check(address)
            headers = self._request(address, write, most)
            if location := headers.get("location"):
                address = self.address(location, address)
            else:
                return address, headers.get("content-type", "").partition(";")[0].strip().lower()
        raise UnreadableError(f"leads on more than {self._limits.redirects} times: give the address it ends at")

    def _request(self, address: WebAddress, write: Callable[[bytes], object], most: int) -> dict[str, str]:
        """Ask for one address; returns the answer's headers, with a `location` only where that is to be followed."""
        import httpcore2

        url = httpcore2.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        headers = [("Host", address.origin.partition("//")[2]), *_HEADERS]
        try:
            with self._pool.stream("GET", url, headers=headers) as response:
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status in _REDIRECTS and "location" in found:
                    return {"location": found["location"]}
                found.pop("location", None)
                if response.status != 200:
                    raise StatusError(response.status)
                _receive(response, found, write, most)
                return found
        except httpcore2.TimeoutException as error:
            raise UnreadableError(f"takes longer than {self._limits.seconds:g} s to fetch: try again later") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise UnreadableError(f"cannot be fetched ({error}): check the address, or try again later") from error


def _receive(response: "Response", headers: dict[str, str], write: Callable[[bytes], object], most: int) -> None:
    encoding = headers.get("content-encoding", "identity").lower()
    left = most
    too_large = UnreadableError(f"is larger than {size_in_words(most)}: save the page yourself and add that")
    if encoding == "identity" and headers.get("content-length", "0").isdecimal():
        left -= int(headers.get("content-length", "0"))
        if left < 0:
            raise too_large
        left = most
    for piece in _unpacked(response.iter_stream(), encoding):
        left -= len(piece)
        if left < 0:
            raise too_large
        write(piece)


def _unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The bytes of an answer as they were before they were packed, in pieces that are small whatever was sent."""
    if encoding == "identity":
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise UnreadableError(f"is packed as {encoding}, which was not asked for: save the page yourself and add that")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, as it says itself
    try:
        for packed in pieces:
            yield unpacker.decompress(packed, _PIECE)
            while unpacker.unconsumed_tail:
                yield unpacker.decompress(unpacker.unconsumed_tail, _PIECE)
    except zlib.error as error:
        raise UnreadableError(f"cannot be unpacked ({error}): try again later") from error
    if not unpacker.eof:
        raise UnreadableError("breaks off: try again later")
