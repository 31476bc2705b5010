"""Reading and encoding spread over many processes or machines, for one writer.

What a library does with the outcome is the same as ever: articles come in the order of their files, and the writer's
embedder is one whose passages are encoded elsewhere. So the library is the same as from one process.
"""

import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from index.article import Article
from index.embedding import Embedder, ModelIdentity, open_embedder
from index.errors import ClusterError
from index.failure import Failure
from index.load.files import read_each
from index.load.sources import Address, Source
from index.sandbox.limits import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.fetch import Client

Found = Source | Address | Failure
"""What `index.load.sources.sources` finds."""

_CHUNK = 16
"""Passages encoded by one task: about half a second's work, so that none waits long for the last."""
_GROUP_FILES, _GROUP_BYTES = 32, 1 << 20
"""Files read by one task, and their size together."""
_LARGE = 8 << 20
"""Bytes; a larger file is read by the writer as it goes, because all that a task reads comes back at once."""


class SpreadEmbedder:
    """An embedding model whose passages are encoded by the tasks of an executor; questions are encoded here.

    Args:
        embedder: The model. Tasks open it by its name, and refuse to go on where its weights are others.
        executor: Where tasks run.
    """

    def __init__(self, embedder: Embedder, executor: Executor) -> None:
        self.identity = embedder.identity
        self._embedder = embedder
        self._executor = executor

    def encode_passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode passages into an array `[len(texts), dimension]` of unit vectors.

        Raises:
            ClusterError: A task cannot do it.
        """
        import numpy as np

        longest_first = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        chunks = [longest_first[begin : begin + _CHUNK] for begin in range(0, len(texts), _CHUNK)]
        tasks = [self._executor.submit(encode, self.identity, [texts[number] for number in chunk]) for chunk in chunks]
        vectors = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        try:
            for chunk, task in zip(chunks, tasks, strict=True):
                vectors[chunk] = task.result()
        finally:
            for task in tasks:
                task.cancel()
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode questions into an array `[len(texts), dimension]` of unit vectors."""
        return self._embedder.encode_questions(texts)


def encode(identity: ModelIdentity, texts: Sequence[str]) -> "NDArray[np.float32]":
    """Encode passages where a task runs, by the library's model.

    Raises:
        ClusterError: The model there is another.
    """
    embedder = _opened(identity.name)
    if embedder.identity != identity:
        raise ClusterError(
            f"The model {identity.name} on the worker {socket.gethostname()} is not the library's: it has the weights "
            f"{embedder.identity.weights_sha256}, not {identity.weights_sha256}. Install the same one there."
        )
    return embedder.encode_passages(texts)


@cache
def _opened(name: str) -> Embedder:
    return open_embedder(name)


def read_spread(
    found: Iterable[Found],
    executor: Executor,
    ahead: int,
    limits: Limits = Limits(),
    client: "Callable[[], Client] | None" = None,
) -> Iterator[Article | Failure]:
    """Read files by the tasks of an executor, which must see them at the same paths.

    Addresses are read here, because what may be fetched is for this process to say; so are large files.

    Args:
        found: The files and addresses, and what could not be found.
        executor: Where tasks run.
        ahead: How many tasks run or wait to be taken at the most (1 and up): bounds the memory.
        limits: What one item may cost.
        client: Makes what fetches addresses, as for `index.load.read`.

    Yields:
        Articles and failures in the order of the files.

    Raises:
        ClusterError: A worker does not see the files.
    """
    groups = _groups(found)
    waiting: deque[Future[list[Article | Failure]] | list[Found]] = deque()
    try:
        while True:
            while len(waiting) < ahead and (group := next(groups, None)):
                waiting.append(executor.submit(read_group, group.items, limits) if group.is_small else group.items)
            if not waiting:
                return
            first = waiting.popleft()
            yield from first.result() if isinstance(first, Future) else _read(first, limits, client)
    finally:
        for task in waiting:
            if isinstance(task, Future):
                task.cancel()


def read_group(found: Sequence[Found], limits: Limits) -> list[Article | Failure]:
    """Read files where a task runs.

    Raises:
        ClusterError: Their folder is not to be seen there.
    """
    for folder in {os.path.dirname(source.path) for source in found if isinstance(source, Source)}:
        if not os.path.isdir(folder):
            raise ClusterError(
                f"The worker {socket.gethostname()} sees no folder {folder}. Put the files where every worker sees "
                "them at the same path, such as a shared file system."
            )
    return list(_read(found, limits))


def _read(
    found: Iterable[Found], limits: Limits, client: "Callable[[], Client] | None" = None
) -> Iterator[Article | Failure]:
    return chain.from_iterable(items for _, items in read_each(found, limits=limits, client=client))


@dataclass
class _Group:
    is_small: bool
    items: list[Found] = field(default_factory=list)
    size: int = 0

    def takes(self, is_small: bool, size: int | None) -> bool:
        if self.is_small != is_small:
            return False
        return not is_small or (self.size + (size or 0) <= _GROUP_BYTES and len(self.items) < _GROUP_FILES)


def _groups(found: Iterable[Found]) -> Iterator[_Group]:
    """Runs of small files, which are read by a task each, and of all else."""
    group: _Group | None = None
    for item in found:
        size = _size(item) if isinstance(item, Source) else None
        is_small = isinstance(item, Failure) or (size is not None and size <= _LARGE)
        if group and not group.takes(is_small, size):
            yield group
            group = None
        group = group or _Group(is_small)
        group.items.append(item)
        group.size += size or 0
    if group:
        yield group


def _size(source: Source) -> int | None:
    """Bytes of a file; None where it is not there, so that no worker is blamed for not seeing it."""
    try:
        return os.stat(source.path).st_size
    except (OSError, ValueError):
        return None
