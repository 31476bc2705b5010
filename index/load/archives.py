"""Zip archives: each file in them is read by itself, without anything being written to disk."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Self

from index.errors import UnreadableError
from index.failure import shown
from index.load.formats import KNOWN
from index.load.parsing import Entry, Item, Whole, read_bounded
from index.sandbox.limits import Limits, size_in_words
from index.sandbox.messages import Begin

_ENCRYPTED = 1  # bit of `ZipInfo.flag_bits`
_RATIO_MATTERS = 1 << 20  # bytes; below this, a page of repeated words may well pack 500 to 1
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)


@dataclass
class _Budget:
    """What is left for the whole of an archive, those within it included."""

    entries: int
    size: int
    spent: str  # what to say when there is no more of `size`

    @classmethod
    def of(cls, packed: int, limits: Limits) -> Self:
        """The budget of an archive that is so many bytes long."""
        size = min(limits.archive_bytes, max(packed * limits.archive_ratio, limits.file_bytes))
        return cls(limits.archive_entries, size, f"the archive unpacks to more than {size_in_words(size)}: split it")


@dataclass(frozen=True)
class _Refused:
    """An entry, or what is left of an archive, that is not read."""

    begin: Begin
    reason: str

    def entries(self) -> Iterator[Entry]:
        raise UnreadableError(self.reason)


@dataclass(frozen=True)
class _Announced:
    """An archive in an archive: its own entries follow."""

    begin: Begin

    def entries(self) -> Iterator[Entry]:
        return iter(())


@dataclass
class _Bounded:
    """An entry that is being unpacked: counts what comes out and stops where that is too much."""

    file: IO[bytes]
    packed: int
    limits: Limits
    budget: _Budget
    unpacked: int = field(default=0, init=False)

    def read(self, size: int, /) -> bytes:
        pieces = []
        while size > 0 and (piece := self._piece(min(size, 1 << 16))):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        try:
            piece = self.file.read(size)
        except _UNREADABLE as error:
            raise UnreadableError(f"cannot be unpacked ({_why(error)}): make the archive again") from error
        self.unpacked += len(piece)
        self.budget.size -= len(piece)
        if self.budget.size < 0:
            raise UnreadableError(self.budget.spent)
        if self.unpacked > max(self.packed * self.limits.archive_ratio, _RATIO_MATTERS):
            raise UnreadableError(
                f"unpacks to more than {self.limits.archive_ratio} times its size, as no text does: unpack it yourself"
            )
        return piece


def archive_items(file: IO[bytes], limits: Limits) -> Iterator[Item]:
    """The files of an archive that are of a format we read, in the order of their names.

    Hidden ones (`.name`, `__MACOSX/`) and those of other formats are passed over, as in a folder.

    Raises:
        UnreadableError: It is no archive, or holds nothing that we read.
    """
    found = False
    for item in _archive(file, "", 0, limits, _Budget.of(file.seek(0, io.SEEK_END), limits)):
        found = True
        yield item
    if not found:
        raise UnreadableError(f"holds no articles: put files into it that end in {', '.join(KNOWN)}")


def _archive(file: IO[bytes], where: str, depth: int, limits: Limits, budget: _Budget) -> Iterator[Item]:
    try:
        archive = zipfile.ZipFile(file)
    except _UNREADABLE as error:
        raise UnreadableError(f"is not a zip archive that can be read ({_why(error)}): make it again") from error
    listed = sorted(archive.infolist(), key=lambda entry: entry.filename)
    for entry in listed:
        budget.entries -= 1
        begin = Begin(f"{where}!{shown(entry.filename)}")
        if budget.entries < 0:
            yield _Refused(begin, f"the archive has more than {limits.archive_entries:,} entries: split it")
            return
        if budget.size < 0:
            yield _Refused(begin, f"{budget.spent} (the rest of it is not read)")
            return
        if _is_wanted(entry):
            yield from _entry(archive, entry, begin, depth, limits, budget)


def _why(error: Exception) -> str:
    return str(error) or "it breaks off"


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in path.parts)
    return not entry.is_dir() and not hidden and path.suffix.lower() in KNOWN


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, begin: Begin, depth: int, limits: Limits, budget: _Budget
) -> Iterator[Item]:
    if entry.flag_bits & _ENCRYPTED:
        yield _Refused(begin, "is encrypted: unpack it yourself and add that")
        return
    try:
        unpacking = _Bounded(archive.open(entry), entry.compress_size, limits, budget)
    except _UNREADABLE as error:
        yield _Refused(begin, f"cannot be unpacked ({_why(error)}): make the archive again")
        return
    suffix = PurePosixPath(entry.filename).suffix.lower()
    if suffix != ".zip":
        yield Whole(begin, suffix, unpacking, limits)
    elif depth == limits.archive_depth:
        yield _Refused(begin, f"lies more than {limits.archive_depth} archives deep: unpack it yourself")
    else:
        yield from _nested(unpacking, begin, depth, limits, budget)


def _nested(unpacking: _Bounded, begin: Begin, depth: int, limits: Limits, budget: _Budget) -> Iterator[Item]:
    yield _Announced(begin)
    try:
        inner = io.BytesIO(read_bounded(unpacking, limits.file_bytes))
        yield from _archive(inner, begin.where, depth + 1, limits, budget)
    except UnreadableError as error:
        yield _Refused(begin, str(error))
