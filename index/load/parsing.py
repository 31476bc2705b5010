"""A file to replies, in the child: whole, entry by entry (archives), line by line or in pieces (large lists).

Whatever a parser does, short of killing the process, becomes the reason why this item is lost.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from index.article import Article
from index.errors import UnreadableError
from index.load.formats import KNOWN, entries
from index.load.language import with_language
from index.load.titles import with_short_title
from index.sandbox.limits import Limits, size_in_words
from index.sandbox.messages import Begin, Found, Link, Lost, Reply, Request

Entry = tuple[int, Article | UnreadableError | Link]


class Item(Protocol):
    """A part of a file that is read, and may be lost, by itself."""

    @property
    def begin(self) -> Begin:
        """What is announced before it is read."""

    def entries(self) -> Iterable[Entry]:
        """Read it.

        Raises:
            UnreadableError: Nothing of it can be read.
        """


class Readable(Protocol):
    """What bytes can be read from: a file, or an entry of an archive as it is unpacked."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; fewer only at the end.

        Raises:
            UnreadableError: There are no more to be had.
        """


@dataclass(frozen=True)
class Whole:
    """A file, or an entry of an archive, that is read at once."""

    begin: Begin
    suffix: str
    file: Readable
    limits: Limits

    def entries(self) -> Iterator[Entry]:
        """Read all of it and parse that."""
        data = read_bounded(self.file, self.limits.file_bytes)
        found = False
        for entry in entries(self.suffix, data):
            found = True
            yield entry
        if not found:
            raise UnreadableError("holds no article: it has no text once the clutter of the page is gone")


def replies_to(request: Request, limits: Limits) -> Iterator[Reply]:
    """Read a file: each of its items announced, then what was found in it."""
    try:
        with open_regular(request.path) as file:
            for number, item in enumerate(_items(request, file, limits)):
                if number >= request.start:
                    yield item.begin
                    yield from _read(item, limits)
    except UnreadableError as error:
        yield Lost("", None, str(error))
    except MemoryError:
        yield Lost("", None, _too_large(limits))
    except Exception as error:
        yield Lost("", None, _fault(error))


def _items(request: Request, file: IO[bytes], limits: Limits) -> Iterable[Item]:
    suffix = request.suffix
    if suffix == ".zip":
        from index.load.archives import archive_items

        return archive_items(file, limits)
    if suffix == ".jsonl":
        from index.load.json_lines import line_items

        return line_items(file, limits)
    if suffix in (".csv", ".tsv"):
        from index.load.table_pieces import table_items

        return table_items(suffix, file, limits)
    if suffix == "":
        from index.load.stdin import unnamed_item

        return [unnamed_item(file, limits)]
    if request.links:
        from index.load.links import fetched_item

        return [fetched_item(suffix, file, limits)]
    check_format(suffix)
    return [Whole(Begin(is_last=True), suffix, file, limits)]


def check_format(suffix: str) -> None:
    """Pass a format that we read.

    Raises:
        UnreadableError: It is another.
    """
    if suffix not in KNOWN:
        raise UnreadableError(f"is of a format we do not read: we read {', '.join(KNOWN)}")


def _read(item: Item, limits: Limits) -> Iterator[Reply]:
    where, position = item.begin.where, item.begin.position
    try:
        for number, entry in item.entries():
            if isinstance(entry, Article):
                yield Found(where, number, with_language(with_short_title(entry)))
            elif isinstance(entry, Link):
                yield entry
            else:
                yield Lost(where, number, str(entry))
    except UnreadableError as error:
        yield Lost(where, position, str(error))
    except MemoryError:
        yield Lost(where, position, _too_large(limits))
    except RecursionError:
        yield Lost(where, position, "is nested too deep: save the article as plain text and add that")
    except Exception as error:  # a parser's own fault is this item's failure, not that of the other thousand
        yield Lost(where, position, _fault(error))


def open_regular(path: str) -> IO[bytes]:
    """Open a file for reading if it is one.

    Raises:
        UnreadableError: It is not there, not a regular file, or closed to us.
    """
    try:
        file = open(path, "rb", buffering=1 << 20, opener=_opener)  # noqa: SIM115 - the caller closes it
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise UnreadableError("is not a regular file: save it as one, or use standard input")
        return file
    except FileNotFoundError as error:
        if os.path.islink(path):
            raise UnreadableError("is a link to a file that is gone: mend or remove the link") from error
        raise UnreadableError("does not exist: check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise UnreadableError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # without it, opening a pipe would wait for ever


def read_bounded(file: Readable, most: int) -> bytes:
    """Read a file to its end.

    Raises:
        UnreadableError: It has more bytes than that; no more than one beyond is read.
    """
    data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableError(f"is larger than {size_in_words(most)}: split it, or raise DATELINE_MAX_FILE_MB")
    return data


def _too_large(limits: Limits) -> str:
    return f"needs more than {size_in_words(limits.memory)} of memory to read: save the article as plain text"


def _fault(error: Exception) -> str:
    return f"cannot be parsed ({type(error).__name__}: {error}): save it as plain text and add that"
