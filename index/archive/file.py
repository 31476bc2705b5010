"""The archive as a file: written in one stream, and read in one, with limits."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import IO, Any

from index.archive.records import (
    DAMAGED,
    NAME,
    VERSION,
    Head,
    Record,
    article_of,
    head_of,
    place_of,
    plain,
    shown,
    vector_of,
)
from index.article import Article
from index.errors import ArchiveError

_LONGEST_LINE = 64 << 20  # bytes
_LARGEST_RATIO = 100
"""How many times its packed size an archive may unpack to: text rarely reaches 10."""
_RATIO_MATTERS = 16 << 20  # bytes unpacked

Line = tuple[dict[str, Any], bytes]


def write(file: IO[bytes], head: Head, records: Iterable[Record]) -> None:
    """Write an archive; the same head and records make the same bytes.

    Args:
        file: Where to; open for writing.
        head: What it begins with.
        records: Articles in the order of their ids, each followed by its passages, if any; then places.

    Raises:
        ArchiveError: An article is too large for an archive, or holds what no file can hold that we read.
    """
    digest = hashlib.sha256()
    with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:

        def put(values: dict[str, Any]) -> None:
            line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            if len(line) > _LONGEST_LINE:
                raise ArchiveError(f"The article {values.get('id')} is too large for an archive: remove it first.")
            digest.update(line)
            packed.write(line)

        put({"is": NAME, "version": VERSION, **asdict(head)})
        for record in records:
            put(plain(record))
        put({"is": "end", "sha256": digest.hexdigest()})


class Archive:
    """An archive that is read, perhaps a stranger's: what it says is checked, and how much it may unpack to limited.

    Args:
        file: The archive; open for reading, and to be read more than once.

    Raises:
        ArchiveError: It is no archive, or of a version that we do not read.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.head = head_of(next(self._lines(), ({}, b""))[0])

    def records(self) -> Iterator[Record]:
        """Read it from the beginning; each record has been checked by itself.

        Raises:
            ArchiveError: It is damaged, cut short, or says what cannot be. That all of it is whole is only known when
                the last record has been taken.
        """
        digest = hashlib.sha256()
        lines = self._lines()
        digest.update(next(lines)[1])
        article: Article | None = None
        counts = dict.fromkeys(("article", "passage", "place"), 0)
        for values, line in lines:
            kind = values.pop("is", None)
            if kind == "end":
                self._end(values, digest.hexdigest(), counts, lines)
                return
            digest.update(line)
            if kind not in counts or (counts["place"] and kind != "place"):
                raise ArchiveError(f"The archive has a line where it cannot be: {shown(kind)}. {DAMAGED}")
            counts[kind] += 1
            if kind == "place":
                yield place_of(values)
            elif kind == "passage" and article:
                yield vector_of(values, article)
            else:
                following = article_of(values)
                if article and following.id <= article.id:
                    raise ArchiveError(f"The archive's articles are not in order. {DAMAGED}")
                article = following
                yield article
        raise ArchiveError(f"The archive is cut short: its end is missing. {DAMAGED}")

    def _end(self, values: dict[str, Any], sha256: str, counts: dict[str, int], rest: Iterator[Line]) -> None:
        if values.get("sha256") != sha256:
            raise ArchiveError(f"The archive's hash is another than it says. {DAMAGED}")
        if (counts["article"], counts["passage"]) != (self.head.articles, self.head.passages):
            raise ArchiveError(f"The archive holds another number of articles or passages than it says. {DAMAGED}")
        if next(rest, None):
            raise ArchiveError(f"The archive goes on behind its end. {DAMAGED}")

    def _lines(self) -> Iterator[Line]:
        """The lines as JSON objects, each with its bytes."""
        self._file.seek(0)
        size = 0
        with gzip.GzipFile(fileobj=self._file, mode="rb") as unpacked:
            while line := _line(unpacked):
                size += len(line)
                if size > max(_RATIO_MATTERS, _LARGEST_RATIO * self._file.tell()):
                    raise ArchiveError("The archive unpacks to far more than text does: it was made to fill a memory.")
                try:
                    values = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise ArchiveError(f"The archive has a line that is not JSON ({error}). {DAMAGED}") from error
                if not isinstance(values, dict):
                    raise ArchiveError(f"The archive has a line that is no object. {DAMAGED}")
                yield values, line


def _line(unpacked: gzip.GzipFile) -> bytes:
    try:
        line = unpacked.readline(_LONGEST_LINE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveError(f"The archive cannot be unpacked ({error}). {DAMAGED}") from error
    if len(line) > _LONGEST_LINE:
        raise ArchiveError("The archive has a line that is longer than any article: it was made to fill a memory.")
    return line
