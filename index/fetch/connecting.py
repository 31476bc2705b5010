"""Connections: to an address that was checked, to that very one, and within the time there is.

Names are resolved here, once a connection, and the socket is opened to the address that passed; what the same name
resolves to a moment later does not matter. Certificates are still checked against the name.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Any

from httpcore2 import SOCKET_OPTION, ConnectError, NetworkBackend, NetworkStream, ReadTimeout, SyncBackend

from index.errors import UnreadableError
from index.fetch.address import is_allowed
from index.fetch.networks import refusal

Resolver = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host, in the order to try them; raises OSError where there are none."""


@dataclass
class Deadline:
    """When what is being done must be over; on the clock of `time.monotonic`."""

    at: float = 0.0

    def left(self) -> float:
        """The seconds that are left.

        Raises:
            ReadTimeout: There are none.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise ReadTimeout("out of time")
        return left


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class GuardedBackend(NetworkBackend):
    """Connects to public addresses only, and to the private ones of hosts that are named."""

    def __init__(self, resolver: Resolver, allowed: frozenset[str], deadline: Deadline) -> None:
        self._resolver = resolver
        self._allowed = allowed
        self._deadline = deadline
        self._plain = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Connect to the first address of the host that answers, if every one of them may be connected to.

        Raises:
            UnreadableError: One of them may not: whoever mixes public and private ones is up to no good.
            ConnectError: None answers, or the host has none.
        """
        private_allowed = is_allowed(host, port, self._allowed)
        addresses = self._resolve(host, port)
        for address in addresses:
            if what := refusal(address, private_allowed=private_allowed):
                raise UnreadableError(
                    f"lies at {address}, which is {what}: only public hosts are fetched from, and those in "
                    "DATELINE_ALLOW_HOSTS"
                )
        for number, address in enumerate(addresses, 1):
            try:
                left = self._deadline.left()
                patience = left if number == len(addresses) else left / 2
                stream = self._plain.connect_tcp(address, port, patience, None, socket_options)
                return _TimedStream(stream, self._deadline)
            except ConnectError as error:
                failed = error
        raise failed

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        """Resolve in a thread, which is left to itself where it takes too long: there is no other way to stop it."""
        with suppress(ValueError):  # then it is no number, but a name
            return [str(ip_address(host))]
        answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

        def resolve() -> None:
            try:
                answers.put(self._resolver(host, port))
            except Exception as error:
                answers.put(error)

        threading.Thread(target=resolve, daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except Empty:
            raise ReadTimeout("out of time") from None
        if isinstance(answer, Exception) or not answer:
            raise ConnectError("its host has no address") from (answer if isinstance(answer, Exception) else None)
        return answer


class _TimedStream(NetworkStream):
    """A connection on which nothing waits beyond the deadline, however few bytes at a time are sent."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
