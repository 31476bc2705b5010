"""Search by meaning: a sealed Chroma collection, and the few vectors that are newer than it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.article import Article
from index.builds import Builds, StoredPassage
from index.chroma import Metadata, batches, is_whole, write
from index.errors import BrokenIndexError
from index.fusion import by_score
from index.passage import Filters
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
_ROUND = 50_000
"""Changes that are sealed at once: bounds the memory, and the room for Chroma's log."""


class VectorIndex:
    """The passages' vectors, found by the cosine to a question's.

    The catalogue holds every vector. Those up to a passage number are sealed in a Chroma collection that never
    changes; the newer ones are compared one by one, which is exact and quick as long as they are few. When they are
    many, another collection is written beside, with them and without the removed ones, and the catalogue names it
    instead. So a process that is stopped leaves nothing half-written where anybody looks, and a reader need not open
    anything anew to see what another process has added or removed.

    Args:
        folder: The library's folder.
        builds: The catalogue's passages and vectors, and which collection is in use.
    """

    def __init__(self, folder: Path, builds: Builds) -> None:
        self._folder = folder
        self._builds = builds
        self._views = Views(folder, builds)

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
        """
        wanted = k
        while True:
            view = self._views.now()
            try:
                found = view.sealed.nearest(vector, wanted, _where(filters)) if view.sealed else {}
            except BrokenIndexError as error:
                self._views.do_without(view, error)
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
            return changes > min(max(_FEW_WHILE_ADDING, _SHARE_WHILE_ADDING * indexes.sealed), _ROUND)
        return changes > (min(max(_FEW, _SHARE * indexes.sealed), _ROUND) if indexes.sealed else 0)

    def is_broken(self, *, opened: bool = False) -> bool:
        """Whether the sealed collection that the catalogue names has lost something.

        Args:
            opened: Open it and count, rather than look at its files only.
        """
        indexes = self._builds.indexes()
        if indexes.vectors is None:
            return False
        if not is_whole(self._folder / indexes.vectors):
            return True
        collection = self._views.now(newest=True).sealed if opened else None
        return opened and (collection is None or collection.count() != indexes.sealed)

    def seal(self, *, fresh: bool = False, progress: Callable[[int, int], None] | None = None) -> None:
        """Search by a collection that holds everything, from now on.

        Args:
            fresh: Begin with nothing, rather than with the present collection.
            progress: See `write`.
        """
        indexes, dead = self._builds.indexes(), self._builds.dead()
        # A graph of mostly dead vectors finds badly.
        base = indexes.vectors if indexes.sealed and len(dead) <= indexes.sealed / 2 and not fresh else None
        behind = indexes.sealed_to if base else 0
        to = self._builds.settled_to()
        name, sealed = self.write(indexes.build, to, base, behind, dead if base else (), progress)
        if base:
            sealed += indexes.sealed - len(dead)
        self._builds.swap(replace(indexes, vectors=name, sealed=sealed, sealed_to=to))
        self.clear_away()

    def write(
        self,
        build: int,
        to: int,
        base: str | None = None,
        behind: int = 0,
        dead: Sequence[str] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[str | None, int]:
        """Write a collection that nobody uses yet.

        Args:
            build: Whose vectors.
            to: The last passage number that goes in.
            base: Name of a collection that holds those up to `behind`; None for none.
            behind: See `base`.
            dead: Ids that are left out of the base.
            progress: Called with vectors written and vectors to write.

        Returns:
            Its name, None where it would be empty, and how many vectors were added to the base.
        """
        total = self._builds.count(build, behind, to)
        if base is None and not total:
            return None, 0
        done = 0
        rows = self._builds.stored(build, behind, to)
        unfinished: Path | None = None
        source = self._folder / base if base else None
        while not unfinished or done < total:
            size = min(_ROUND, total - done)
            target = self._folder / f"{self._next_name()}.part"
            write(target, source, dead, batches(_rows(rows, size)), size + len(dead))
            if unfinished:
                shutil.rmtree(unfinished)
            unfinished, source, dead, done = target, target, (), done + size
            if progress:
                progress(done, total)
        finished = unfinished.with_suffix("")
        unfinished.rename(finished)
        return finished.name, total

    def clear_away(self) -> None:
        """Delete collections that the catalogue does not name. Whoever has one open keeps it until done."""
        current = self._builds.indexes().vectors
        self._views.forget(unless=current)
        for folder in self._folder.glob("vectors-*"):
            if folder.name != current:
                shutil.rmtree(folder, ignore_errors=True)

    def _next_name(self) -> str:
        taken = [int(folder.name.split("-")[1].split(".")[0]) for folder in self._folder.glob("vectors-*")]
        if current := self._builds.indexes().vectors:
            taken.append(int(current.split("-")[1]))
        return f"vectors-{max(taken, default=0) + 1}"


def _rows(rows: Iterator[StoredPassage], size: int) -> "Iterator[tuple[str, NDArray[np.float32], Metadata]]":
    from itertools import islice

    import numpy as np

    for row in islice(rows, size):
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
