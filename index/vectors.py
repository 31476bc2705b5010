"""Search by meaning: a sealed Chroma collection, and the few vectors that are newer than it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.article import Article
from index.builds import Builds, Indexes, StoredPassage
from index.errors import BrokenIndexError, VectorsGoneError
from index.fusion import by_score
from index.passage import Filters
from index.shelf import Metadata, Progress, Row, Shelf
from index.views import Views

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_FEW = 200
_SHARE = 0.1
"""Another collection is sealed when more vectors than this, and than this share of those sealed, are new or removed."""
_FEW_WHILE_ADDING = 5_000
_SHARE_WHILE_ADDING = 0.5
"""The same while more are coming: copying what is sealed time and again would take longer than it saves."""
_MANY = 50_000
"""With as many new or removed, another is sealed in any case: bounds the memory of those compared one by one."""


class VectorIndex:
    """The passages' vectors, found by the cosine to a question's.

    The catalogue holds every vector. Those up to a passage number are sealed in a Chroma collection that never
    changes; the newer ones are compared one by one, which is exact and quick as long as they are few. When they are
    many, another collection is written beside, with them and without the removed ones, and the catalogue names it
    instead. So a process that is stopped leaves nothing half-written where anybody looks, and a reader need not open
    anything anew to see what another process has added or removed.

    Args:
        shelf: Where the collections are kept.
        builds: The catalogue's passages and vectors, and which collection is in use.
    """

    def __init__(self, shelf: Shelf, builds: Builds) -> None:
        self._shelf = shelf
        self._builds = builds
        self._views = Views(shelf, builds)

    def close(self) -> None:
        """Let go of the files, as soon as no search needs them."""
        self._views.forget()

    def search(self, vector: "NDArray[np.float32]", k: int, filters: Filters = Filters()) -> list[tuple[str, float]]:
        """Find the passages nearest in meaning.

        Args:
            vector: The question's unit vector `[dimension]`.
            k: How many at the most (1 and up).
            filters: What the search is limited to.

        Returns:
            Pairs of passage id and cosine (-1 to 1), best first, ties by id.

        Raises:
            VectorServerError: The collection is on a server that does not answer, or does not hold it.
        """
        wanted = k
        while True:
            view = self._views.now()
            try:
                found = view.sealed.nearest(vector, wanted, _where(filters)) if view.sealed else {}
            except BrokenIndexError as error:
                self._views.do_without(view, error)
                continue
            except VectorsGoneError:  # another process may just have put another in its place
                self._views.forget()
                continue
            found |= view.recent.nearest(vector, wanted, filters)
            alive = self._builds.vectors(found)
            kept = by_score({passage_id: cosine for passage_id, cosine in found.items() if passage_id in alive})
            if len(kept) >= k or len(found) < wanted:
                return kept[:k]
            wanted *= 4  # the nearest were removed since the collection was sealed

    def cosines(self, vector: "NDArray[np.float32]", passage_ids: Sequence[str]) -> dict[str, float]:
        """The cosine between a unit vector `[dimension]` and each of these passages that is to be seen."""
        import numpy as np

        vectors = self._builds.vectors(passage_ids)
        return {passage_id: float(np.frombuffer(found, "<f4") @ vector) for passage_id, found in vectors.items()}

    def ids(self) -> set[str]:
        """The ids of all passages that a search can find, if the catalogue shows them."""
        view = self._views.now(newest=True)
        recent = self._builds.recent(*view.recent.begins)
        sealed = set(view.sealed.ids()) - set(self._builds.dead()) if view.sealed else set()
        return sealed | {row.passage_id for row in recent}

    def sealed(self, passage_ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """The vectors of those of these passages that are in the sealed collection, as they are there."""
        collection = self._views.now(newest=True).sealed
        return collection.vectors(passage_ids) if collection else {}

    # Writing

    def is_due(self, *, adding: bool = False) -> bool:
        """Whether so much is new or removed that another collection should be sealed.

        Args:
            adding: Whether more is coming.
        """
        indexes = self._builds.indexes()
        changes = self._builds.last_number() - indexes.sealed_to + self._builds.count_dead()
        if adding:
            return changes > min(max(_FEW_WHILE_ADDING, _SHARE_WHILE_ADDING * indexes.sealed), _MANY)
        return changes > (min(max(_FEW, _SHARE * indexes.sealed), _MANY) if indexes.sealed else 0)

    def is_broken(self, *, opened: bool = False) -> bool:
        """Whether the sealed collection that the catalogue names has lost something.

        Args:
            opened: Open it and count, rather than look at its files only.
        """
        indexes = self._builds.indexes()
        if indexes.vectors is None:
            return False
        if not self._shelf.is_whole(indexes.vectors):
            return True
        if not opened and not self._shelf.changes_in_place:
            return False
        collection = self._views.now(newest=True).sealed
        return collection is None or collection.count() != indexes.sealed

    def mend(self) -> None:
        """Make a broken collection whole again: by what is too much or missing, where it changes in place."""
        indexes = self._builds.indexes()
        if indexes.vectors is None or not self._shelf.changes_in_place or not self._shelf.is_whole(indexes.vectors):
            self.seal(fresh=True)
            return
        there = set(self._shelf.open(indexes.vectors).ids())
        too_much, missing = set(there), 0
        for row in self._builds.stored(indexes.build, 0, indexes.sealed_to):
            too_much.discard(row.passage.id)
            missing += row.passage.id not in there
        rows = self._builds.stored(indexes.build, 0, indexes.sealed_to)
        absent = (row for row in rows if row.passage.id not in there)
        name = self._shelf.write(indexes.vectors, sorted(too_much), _rows(absent), missing)
        self._use(replace(indexes, vectors=name, sealed=len(there) - len(too_much) + missing))

    def seal(self, *, fresh: bool = False, progress: Progress | None = None) -> None:
        """Search by a collection that holds everything, from now on.

        Args:
            fresh: Begin with nothing, rather than with the present collection.
            progress: Called with vectors written and vectors to write.
        """
        indexes, dead = self._builds.indexes(), self._builds.dead()
        # A graph of mostly dead vectors finds badly.
        base = indexes.vectors if indexes.sealed and len(dead) <= indexes.sealed / 2 and not fresh else None
        to = self._builds.settled_to()
        if base is None:
            name, sealed = self.write(indexes.build, to, progress)
        else:
            sealed = self._builds.count(indexes.build, indexes.sealed_to, to)
            rows = self._builds.stored(indexes.build, indexes.sealed_to, to)
            name = self._shelf.write(base, dead, _rows(rows), sealed, progress)
            sealed += indexes.sealed - len(dead)
        self._use(replace(indexes, vectors=name, sealed=sealed, sealed_to=to))

    def write(self, build: int, to: int, progress: Progress | None = None) -> tuple[str | None, int]:
        """Write a collection that nobody uses yet.

        Args:
            build: Whose vectors.
            to: The last passage number that goes in.
            progress: Called with vectors written and vectors to write.

        Returns:
            Its name, None where it would be empty, and how many vectors it holds.
        """
        total = self._builds.count(build, 0, to)
        if not total:
            return None, 0
        return self._shelf.write(None, (), _rows(self._builds.stored(build, 0, to)), total, progress), total

    def _use(self, indexes: Indexes) -> None:
        self._builds.swap(indexes)
        self.clear_away()

    def clear_away(self) -> None:
        """Delete collections that the catalogue does not name. Whoever has one open keeps it until done."""
        current = self._builds.indexes().vectors
        self._views.forget(unless=current)
        self._shelf.clear_away(current)


def _rows(stored: Iterable[StoredPassage]) -> Iterator[Row]:
    import numpy as np

    for row in stored:
        yield row.passage.id, np.frombuffer(row.vector, "<f4"), _metadata(row.article)


def _metadata(article: Article) -> Metadata:
    known = {"article_id": article.id, "source": article.source, "published_day": article.published_day}
    return {key: value for key, value in known.items() if value is not None}


def _where(filters: Filters) -> dict[str, Any] | None:
    clauses: list[dict[str, Any]] = []
    if filters.since:
        clauses.append({"published_day": {"$gte": int(filters.since.replace("-", ""))}})
    if filters.until:
        clauses.append({"published_day": {"$lte": int(filters.until.replace("-", ""))}})
    if filters.sources:
        clauses.append({"source": {"$in": list(filters.sources)}})
    if filters.article_ids:
        clauses.append({"article_id": {"$in": list(filters.article_ids)}})
    if not clauses:
        return None
    return clauses[0] if len(clauses) == 1 else {"$and": clauses}
