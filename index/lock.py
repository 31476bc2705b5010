"""One writer at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import LibraryBusyError


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the library's write lock; readers are not held up by it.

    The lock is the operating system's, so it is gone with the process that held it, however that ended.

    Args:
        folder: The library.

    Raises:
        LibraryBusyError: Another process, or another thread of this one, is writing.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "write.lock", thread_local=False)
    owner = folder / "writer.pid"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        pid = owner.read_text().strip() if owner.exists() else "unknown"
        raise LibraryBusyError(
            f"Another process (pid {pid}) is writing to the library {folder}. Try again when it is done."
        ) from None
    try:
        owner.write_text(str(os.getpid()))
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()
