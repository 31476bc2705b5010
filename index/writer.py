"""Writing to a library: what is new goes into every store, what is old goes out of every store."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from index.arrivals import Arrival, Arrivals, Batches
from index.article import Article
from index.catalog import Catalog
from index.embedding import Embedder
from index.pipeline import read_ahead, write_behind
from index.splitting import Splitting
from index.vectors import VectorIndex
from index.words import WordIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Added:
    """What adding did.

    Attributes:
        added: Ids of articles that are new.
        replaced: Ids of articles that newer versions took the place of.
        unchanged: Ids of articles that were there already.
        passages: How many passages were embedded.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    passages: int = 0


class Writer:
    """Adds and removes articles. Whoever holds one holds the library's write lock.

    The order of steps makes an interruption harmless: an article is `adding` in the catalogue before its passages are
    in the word index and `ready` behind that; `removing` before they leave it and gone behind that. The vectors are
    in the catalogue; when they are sealed into a collection makes no difference to what is found.

    Args:
        catalog: The truth.
        vectors: The passages' vectors.
        words: The passages' words.
        embedder: Encodes passages.
        splitting: How articles are cut.
    """

    def __init__(
        self, catalog: Catalog, vectors: VectorIndex, words: WordIndex, embedder: Embedder, splitting: Splitting
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._words = words
        self._embedder = embedder
        self._splitting = splitting

    def add(
        self,
        articles: Iterable[Article],
        progress: Callable[[int, int], None] | None = None,
        *,
        settle: bool = True,
    ) -> Added:
        """Add articles; see `index.library.Library.add`.

        Args:
            articles: What to add.
            progress: Told how far it is.
            settle: Whether articles that stand where others stood take their place; else that is left to `move`.

        Returns:
            What was done.
        """
        batches = Batches(Arrivals(self._catalog, self._splitting).of(articles))
        new: dict[str, None] = {}
        replaced: dict[str, None] = {}
        unchanged: dict[str, None] = {}
        claims: list[tuple[str, str]] = []
        done = 0

        def write(encoded: tuple[list[Arrival], "NDArray[np.float32]"]) -> None:
            nonlocal done
            batch, vectors = encoded
            replaced.update(dict.fromkeys(self._write(batch, vectors)))
            claims.extend(self._catalog.claims_of(arrival.article for arrival in batch))
            for arrival in batch:
                (new if arrival.is_new else unchanged)[arrival.article.id] = None
            done += len(vectors)
            if progress:
                progress(done, batches.passages)

        with read_ahead(batches) as ahead, write_behind(write) as put:
            for batch in ahead:
                began = monotonic()
                vectors = self._embedder.encode_passages(
                    [arrival.article.context + passage.text for arrival in batch for passage in arrival.passages]
                )
                batches.took(monotonic() - began)
                put((batch, vectors))
        if settle:
            replaced.update(dict.fromkeys(self.move(claims)))
        if self._vectors.is_due():
            self._vectors.seal()
        # What a newer version in the same run took the place of was never there.
        return Added(
            tuple(i for i in new if i not in replaced),
            tuple(i for i in replaced if i not in new),
            tuple(i for i in unchanged if i not in new),
            done,
        )

    def _write(self, batch: Sequence[Arrival], vectors: "NDArray[np.float32]") -> list[str]:
        """Put a batch into every store; returns the ids of the articles replaced by it."""
        new = [arrival for arrival in batch if arrival.is_new]
        pairs = [(arrival.article, passage) for arrival in new for passage in arrival.passages]
        if new:
            self._catalog.begin_adding([(arrival.article, arrival.passages) for arrival in new], vectors)
            self._words.change(add=pairs)
        replaced = self._catalog.finish_adding([arrival.article for arrival in batch])
        self._finish_removing(replaced)
        if self._vectors.is_due(adding=True):
            self._vectors.seal()
        return replaced

    def move(self, claims: Sequence[tuple[str, str]]) -> list[str]:
        """Let articles stand where others stood; see `index.catalog.Catalog.move`.

        Returns:
            Ids of the articles removed, because a changed one took their place.
        """
        gone = self._catalog.move(claims) if claims else []
        self._finish_removing(gone)
        return gone

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove articles that are there, from every store."""
        if article_ids:
            self._catalog.begin_removing(article_ids)
            self._finish_removing(article_ids)
            if self._vectors.is_due():
                self._vectors.seal()

    def _finish_removing(self, article_ids: Sequence[str]) -> None:
        if article_ids:
            self._words.change(remove=article_ids)
            self._catalog.finish_removing(article_ids)
