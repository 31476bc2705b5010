"""Texts, Markdown and JSON that cost more than they look: one endless line, deep nesting, what patterns dislike."""

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

MIB = 1 << 20
STORY = b"Bridge over Anse Sound to close\n9 May 2025\n\nDHELM: The bridge will close to cars from Monday.\n"


def _sparse(path: Path) -> None:
    """One line of 1 GB, of which the disk holds nothing."""
    with path.open("wb") as file:
        file.truncate(1 << 30)


def _lines(line: str, size: int) -> Callable[[Path], object]:
    return lambda path: path.write_text(f"{line}\n" * (size // (len(line) + 1)), encoding="utf-8")


def _text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def _laughs(levels: int = 30) -> str:
    names = [chr(ord("a") + level % 26) + str(level) for level in range(levels)]
    rows = [f"{names[0]}: &{names[0]} [ha, ha]"]
    rows += [f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]" for before, one in pairwise(names)]
    return "---\n" + "\n".join(rows) + f"\ntitle: *{names[-1]}\n---\n" + STORY.decode()


_WORDS = random.Random(5)  # noqa: S311 - not a secret
_SOUP = "".join(_WORDS.choice("AaB b'’.-,:;|·()[]/&@#*_\"“”\n\u200d\u00a0\u202e\U0001f600") for _ in range(2 * MIB))

TEXTS: dict[str, Callable[[Path], object]] = {
    "line-of-1-gb.txt": _sparse,
    "line-of-1-gb.jsonl": _sparse,
    "line-of-1-gb.html": _sparse,
    "line-of-1-gb.json": _sparse,
    "line-of-49-mb.txt": lambda path: path.write_text("a " * (49 * MIB // 2), encoding="utf-8"),
    "word-of-49-mb.txt": lambda path: path.write_text("a" * (49 * MIB), encoding="utf-8"),
    "lines-of-one-letter.txt": _lines("A", 20 * MIB),
    "spaces-before-an-end.txt": _text((" " * 200_000 + "x\n") * 20),
    "bylines.txt": _lines("By " + "Aa-" * 40 + " and " + "Bb." * 9, 8 * MIB),
    "datelines.txt": _lines("AA " * 30 + "AAAA, " + "A" * 40 + " (", 8 * MIB),
    "credits.txt": _lines("(" * 60 + "File Photo " * 6 + "]", 8 * MIB),
    "dates.txt": _lines("Updated " + "9 May 2025 " * 13, 8 * MIB),
    "joiners.txt": _text("\u200d" * 10 * MIB),
    "soup-of-signs.txt": _text(_SOUP),
    "comments-without-end.md": _text("<!--" * 500_000),
    "scripts-without-end.md": _text("<div>\n" + "<script" * 300_000),
    "brackets.md": _text("[" * 300_000),
    "stars.md": _text("*a **b " * 100_000),
    "quotes-in-quotes.md": _text(">" * 300_000 + " a"),
    "backticks.md": _text("".join("`" * n + " " for n in range(1, 800))),
    "laughs.md": _text(_laughs()),
    "brackets.json": _text("[" * 5_000_000),
    "objects.json": _text('{"a":' * 2_000_000),
    "empty-objects.json": _text("[" + "{}," * 10_000_000 + "{}]"),
    "number-of-10-mb.json": _text('{"text": ' + "9" * 10 * MIB + "}"),
}
