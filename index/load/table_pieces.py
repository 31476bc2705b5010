"""Large tables, read piece by piece: a table may be of any size, a row may not."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from index.errors import UnreadableError
from index.load.csv_articles import delimiter_of, from_csv
from index.load.decode import WIDE_MARKS, decode
from index.load.parsing import Entry, Item, Whole
from index.sandbox.limits import MIB, Limits, size_in_words
from index.sandbox.messages import Begin

_PIECE = MIB  # bytes of a piece, a row more or less
_WHOLE = 4 * MIB  # bytes of a table that is read at once


@dataclass(frozen=True)
class _Rows:
    """Some rows of a table, behind the row that names its columns."""

    begin: Begin
    data: bytes

    def entries(self) -> Iterator[Entry]:
        yield from from_csv(decode(self.data), rows_before=self.begin.position or 0)


def table_items(suffix: str, file: IO[bytes], limits: Limits) -> Iterator[Item]:
    """The pieces of a table; a small one, or one whose characters are wider than a byte, is one item.

    Raises:
        UnreadableError: A row is too long, or the first one is none of names.
    """
    head = file.read(_WHOLE + 1)
    file.seek(0)
    if len(head) <= _WHOLE or head.startswith(WIDE_MARKS) or b"\n" not in head:
        yield Whole(Begin(is_last=True), suffix, file, limits)
        return
    taken: list[bytes] = []
    delimiter = delimiter_of(decode(head[: head.rindex(b"\n") + 1]))
    # Where a row ends is told by the reader that will read it; latin-1 leaves every byte as it is.
    rows = csv.reader(_lines(file, taken, limits.file_bytes), delimiter=delimiter)
    next(rows)
    names, first, count, size = b"".join(taken), 0, 0, 0
    taken.clear()
    piece: list[bytes] = []
    for count, _ in enumerate(rows, 1):
        size += sum(map(len, taken))
        piece += taken
        taken.clear()
        if size >= _PIECE:
            yield _Rows(Begin("", first), names + b"".join(piece))
            piece, first, size = [], count, 0
    if piece:
        yield _Rows(Begin("", first, is_last=True), names + b"".join(piece))


def _lines(file: IO[bytes], taken: list[bytes], most: int) -> Iterator[str]:
    """The lines of a file, which are kept in `taken` until the row that they make up is complete."""
    while line := file.readline(most + 1):
        taken.append(line)
        if len(line) > most or sum(map(len, taken)) > most:
            raise UnreadableError(
                f"has a row longer than {size_in_words(most)} (is a quotation mark missing?): "
                "what follows is not read, split it"
            )
        yield line.decode("latin-1")
