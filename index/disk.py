"""What a full disk looks like to each store, told plainly."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import DatelineError, DiskError

_SIGNS = (
    "index writer was killed",
    "disk is full",
    "no space left",
    "os error 28",
    "storagefull",
    "file too large",
    "os error 27",
)
_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def room_on_disk(folder: Path) -> Iterator[None]:
    """Tell plainly when there is no room left in a folder.

    Raises:
        DiskError: What was done inside failed because the disk is full, or does not take what is written.
    """
    try:
        yield
    except DatelineError:
        raise
    except Exception as error:
        if _is_full(error):
            wrong = "is full"
        elif isinstance(error, sqlite3.Error) and (_code(error) & 0xFF) == sqlite3.SQLITE_IOERR:
            wrong = f"does not take what is written ({error}; perhaps files may not grow so large)"
        else:
            raise
        raise DiskError(
            f"The disk of the library {folder} {wrong}. What had been added is kept and can be searched. Make room, "
            "then do the same again: it goes on where it stopped."
        ) from error


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", None) or 0


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _NUMBERS:
        return True
    if isinstance(error, sqlite3.Error) and _code(error) == sqlite3.SQLITE_FULL:
        return True
    # tantivy and Chroma say so in words only.
    return any(sign in str(error).lower() for sign in _SIGNS)
