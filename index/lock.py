"""One writer at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import LibraryBusyError


@contextmanager
def writing(folder: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the library's write lock; readers are not held up by it.

    The lock is the operating system's, so it is gone with the process that held it, however that ended.

    Args:
        folder: The library.
        wait: Seconds to wait for another writer to be done (0 and up).

    Raises:
        LibraryBusyError: Another process, or another thread of this one, is still writing.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "write.lock", thread_local=False)
    owner = folder / "writer.pid"
    try:
        lock.acquire(timeout=wait, poll_interval=0.05)
    except Timeout:
        pid = owner.read_text().strip() if owner.exists() else "unknown"
        raise LibraryBusyError(
            f"Another process (pid {pid}) is writing to the library {folder}, and was not done within {wait:g} s. "
            "Try again when it is done, or wait longer: DATELINE_WRITE_WAIT=SECONDS."
        ) from None
    try:
        owner.write_text(str(os.getpid()))
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()
