"""Files and folders to a list of what is to be read, in a fixed order; nothing is opened here."""

import glob
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.failure import Failure
from index.load.formats import KNOWN

_ADDRESS = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]+:")  # of whatever scheme; one letter is a drive


@dataclass(frozen=True)
class Source:
    """A file that may hold articles.

    Attributes:
        name: What to call it in a report: the path as it was given or found.
        path: Where its bytes are; absolute.
        suffix: Its format, as a file's extension in small letters: `.html`; `.` where it has none.
        origin: What its articles' origins begin with; the path.
    """

    name: str
    path: str
    suffix: str
    origin: str


@dataclass(frozen=True)
class Address:
    """An address of the web, or of whatever else, to be checked when it is read."""

    text: str


def file_source(path: str | Path) -> Source:
    """The source that a path names; whether there is such a file shows when it is read."""
    absolute = os.path.abspath(path)
    return Source(str(path), absolute, Path(path).suffix.lower() or ".", _storable(absolute))


def is_address(path: str | Path) -> bool:
    """Whether this names something elsewhere; a file of that name goes before."""
    return isinstance(path, str) and _ADDRESS.match(path) is not None and not os.path.lexists(path)


def sources(paths: Iterable[str | Path]) -> Iterator[Source | Address | Failure]:
    """Find the files of paths, in sorted order within a folder; addresses are passed on.

    Files and folders whose name begins with a dot, and files of other formats, are passed over inside a folder; a
    file named outright is always tried.

    Args:
        paths: Files, folders, patterns such as `news/**/*.html`, and addresses such as `https://post.example/`.
    """
    for path in paths:
        if os.path.isdir(path):  # unlike Path.is_dir(), it does not raise where a folder above is closed to us
            yield from _in_folder(Path(path))
        elif os.path.lexists(path):
            yield file_source(path)
        elif is_address(path):
            yield Address(str(path))
        elif glob.has_magic(str(path)):
            yield from _matching(str(path))
        else:
            yield file_source(path)


def _in_folder(folder: Path) -> Iterator[Source | Failure]:
    errors: list[OSError] = []
    found = False
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in KNOWN:
                found = True
                yield file_source(Path(parent, name))
    for error in errors:
        yield Failure(str(error.filename), f"cannot be listed: {error.strerror}")
    if not found and not errors:
        yield Failure(str(folder), f"holds no articles: put files into it that end in {', '.join(KNOWN)}")


def _matching(pattern: str) -> Iterator[Source | Failure]:
    matches = sorted(glob.glob(pattern, recursive=True))
    for match in matches:
        if os.path.isdir(match):
            if not pattern.endswith("**"):  # then the files in it match by themselves
                yield from _in_folder(Path(match))
        else:
            yield file_source(match)
    if not matches:
        yield Failure(pattern, "matches no file: check the pattern")


def _storable(path: str) -> str:
    r"""The path with bytes that are no UTF-8 as `\xff`: what it is in cannot be stored as text otherwise."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
