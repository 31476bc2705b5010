"""What a library is stored in: the catalogue and the two indexes, in one folder."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from index.builds import Builds
from index.catalog import Catalog
from index.chroma import FolderShelf
from index.chroma_server import ChromaServer, ServerShelf
from index.database import Database
from index.disk import room_on_disk
from index.embedding import Embedder
from index.errors import DiskError, LibraryBusyError, VectorServerError
from index.lock import writing
from index.schema import FORMAT, SCHEMA
from index.shelf import Shelf
from index.splitting import Splitting
from index.upkeep import Progress, Upkeep, made_with
from index.vectors import VectorIndex
from index.words import WordIndex


@dataclass(frozen=True)
class Stores:
    """The stores of one library.

    Attributes:
        folder: Where they lie.
        database: The catalogue's file.
        catalog: Its articles.
        builds: Its passages, and which indexes are in use.
        shelf: Where its sealed collections of vectors are kept.
        vectors: The passages' vectors.
        words: The passages' words.
    """

    folder: Path
    database: Database
    catalog: Catalog
    builds: Builds
    shelf: Shelf
    vectors: VectorIndex
    words: WordIndex

    @classmethod
    def at(cls, folder: Path, server: ChromaServer | None = None) -> "Stores":
        """The stores in a folder, which is made when missing.

        Args:
            folder: The library.
            server: The Chroma server that its vectors are searched on; none: Chroma in the folder.

        Raises:
            LibraryMismatchError: They were made by another version of Dateline.
        """
        folder.mkdir(parents=True, exist_ok=True)
        database = Database(folder / "catalog.sqlite", SCHEMA, FORMAT)
        catalog, builds = Catalog(database), Builds(database)
        shelf: Shelf = ServerShelf(server, catalog.meta("library_id"), folder) if server else FolderShelf(folder)
        return cls(folder, database, catalog, builds, shelf, VectorIndex(shelf, builds), WordIndex(folder, builds))

    @property
    def recorded_place(self) -> str:
        """Where the library records that its vectors are searched; see `index.shelf.Shelf.place`."""
        return self.catalog.meta("vectors_at") or ""

    def close(self) -> None:
        """Close the files."""
        self.vectors.close()
        self.words.close()
        self.database.close()

    @property
    def upkeep(self) -> Upkeep:
        """What is done to whole indexes."""
        return Upkeep(self.database, self.catalog, self.builds, self.vectors, self.words)

    @contextmanager
    def writing(self, wait: float) -> Iterator[list[str]]:
        """Be the one writer, over indexes that are whole.

        Args:
            wait: Seconds to wait for another writer to be done (0 and up).

        Yields:
            What had to be put right first, a line for each; mostly none.

        Raises:
            LibraryBusyError: Another process is still writing.
            ReadOnlyError: The folder cannot be written.
            DiskError: There is no room left on the disk.
        """
        self.database.require_writable()
        with room_on_disk(self.folder), writing(self.folder, wait):
            yield self.upkeep.repair()

    def left_over(self) -> list[str]:
        """Names of folders of indexes that the catalogue does not name."""
        indexes = self.builds.indexes()
        names = {folder.name for pattern in ("vectors-*", "words-*") for folder in self.folder.glob(pattern)}
        return sorted(names - {indexes.vectors, indexes.words})

    def repair_if_idle(self) -> None:
        """Put right what a stopped process left behind, unless one is writing (and has done so)."""
        left = self.catalog.unfinished() or self.left_over() or self.catalog.meta("purging")
        if left and not self.database.read_only:
            with suppress(LibraryBusyError, DiskError, VectorServerError), self.writing(0):
                pass


def reindex(
    folder: Path,
    embedder: Embedder,
    splitting: Splitting = Splitting(),
    progress: Progress | None = None,
    write_wait: float = 5.0,
    server: ChromaServer | None = None,
) -> None:
    """Index a library's articles again, with these settings, which may be others than it was made with.

    Where only the place of the vectors is another, they are moved, and nothing is encoded. Questions are answered
    meanwhile by what is there. An interrupted call is gone on with by the next one.

    Args:
        folder: The library.
        embedder: The embedding model from now on.
        splitting: How articles are cut from now on.
        progress: Told how far it is.
        write_wait: Seconds to wait for another writer to be done (0 and up).
        server: The Chroma server that the vectors are searched on from now on; none: Chroma in the folder.

    Raises:
        LibraryBusyError: Another process is writing.
        VectorServerError: The server does not answer.
    """
    stores = Stores.at(folder, server)
    moves = stores.recorded_place != stores.shelf.place
    try:
        with stores.writing(write_wait):  # which has put the vectors where they are now looked for
            if moves:
                stores.catalog.set_meta("vectors_at", stores.shelf.place)
            if not moves or stores.catalog.meta("made_with") != made_with(embedder, splitting):
                stores.upkeep.reindex(embedder, splitting, progress)
    finally:
        stores.close()
