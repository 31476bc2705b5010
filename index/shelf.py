"""Where sealed collections are kept: in the library's folder, or on a Chroma server."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Metadata = dict[str, str | int]
Row = tuple[str, "NDArray[np.float32]", Metadata]
"""A passage's id, its unit vector `[dimension]`, and what a search can be limited to."""
Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""


class Collection(Protocol):
    """A complete collection of vectors."""

    def count(self) -> int:
        """How many vectors it holds."""

    def ids(self) -> list[str]:
        """The ids of all vectors, sorted."""

    def vectors(self, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """The vectors of these ids that it holds."""

    def nearest(self, vector: "NDArray[np.float32]", k: int, where: dict[str, Any] | None) -> dict[str, float]:
        """The cosines of the `k` nearest vectors to a unit vector `[dimension]`, by id."""


class Shelf(Protocol):
    """Collections of one library, by the names that the catalogue gives them.

    Attributes:
        place: Where it is, as a library records it: an address, or "" for its own folder.
        changes_in_place: Whether a collection written from another is that one, changed; else another beside it.
    """

    place: str
    changes_in_place: bool

    def open(self, name: str) -> Collection:
        """Open a collection.

        Raises:
            BrokenIndexError: It cannot be opened, and can be made anew.
            VectorServerError: It is on a server that does not answer, or does not hold it.
        """

    def is_whole(self, name: str) -> bool:
        """Whether a collection is there, as far as can be told without reading it.

        Raises:
            VectorServerError: The server does not answer.
        """

    def write(
        self, base: str | None, remove: Sequence[str], add: Iterator[Row], total: int, progress: Progress | None = None
    ) -> str:
        """Write a complete collection: another one, without some vectors, with others.

        Args:
            base: The collection to begin with; None for an empty one.
            remove: Ids of vectors to take out of it; unknown ones are passed over.
            add: Vectors to put in.
            total: How many those are.
            progress: Told of them.

        Returns:
            The new collection's name.

        Raises:
            BrokenIndexError: Not all of it was written.
            VectorServerError: The server does not answer.
        """

    def clear_away(self, keep: str | None) -> None:
        """Delete all collections but one. Whoever has one open keeps it until done, or is told that it is gone."""
