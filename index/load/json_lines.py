"""JSON lines, read line by line: a file may be of any size, a line may not."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from index.errors import UnreadableError
from index.load.decode import WIDE_MARKS, decode
from index.load.json_articles import from_json_line
from index.load.parsing import Entry, Item, Whole
from index.sandbox.limits import MIB, Limits, size_in_words
from index.sandbox.messages import Begin

_PASSED_OVER = 4  # times the longest line


@dataclass(frozen=True)
class _Line:
    begin: Begin
    data: bytes | None  # None: too long
    most: int

    def entries(self) -> Iterator[Entry]:
        position = self.begin.position or 0
        name = f"line {position + 1}"
        if self.data is None:
            raise UnreadableError(f"{name} is longer than {size_in_words(self.most)}: split it")
        try:
            text = decode(self.data)
        except UnreadableError as error:
            raise UnreadableError(f"{name} {error}") from error
        yield position, from_json_line(text, position)


def line_items(file: IO[bytes], limits: Limits) -> Iterator[Item]:
    """The lines of a file, blank ones passed over; a file whose characters are wider than a byte is one item.

    Raises:
        UnreadableError: There is no line in it.
    """
    mark = file.read(4)
    file.seek(0)
    if mark.startswith(WIDE_MARKS):
        yield Whole(Begin(is_last=True), ".jsonl", file, limits)
        return
    found = False
    for position, line in enumerate(_lines(file, limits.file_bytes)):
        if line is None or line.strip():
            found = True
            yield _Line(Begin("", position), line, limits.file_bytes)
    if not found:
        raise UnreadableError("is empty: put an article in it or leave it out")


def _lines(file: IO[bytes], most: int) -> Iterator[bytes | None]:
    """Each line, None for one that is too long; that one is passed over, unless it goes on as if without end."""
    while line := file.readline(most + 1):
        if len(line) <= most or line.endswith(b"\n"):
            yield line
            continue
        line = b""  # let go of it first
        yield None
        _pass_over(file, most * _PASSED_OVER)


def _pass_over(file: IO[bytes], most: int) -> None:
    """Go on to behind the next end of a line. Not by `readline`, which takes 30 times as long for what is this long."""
    for _ in range(0, most, MIB):
        piece = file.read(MIB)
        end = piece.find(b"\n")
        if end >= 0:
            file.seek(end + 1 - len(piece), io.SEEK_CUR)
        if end >= 0 or not piece:
            return
    raise UnreadableError("has a line that goes on as if without end: what follows is not read, split it")
