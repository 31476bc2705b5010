"""A Chroma server as the shelf of sealed collections: one graph in memory for all readers, on a machine of its own.

Unlike a folder's, a server's collection changes in place: its vectors are taken out and put in before the catalogue
says so. That is harmless, because the catalogue decides what a search may return; and what a stopped writer leaves
there shows in the number of vectors, and is mended by the next.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.chroma import GRAPH, FolderShelf, Searched, batches
from index.errors import SettingsError, VectorServerError, VectorsGoneError
from index.shelf import Progress, Row

if TYPE_CHECKING:
    import httpx
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 1_000
"""Vectors in a request: 2 MB of 384 numbers each; the server takes up to 40 MB."""
_LISTED = 100
_UNSAFE = (1, 5, 9)
"""The last version of Chroma whose server in Python runs what a request names (CVE-2026-45829)."""


@dataclass(frozen=True)
class ChromaServer:
    """Where a Chroma server is, and how to speak to it.

    Attributes:
        url: Its address, e.g. `http://127.0.0.1:8000`; a path in it stands before the API's.
        headers: Sent with every request, such as a token; never shown.
        timeout: Seconds that it may take to answer (above 0).

    Raises:
        SettingsError: The address or a header is none.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = 30.0

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            right = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
        except ValueError:
            right = False
        if not right or parts.query or parts.fragment:
            raise SettingsError("The address of the Chroma server must be like http://127.0.0.1:8000.")
        if parts.username is not None or parts.password is not None:  # it is recorded, and shown in errors
            raise SettingsError(
                "The address of the Chroma server must hold no name and password; send them in a header, by the "
                "environment variable DATELINE_CHROMA_HEADERS."
            )
        for name, value in self.headers.items():  # httpx would show them in its error
            if not re.fullmatch(r"[!#$%&'*+.^_`|~\w-]+", name, re.ASCII) or not re.fullmatch(r"[\x20-\x7e]*", value):
                raise SettingsError("A header for the Chroma server has signs that no header can have.")
        object.__setattr__(self, "url", self.url.rstrip("/"))

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Say what to do where it does not answer, or refuses.

        Raises:
            VectorsGoneError: It does not hold the collection.
            VectorServerError: Anything else.
        """
        import httpx
        from chromadb.errors import ChromaError, NotFoundError

        try:
            yield
        except NotFoundError as error:
            raise VectorsGoneError(
                f"The Chroma server at {self.url} does not hold this library's vectors. If it was started with another "
                "--path than before, start it with that one; else put them there again: dateline doctor --repair"
            ) from error
        except httpx.TransportError as error:
            said = "takes too long to answer" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
            at = urlsplit(self.url)
            raise VectorServerError(
                f"The Chroma server at {self.url} {said} ({error or type(error).__name__}). Start it, or correct "
                f"DATELINE_CHROMA_URL: chroma run --path FOLDER --host {at.hostname} --port {at.port or 80}. "
                "Nothing is lost: the library holds every vector."
            ) from error
        except (ChromaError, httpx.HTTPStatusError) as error:
            raise VectorServerError(f"The Chroma server at {self.url} refuses: {error}") from error

    def client(self) -> Any:
        """A client of it.

        Raises:
            VectorServerError: It does not answer, or is Chroma's unsafe server in Python.
        """
        import chromadb
        import httpx
        from chromadb.config import Settings

        with self.reached():
            with httpx.Client(base_url=self.url, headers=dict(self.headers), timeout=self.timeout) as http:
                self._refuse_unsafe(http)
                http.get("/api/v2/heartbeat").raise_for_status()
            client: Any = chromadb.HttpClient(
                self.url, headers=dict(self.headers), settings=Settings(anonymized_telemetry=False)
            )
            # Chroma has no setting for it, and would wait for ever.
            client._server._session.timeout = httpx.Timeout(self.timeout)
            return client

    def _refuse_unsafe(self, http: "httpx.Client") -> None:
        """Refuse the server in Python: it still answers to the first API, which the one in Rust has not."""
        answer = http.get("/api/v1/version")
        version = tuple(int(part) for part in re.findall(r"\d+", answer.text)[:3])
        if answer.status_code == 200 and version <= _UNSAFE:
            raise VectorServerError(
                f"The Chroma server at {self.url} is the old one in Python, version {'.'.join(map(str, version))}: it "
                "runs code for whoever reaches it (CVE-2026-45829). Stop it, and start the one in Rust on the same "
                "folder: chroma run --path FOLDER --host 127.0.0.1 --port 8000"
            )


class ServerCollection(Searched):
    """A collection on a server.

    Args:
        server: Where.
        collection: Chroma's.
    """

    def __init__(self, server: ChromaServer, collection: Any) -> None:
        super().__init__(collection)
        self._server = server

    def count(self) -> int:
        """How many vectors it holds."""
        with self._server.reached():
            return super().count()

    def ids(self) -> list[str]:
        """The ids of all vectors, sorted."""
        with self._server.reached():
            return super().ids()

    def vectors(self, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """The vectors of these ids that it holds."""
        with self._server.reached():
            return super().vectors(ids)

    def nearest(self, vector: "NDArray[np.float32]", k: int, where: dict[str, Any] | None) -> dict[str, float]:
        """The cosines of the `k` nearest vectors to a unit vector `[dimension]`, by id."""
        with self._server.reached():
            return super().nearest(vector, k, where)


class ServerShelf:
    """A library's collections on a server; see `index.shelf.Shelf`.

    The catalogue's name `vectors-3.7` means the 7th state of the collection `dateline-LIBRARY-3`.

    Args:
        server: Which server.
        library_id: Tells the collections of this library from others'.
        folder: The library's folder, where no collection is needed.
    """

    changes_in_place = True

    def __init__(self, server: ChromaServer, library_id: str, folder: Path) -> None:
        self.place = server.url
        self._server = server
        self._prefix = f"dateline-{library_id}-"
        self._folder = FolderShelf(folder)
        self._opened: Any = None

    @property
    def _client(self) -> Any:
        if self._opened is None:
            self._opened = self._server.client()
        return self._opened

    def open(self, name: str) -> ServerCollection:
        """Open a collection.

        Raises:
            VectorServerError: It cannot be reached, or is not there.
        """
        with self._server.reached():
            return ServerCollection(self._server, self._collection(name))

    def is_whole(self, name: str) -> bool:
        """Whether a collection is there.

        Raises:
            VectorServerError: The server does not answer.
        """
        try:
            self.open(name)
        except VectorsGoneError:
            return False
        return True

    def _collection(self, name: str) -> Any:
        return self._client.get_collection(f"{self._prefix}{_number(name)}", embedding_function=None)

    def write(
        self, base: str | None, remove: Sequence[str], add: Iterator[Row], total: int, progress: Progress | None = None
    ) -> str:
        """Write a collection, or change one; see `index.shelf.Shelf.write`."""
        with self._server.reached():
            if base is None:
                number, state = max([0, *self._numbers()]) + 1, 1
                # We bring our own vectors; Chroma's own embedding function would download a model.
                collection = self._client.create_collection(
                    f"{self._prefix}{number}", configuration={"hnsw": GRAPH}, embedding_function=None
                )
            else:
                number, state = _number(base), int(base.partition(".")[2]) + 1
                collection = self._collection(base)
            for begin in range(0, len(remove), _BATCH):
                collection.delete(ids=list(remove[begin : begin + _BATCH]))
            done = 0
            for ids, vectors, metadatas in batches(add, _BATCH):
                collection.upsert(ids=ids, embeddings=vectors, metadatas=metadatas)
                done += len(ids)
                if progress:
                    progress(done, total)
            return f"vectors-{number}.{state}"

    def clear_away(self, keep: str | None) -> None:
        """Delete all collections of this library but one, and those in its folder from before it was on a server."""
        self._folder.clear_away(None)
        with self._server.reached():
            for number in self._numbers():
                if keep is None or number != _number(keep):
                    self._client.delete_collection(f"{self._prefix}{number}")

    def _numbers(self) -> list[int]:
        """The numbers of this library's collections."""
        numbers, offset = [], 0
        while listed := self._client.list_collections(limit=_LISTED, offset=offset):
            numbers += [int(c.name[len(self._prefix) :]) for c in listed if c.name.startswith(self._prefix)]
            offset += _LISTED
        return numbers


def _number(name: str) -> int:
    return int(name.partition("-")[2].partition(".")[0])
