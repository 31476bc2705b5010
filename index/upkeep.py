"""Keeping the indexes true to the catalogue: repairing, making them anew, leaving no trace of what was removed.

Everything that replaces an index whole writes another one beside it and has the catalogue name that one, in one step.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from index.builds import Builds
from index.catalog import Catalog
from index.database import Database
from index.embedding import Embedder
from index.splitting import Splitting, split
from index.vectors import VectorIndex
from index.words import WordIndex

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and of how much."""


_BATCH = 64
"""Articles cut and encoded at once."""


class Upkeep:
    """What is done to whole indexes. Whoever holds one holds the library's write lock.

    Args:
        database: The catalogue's file.
        catalog: Its articles.
        builds: Its passages.
        vectors: The passages' vectors.
        words: The passages' words.
    """

    def __init__(
        self, database: Database, catalog: Catalog, builds: Builds, vectors: VectorIndex, words: WordIndex
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._builds = builds
        self._vectors = vectors
        self._words = words

    def repair(self) -> list[str]:
        """Put right what an earlier process was stopped in, or what is missing.

        Returns:
            What was done, a line for each; mostly none.
        """
        done = []
        if unfinished := self._catalog.unfinished():
            # Addings are undone and removals are done: neither was seen, and neither was reported as done.
            try:
                self._words.change(remove=unfinished)
            except ValueError:  # tantivy does not get over everything that a killed process leaves
                self.rebuild_words()
            self._catalog.finish_removing(unfinished)
            done.append(f"finished or undid {len(unfinished)} articles that a stopped process had begun")
        if linked := self._catalog.link_copies_anew():
            done.append(f"looked for copies among {linked} articles")
        if self._words.count() != self._builds.count():
            self.rebuild_words()
            done.append("made the word index anew")
        if self._vectors.is_broken():
            self._vectors.mend()
            done.append("made the vector index anew")
        if self._catalog.meta("purging"):
            self.purge()
            done.append("finished a purge")
        begun = self._catalog.meta("rebuilding")
        self._builds.forget_others(keep=begun["build"] if begun else 0)
        self._vectors.clear_away()
        self._words.clear_away()
        return done

    def rebuild_words(self) -> None:
        """Write the word index anew, and use it."""
        indexes = self._builds.indexes()
        self._builds.swap(replace(indexes, words=self._words.write(indexes.build)))

    def purge(self, progress: Progress | None = None) -> None:
        """Make every file anew, so that no byte of what was removed is left in any."""
        self._catalog.set_meta("purging", True)
        self.rebuild(self._builds.indexes().build, progress=progress)
        if self._database.wipe():
            self._catalog.set_meta("purging", False)

    def reindex(self, embedder: Embedder, splitting: Splitting, progress: Progress | None = None) -> None:
        """Cut and encode every article anew, beside what is in use, and use that in its place.

        What an interrupted call has encoded is kept for the next one with the same settings.

        Args:
            embedder: Encodes the passages.
            splitting: How articles are cut.
            progress: Told of passages encoded, then of each index.
        """
        settings = made_with(embedder, splitting)
        begun = self._catalog.meta("rebuilding")
        if begun is None or begun["made_with"] != settings:
            self._builds.forget_others()
            begun = {"build": self._builds.indexes().build + 1, "made_with": settings}
            self._catalog.set_meta("rebuilding", begun)
        self.fill(begun["build"], embedder, splitting, progress)
        self.rebuild(begun["build"], settings, progress)
        self._catalog.set_meta("rebuilding", None)

    def fill(self, build: int, embedder: Embedder, splitting: Splitting, progress: Progress | None = None) -> None:
        """Cut and encode the articles that have no passages in a build."""
        missing = self._builds.missing(build)
        total = self._catalog.count()
        done = total - len(missing)
        for begin in range(0, len(missing), _BATCH):
            ids = missing[begin : begin + _BATCH]
            articles = [article for article in map(self._catalog.article, ids) if article]
            pairs = [(article, passage) for article in articles for passage in split(article, splitting)]
            vectors = embedder.encode_passages([article.context + passage.text for article, passage in pairs])
            self._builds.add(build, [passage for _, passage in pairs], vectors)
            done += len(ids)
            if progress:
                progress("encoding articles", done, total)

    def rebuild(self, build: int, settings: Any = None, progress: Progress | None = None) -> None:
        """Write both indexes of a build anew, and use them; made with these settings, where they are others."""
        words = self._words.write(build, _part(progress, "indexing words"))
        to = self._builds.settled_to()
        vectors, sealed = self._vectors.write(build, to, _part(progress, "indexing vectors"))
        self._builds.swap(replace(self._builds.indexes(), build=build, vectors=vectors, sealed=sealed, sealed_to=to,
                                   words=words), settings)  # fmt: skip
        self._builds.forget_others()
        self._vectors.clear_away()
        self._words.clear_away()


def made_with(embedder: Embedder, splitting: Splitting) -> dict[str, Any]:
    """What must stay the same in a library, as its catalogue records it."""
    return {"embedding": asdict(embedder.identity), "splitting": asdict(splitting)}


def _part(progress: Progress | None, name: str) -> Callable[[int, int], None] | None:
    return (lambda done, total: progress(name, done, total)) if progress else None
