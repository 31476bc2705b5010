"""Opening what a search by meaning looks at, and keeping up with what other processes seal."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from index.builds import Builds, Indexes
from index.errors import BrokenIndexError, VectorServerError
from index.recent import RecentVectors
from index.shelf import Collection, Shelf

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class View:
    """A sealed collection, and what is newer than that: all that there is to search.

    Attributes:
        indexes: What the catalogue named when it was made.
        sealed: The collection; None where there is none, or it is broken.
        recent: The vectors behind it.
    """

    indexes: Indexes
    sealed: Collection | None
    recent: RecentVectors

    def is_of(self, indexes: Indexes) -> bool:
        """Whether these are the same passages, sealed in the same collection."""
        return (self.indexes.build, self.indexes.vectors) == (indexes.build, indexes.vectors)


class Views:
    """The view to search, one after the other.

    Args:
        shelf: Where the collections are kept.
        builds: The catalogue's passages and vectors, and which collection is in use.
    """

    def __init__(self, shelf: Shelf, builds: Builds) -> None:
        self._shelf = shelf
        self._builds = builds
        self._lock = threading.Lock()
        self._view: View | None = None
        self._opening: tuple[Indexes, Future[Collection | None]] | None = None

    def forget(self, *, unless: str | None = "") -> None:
        """Let go of the collection, as soon as no search needs it, unless it is the one of this name."""
        with self._lock:
            if self._view and self._view.indexes.vectors != unless:
                self._view = None

    def now(self, *, newest: bool = False) -> View:
        """What to search now.

        Opening a large collection takes a while. Until it is done, the one before goes on being searched, with all
        that is newer than that: this finds the same.

        Args:
            newest: Wait for the collection that the catalogue names.

        Raises:
            VectorServerError: It is on a server that does not answer, or does not hold it.
        """
        with self._lock:
            indexes = self._builds.indexes()
            while self._view is None or not self._view.is_of(indexes):
                if self._opening is None or self._opening[0].vectors != indexes.vectors:
                    self._opening = indexes, _in_a_thread(partial(self._open, indexes.vectors))
                opening = self._opening[1]
                if self._view and self._view.indexes.build == indexes.build and not newest and not opening.done():
                    break
                self._opening = None
                try:
                    sealed = opening.result()
                except VectorServerError:
                    if indexes == (indexes := self._builds.indexes()):
                        raise
                    continue
                if sealed is None and (now := self._builds.indexes()) != indexes:
                    indexes = now  # another process has just put another in its place
                    continue
                # A search that still runs in another thread keeps the old collection until it is done.
                self._view = self._view_of(indexes, sealed)
            self._view.recent.catch_up()
            return self._view

    def _view_of(self, indexes: Indexes, sealed: Collection | None) -> View:
        begins = indexes.sealed_to if sealed else 0
        return View(indexes, sealed, RecentVectors(self._builds, indexes.build, begins))

    def _open(self, name: str | None) -> Collection | None:
        """Open a sealed collection; None where there is none, or it is broken.

        Every vector is in the catalogue, so a search without the collection is only slower; the next writer makes
        another. A server that is gone is an error, because every reader would load all vectors.
        """
        if name is None:
            return None
        try:
            return self._shelf.open(name)
        except BrokenIndexError as error:
            _log.warning("%s", error)
            return None

    def do_without(self, view: View, error: BrokenIndexError) -> None:
        """Search without a sealed collection from now on, unless there is another."""
        with self._lock:
            if self._view is view:
                _log.warning("%s", error)
                self._view = None if self._opening else self._view_of(view.indexes, None)


def _in_a_thread(work: Callable[[], _T]) -> "Future[_T]":
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
