"""JSON lines, each with its number."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.gold import read_text


def json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """The objects of a JSON lines file (plain or `.gz`) with their lines; None is a line that holds none.

    Raises:
        GoldError: The file is missing or no text.
    """
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                row = None
            yield number, row if isinstance(row, dict) else None


def text_of(row: dict[str, Any], name: str) -> str:
    """A field that must be a text and not empty.

    Raises:
        ValueError: It is missing or something else.
    """
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'"{name}" is missing or no text')
    return value
