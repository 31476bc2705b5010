"""Out of a library into an archive, and from an archive into a library."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path
from typing import IO

from index.archive import Archive, Head, Place, Record, Vector, write
from index.article import Article
from index.embedding import Embedder
from index.embedding.given import GivenVectors
from index.errors import ArchiveError
from index.library import Library
from index.meta import state_of
from index.snapshot import Snapshot

Progress = Callable[[int, int], None]
_SAMPLE = 8
"""Passages whose vectors are compared with what the model makes of them."""
_SAME = 0.999  # cosine; other processors make other last digits
_TOGETHER = 1000  # places


@dataclass(frozen=True)
class Imported:
    """What importing did.

    Attributes:
        added: Ids of articles that are new.
        replaced: Ids of articles that newer versions took the place of.
        unchanged: How many articles were there already.
        older: How many were passed over, because the library has a version of the same URL that is not older.
        embedded: Whether the passages were embedded; else their vectors came along.
    """

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: int
    older: int
    embedded: bool


def export_library(
    library: Library,
    file: Path,
    *,
    vectors: bool = False,
    places: bool = True,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Head:
    """Write all articles of a library into an archive, as they are at one moment; others may go on writing.

    Args:
        library: What to export.
        file: The archive; it is there only when it is whole.
        vectors: Whether the passages' vectors go along, so that importing need not embed; about doubles its size.
        places: Whether the paths go along that articles were read from, so that `sync` knows them again.
        overwrite: Whether a file of this name may be replaced.
        progress: Told articles written, and how many there are.

    Returns:
        What the archive begins with.

    Raises:
        ArchiveError: There is such a file, or an article cannot be in an archive.
    """
    if file.exists() and not overwrite:
        raise ArchiveError(f"{file} is there already, and was left as it is: name another file, or add --force")
    with Snapshot(library.folder) as held, _whole(file) as out:
        head = Head(
            library.made_with,
            held.count,
            held.count_passages() if vectors else 0,
            state_of(library.made_with, held.ids()),
            version("dateline"),
        )
        write(out, head, _records(held, vectors, places, progress))
    return head


def _records(held: Snapshot, vectors: bool, places: bool, progress: Progress | None) -> Iterator[Record]:
    for n, article in enumerate(held.articles(), start=1):
        yield article if places else replace(article, origin=None)
        if vectors:
            yield from held.vectors(article.id)
        if progress:
            progress(n, held.count)
    if places:
        yield from held.places()


@contextmanager
def _whole(file: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only when all of it is on the disk."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def import_archive(library: Library, file: Path, *, embed: bool = False, progress: Progress | None = None) -> Imported:
    """Add the articles of an archive to a library.

    The archive is read through and checked before anything is written. What is there already stays; of the same URL
    the newer version does. It may be stopped at any moment and begun again.

    Args:
        library: Where to.
        file: The archive.
        embed: Embed the passages even where their vectors came along.
        progress: Told passages done, and passages known so far.

    Returns:
        What was done.

    Raises:
        ArchiveError: The archive is damaged, or says what cannot be; nothing was imported.
        LibraryBusyError: Another process is writing.
    """
    with file.open("rb") as stream:
        archive = Archive(stream)
        sample = _check(archive)
        embedder = GivenVectors(library.embedder)
        given = bool(sample) and not embed and archive.head.made_with == library.made_with
        if given:
            _compare(sample, library.embedder)
        with library.changing(embedder) as writer:
            coming = _Coming(library, archive, embedder if given else None)
            added = writer.add(coming.articles(), progress)
            coming.settle_places()
    return Imported(added.added, added.replaced, len(added.unchanged), coming.older, not given)


def _check(archive: Archive) -> list[tuple[str, Vector]]:
    """Read an archive through; returns some of its passages, as they are embedded, with their vectors."""
    sample: list[tuple[str, Vector]] = []

    def ids() -> Iterator[str]:
        article: Article | None = None
        seen = 0
        for record in archive.records():
            if isinstance(record, Article):
                article = record
                yield article.id
            elif isinstance(record, Vector) and article:
                seen += 1
                at = len(sample) if len(sample) < _SAMPLE else random.randrange(seen)  # noqa: S311 - a sample
                if at < _SAMPLE:
                    sample[at : at + 1] = [(_text(article, record), record)]

    if state_of(archive.head.made_with, ids()) != archive.head.index_id:
        raise ArchiveError("The archive's articles are not those that it says. Nothing of it was imported.")
    return sample


def _compare(sample: list[tuple[str, Vector]], embedder: Embedder) -> None:
    made = embedder.encode_passages([text for text, _ in sample])
    for (_, passage), vector in zip(sample, made, strict=True):
        if passage.vector.shape != vector.shape or float(passage.vector @ vector) < _SAME:
            raise ArchiveError(
                "The archive's vectors are not those that the embedding model makes of its passages. Nothing was "
                "imported: add --embed to have them made anew."
            )


class _Coming:
    """The articles of an archive on their way into a library; with their vectors, where an embedder takes them."""

    def __init__(self, library: Library, archive: Archive, given: GivenVectors | None) -> None:
        self._library = library
        self._records = archive.records()
        self._given = given
        self._places: Iterator[Record] = iter(())
        self.older = 0

    def articles(self) -> Iterator[Article]:
        """All but those of which the library has a version that is not older."""
        article: Article | None = None
        passages: list[Vector] = []
        for record in self._records:
            if isinstance(record, Vector):
                passages.append(record)
                continue
            if article:
                yield from self._arrive(article, passages)
            if isinstance(record, Place):
                self._places = chain([record], self._records)
                return
            article, passages = record, []
        if article:
            yield from self._arrive(article, passages)

    def _arrive(self, article: Article, passages: list[Vector]) -> Iterator[Article]:
        there = self._library.find(article.id) is not None
        if not there and self._is_older(article):
            self.older += 1
            return
        if self._given and not there:
            for passage in passages:
                self._given.give(_text(article, passage), passage.vector)
        # An archive takes no article's place in a file: which file that is, only the machine that wrote it knows.
        owner = self._library.readings.owners([article.origin]) if article.origin else {}
        taken = owner.get(article.origin or "", article.id) != article.id
        yield replace(article, origin=None) if taken else article

    def _is_older(self, article: Article) -> bool:
        holder = self._library.readings.id_of_url(article.url) if article.url else None
        held = self._library.find(holder) if holder else None
        return held is not None and (held.updated or held.published or "") >= (
            article.updated or article.published or ""
        )

    def settle_places(self) -> None:
        """Remember where articles were read, where nothing else is known to be."""
        places = ((place.origin, place.article_id) for place in self._places if isinstance(place, Place))
        while batch := list(islice(places, _TOGETHER)):
            self._library.readings.place(batch)


def _text(article: Article, passage: Vector) -> str:
    return article.context + article.text[passage.start : passage.end]
