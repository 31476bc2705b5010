"""Files and folders to articles: each format by the file's extension, each failure with its reason."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.article import Article
from index.errors import UnreadableError
from index.load.decode import decode
from index.load.formats import KNOWN, entries


@dataclass(frozen=True)
class Failure:
    """A file, or an entry of one, that could not be read.

    Attributes:
        path: The path as given or found; `path#position` for one entry, counted from 0 as in `Article.origin`.
        reason: What is wrong and what to do about it.
    """

    path: str
    reason: str


def read(paths: Iterable[str | Path]) -> Iterator[Article | Failure]:
    """Read the articles of files and folders, in sorted order within a folder.

    Files and folders whose name begins with a dot, and files of other formats, are passed over inside a folder; a
    file named outright is always tried.

    Args:
        paths: Files (`.txt`, `.md`, `.html`, `.json`, `.jsonl`) and folders of them.

    Yields:
        Articles and failures as they come; a failure never stops the rest.
    """
    for path in map(Path, paths):
        if os.path.isdir(path):  # unlike Path.is_dir(), it does not raise where a folder above is closed to us
            yield from _read_folder(path)
        else:
            yield from _read_file(path)


def _read_folder(folder: Path) -> Iterator[Article | Failure]:
    errors: list[OSError] = []
    found = False
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in KNOWN:
                found = True
                yield from _read_file(Path(parent, name))
    for error in errors:
        yield Failure(str(error.filename), f"cannot be listed: {error.strerror}")
    if not found and not errors:
        yield Failure(str(folder), f"holds no articles: put files into it that end in {', '.join(KNOWN)}")


def _read_file(path: Path) -> Iterator[Article | Failure]:
    name = str(path)
    try:
        found = False
        for position, entry in entries(path.suffix.lower(), decode(_bytes(path))):
            found = True
            if isinstance(entry, Article):
                yield replace(entry, origin=f"{os.path.abspath(path)}#{position}")
            else:
                yield Failure(f"{name}#{position}", str(entry))
        if not found:
            yield Failure(name, "holds no article: it has no text once the clutter of the page is gone")
    except UnreadableError as error:
        yield Failure(name, str(error))
    except RecursionError:
        yield Failure(name, "is nested too deep: save the article as plain text and add that")
    except Exception as error:  # a parser's own fault is this file's failure, not that of the other thousand
        yield Failure(name, f"cannot be parsed ({type(error).__name__}: {error}): save it as plain text and add that")


def _bytes(path: Path) -> bytes:
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
        if path.suffix.lower() not in KNOWN:
            raise UnreadableError(f"is of a format we do not read: we read {', '.join(KNOWN)}")
        if not regular:  # reading a pipe would wait for ever
            raise UnreadableError("is not a regular file: save it as one, or use standard input")
        return path.read_bytes()
    except FileNotFoundError as error:
        if os.path.islink(path):
            raise UnreadableError("is a link to a file that is gone: mend or remove the link") from error
        raise UnreadableError("does not exist: check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise UnreadableError(f"cannot be read: {getattr(error, 'strerror', error)}") from error
