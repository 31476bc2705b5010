"""Addresses of the web: read once, strictly, so that no two parts of a program take them for different hosts."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

from index.errors import UnreadableError

_PORTS = {"http": 80, "https": 443}
_NEVER = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029]")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_LONGEST = 2000  # characters
_KEPT = "/%:@!$&'()*+,;=~-._?"  # of a path or query, as they stand


@dataclass(frozen=True)
class WebAddress:
    """A checked address.

    Attributes:
        scheme: `http` or `https`.
        host: A name in ASCII and small letters, or an IP address (IPv6 without brackets).
        port: The port; 80 or 443 unless the settings name another for this host.
        target: Path and query, encoded.
        is_allowed: Whether the settings name the host, so that it may lie in a private network.
    """

    scheme: str
    host: str
    port: int
    target: str
    is_allowed: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port: `https://post.example`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port != _PORTS[self.scheme] else "")

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def parse_address(text: str, allowed: frozenset[str] = frozenset(), base: WebAddress | None = None) -> WebAddress:
    """Read an address that may be fetched.

    Args:
        text: The address as given or found; its fragment is dropped.
        allowed: Hosts that may lie in private networks, `host` or `host:port`, from the settings.
        base: The page it was found on, if it may be relative to that.

    Raises:
        UnreadableError: It is none, or may not be fetched.
    """
    text = text.strip(" \t\r\n").replace(" ", "%20")
    if len(text) > _LONGEST:
        raise UnreadableError(f"is longer than {_LONGEST:,} characters: give a shorter address")
    if _NEVER.search(text):
        raise UnreadableError("has backslashes or control characters in it: encode them")
    try:
        parts = urlsplit(urljoin(str(base), text) if base else text)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise UnreadableError(f"is not a valid address ({error}): check it") from error
    if parts.scheme not in _PORTS:
        raise UnreadableError(f"begins with {parts.scheme or 'nothing'}: only http: and https: are fetched")
    if "@" in parts.netloc:
        raise UnreadableError("has a user name or password in it: take it out, none is sent")
    host = _host(name or "")
    port = _PORTS[parts.scheme] if port is None else port
    named = is_allowed(host, port, allowed)
    if named and base and not base.is_allowed:
        raise UnreadableError("is in DATELINE_ALLOW_HOSTS, where no other host may lead: give this address itself")
    if port not in _PORTS.values() and not named:
        raise UnreadableError(
            f"names port {port}: only 80 and 443 are fetched from, unless DATELINE_ALLOW_HOSTS has {host}:{port}"
        )
    target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    return WebAddress(parts.scheme, host, port, target, named)


def is_allowed(host: str, port: int, allowed: frozenset[str]) -> bool:
    """Tell whether the settings name a host: by itself, which means its usual ports, or with this port."""
    return f"{host}:{port}" in allowed or (host in allowed and port in _PORTS.values())


def _host(name: str) -> str:
    if ":" in name:
        try:
            return str(IPv6Address(name))
        except AddressValueError:
            raise UnreadableError("has a host that is no IPv6 address: check it") from None
    host = _in_ascii(name).removesuffix(".").lower()
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UnreadableError("has no valid host: check it")
    if _NUMBER.fullmatch(labels[-1]):  # 2130706433, 0x7f.1, 0177.0.0.1: each of them is 127.0.0.1 to somebody
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise UnreadableError("has a host in numbers that is not written as four of them: check it") from None
    return host


def _in_ascii(name: str) -> str:
    if name.isascii():
        return name
    import idna

    try:
        return idna.encode(name, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise UnreadableError(f"has a host that cannot be a name ({error}): check it") from error
