"""A folder that can be written, in the place of one that cannot."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

_CHANGED = (".sqlite3", ".json")
"""Endings of the small files that Chroma and tantivy change even when they only read."""


def view(folder: Path) -> "tuple[Path, TemporaryDirectory[str]]":
    """A temporary folder that looks like another: its small files copied, the others linked.

    Args:
        folder: A folder that exists.

    Returns:
        The folder to open, and the same to clean up behind that.
    """
    place = TemporaryDirectory(prefix="dateline-")
    for item in folder.iterdir():
        target = Path(place.name, item.name)
        if item.suffix in _CHANGED or item.name in _CHANGED:
            shutil.copyfile(item, target)
        elif item.suffix != ".lock":
            target.symlink_to(item.resolve())
    return Path(place.name), place
