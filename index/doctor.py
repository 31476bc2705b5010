"""Examining a library: every invariant, one check each."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.builds import StoredPassage
from index.copy_links import wrong as wrong_links
from index.embedding import Embedder
from index.splitting import Splitting, split
from index.stores import Stores

_SAMPLE = 100
_ENCODED = 5
_SAME = 0.999
"""Least cosine of two vectors that count as the same."""


@dataclass(frozen=True)
class Check:
    """What one check found.

    Attributes:
        name: What was looked at.
        ok: Whether all is well.
        detail: How much was looked at, or what is wrong.
    """

    name: str
    ok: bool
    detail: str


class Doctor:
    """Examines a library that nobody is writing to.

    Args:
        stores: The library's stores.
        embedder: The model that it was made with.
        splitting: How its articles were cut.
        write_wait: Seconds that a repair waits for another writer to be done (0 and up).
    """

    def __init__(self, stores: Stores, embedder: Embedder, splitting: Splitting, write_wait: float) -> None:
        self._stores = stores
        self._catalog = stores.catalog
        self._builds = stores.builds
        self._vectors = stores.vectors
        self._embedder = embedder
        self._splitting = splitting
        self._write_wait = write_wait

    def examine(self) -> list[Check]:
        """Make every check."""
        checks: dict[str, Callable[[], Iterator[str]]] = {
            "database": self._database_is_sound,
            "states": self._nothing_is_unfinished,
            "articles": self._ids_are_hashes,
            "copies": self._copies_are_linked,
            "passages": self._passages_are_those_of_the_splitting,
            "vectors": self._vectors_are_unit,
            "vector index": self._vector_index_has_every_passage,
            "word index": self._word_index_has_every_passage,
            "self-retrieval": self._passages_find_themselves,
            "embedding model": self._model_gives_these_vectors,
            "folder": self._nothing_is_left_over,
        }
        found = []
        for name, check in checks.items():
            try:
                problems = list(check())
            except Exception as error:  # a broken store may fail in any way, and the other checks go on
                problems = [f"cannot be checked: {error}"]
            more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
            found.append(Check(name, not problems, "; ".join(problems[:3]) + more if problems else self._extent(name)))
        return found

    def repair(self) -> list[str]:
        """Put right, from the catalogue, what is broken and can be.

        Returns:
            What was done, a line for each.

        Raises:
            LibraryBusyError: Another process is writing.
        """
        upkeep = self._stores.upkeep
        with self._stores.writing(self._write_wait) as done:
            broken = {check.name for check in self.examine() if not check.ok}
            build = self._builds.indexes().build
            if "database" in broken:
                self._stores.database.connection.execute("REINDEX")
                done.append("made the catalogue's own indexes anew")
            if "copies" in broken:
                self._catalog.link_copies_anew(whatever=True)
                done.append("looked for copies anew")
            if broken & {"passages", "vectors"}:
                wrong = set(self.wrongly_cut()) | set(self.wrongly_encoded())
                self._builds.discard(wrong)
                upkeep.fill(build, self._embedder, self._splitting)
                done.append(f"cut and encoded {len(wrong)} articles again")
            if "embedding model" in broken:
                upkeep.reindex(self._embedder, self._splitting)
                done.append("encoded every article again")
            elif broken & {"passages", "vectors"}:
                upkeep.rebuild(build)
            else:
                if "word index" in broken:
                    upkeep.rebuild_words()
                    done.append("made the word index anew")
                if broken & {"vector index", "self-retrieval"}:
                    self._vectors.seal(fresh=True)
                    done.append("made the vector index anew")
        return done

    def _extent(self, name: str) -> str:
        if name == "articles":
            return f"{self._catalog.count()} articles"
        if name in ("passages", "vectors", "vector index", "word index"):
            return f"{self._builds.count()} passages"
        if name in ("self-retrieval", "embedding model"):
            return "a sample"
        return "nothing to put right"

    def _numbers(self) -> dict[str, int]:
        return self._builds.numbers(self._builds.indexes().build)

    def _sample(self, size: int) -> list[StoredPassage]:
        passages = self._numbers()
        numbers = random.Random(0).sample(list(passages.values()), min(size, len(passages)))  # noqa: S311
        build = self._builds.indexes().build
        return [row for number in numbers for row in self._builds.stored(build, number - 1, number)]

    # The catalogue

    def _database_is_sound(self) -> Iterator[str]:
        if (verdict := self._stores.database.check()) != "ok":
            yield f"SQLite says: {verdict}"

    def _nothing_is_unfinished(self) -> Iterator[str]:
        if unfinished := self._catalog.unfinished():
            yield f"{len(unfinished)} articles were being added or removed when a process stopped"
        if self._catalog.meta("purging"):
            yield "a purge was not finished"

    def _ids_are_hashes(self) -> Iterator[str]:
        for article_id in self._catalog.ids():
            article = self._catalog.article(article_id)
            if article is None or article.id != article_id:
                yield f"article {article_id} is not what it was when it was added: add it again, and remove this one"

    def _copies_are_linked(self) -> Iterator[str]:
        yield from wrong_links(self._stores.database.connection)

    def _passages_are_those_of_the_splitting(self) -> Iterator[str]:
        for article_id in self.wrongly_cut():
            yield f"article {article_id} has other passages than its text gives"

    def _vectors_are_unit(self) -> Iterator[str]:
        for article_id in self.wrongly_encoded():
            yield f"article {article_id} has a passage without a unit vector"

    def wrongly_cut(self) -> Iterator[str]:
        """Ids of the articles that have other passages than their text gives."""
        build = self._builds.indexes().build
        for article_id in self._catalog.ids():
            article = self._catalog.article(article_id)
            expected = {(p.id, p.start, p.end) for p in split(article, self._splitting)} if article else set()
            if expected != self._builds.spans(article_id, build):
                yield article_id

    def wrongly_encoded(self) -> Iterator[str]:
        """Ids of the articles that have a passage whose vector is none of the model."""
        import numpy as np

        seen = self._numbers()
        for row in self._builds.recent(self._builds.indexes().build, 0):
            if row.passage_id not in seen:
                continue
            vector = np.frombuffer(row.vector[: len(row.vector) // 4 * 4], "<f4")
            right = len(row.vector) == 4 * self._embedder.identity.dimension
            if not right or not abs(float(vector @ vector) - 1) < 1e-3:
                yield row.article_id

    # The indexes

    def _vector_index_has_every_passage(self) -> Iterator[str]:
        import numpy as np

        if self._vectors.is_broken(opened=True):
            yield "the sealed collection cannot be read, or has lost vectors"
            return
        yield from _differences(set(self._numbers()), self._vectors.ids())
        sample = self._sample(_SAMPLE)
        sealed = self._vectors.sealed([row.passage.id for row in sample])
        for row in sample:
            if row.passage.id in sealed and sealed[row.passage.id] @ np.frombuffer(row.vector, "<f4") < _SAME:
                yield f"passage {row.passage.id} is indexed with another vector"

    def _word_index_has_every_passage(self) -> Iterator[str]:
        yield from _differences(set(self._numbers()), self._stores.words.ids())

    def _passages_find_themselves(self) -> Iterator[str]:
        import numpy as np

        for row in self._sample(_SAMPLE):
            found = self._vectors.search(np.frombuffer(row.vector, "<f4"), 1)
            if not found or found[0][1] < _SAME:  # perhaps another with the same words
                yield f"passage {row.passage.id} is not found by its own vector"

    def _model_gives_these_vectors(self) -> Iterator[str]:
        import numpy as np

        if sample := self._sample(_ENCODED):
            vectors = self._embedder.encode_passages([row.article.context + row.passage.text for row in sample])
            for row, vector in zip(sample, vectors, strict=True):
                if float(vector @ np.frombuffer(row.vector, "<f4")) < _SAME:
                    yield f"passage {row.passage.id} has another vector than {self._embedder.identity.name} gives"

    def _nothing_is_left_over(self) -> Iterator[str]:
        for name in self._stores.left_over():
            yield f"{name} is not used"


def _differences(expected: set[str], found: set[str]) -> Iterator[str]:
    if missing := len(expected - found):
        yield f"{missing} passages are missing"
    if extra := len(found - expected):
        yield f"{extra} passages are there that should not be"
