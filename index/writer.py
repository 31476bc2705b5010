"""Writing to a library: what is new goes into every store, what is old goes out of every store."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.article import Article
from index.catalog import Catalog
from index.embedding import Embedder
from index.passage import Passage
from index.splitting import Splitting, split
from index.vectors import VectorIndex
from index.words import WordIndex

_BATCH = 256
"""Passages embedded and written together: large enough to be fast, small enough to show progress."""


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

    The order of steps makes an interruption harmless: an article is `adding` in the catalogue before it is in an index
    and `ready` behind that; `removing` before it leaves an index and gone behind that.

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

    def add(self, articles: Iterable[Article], progress: Callable[[int, int], None] | None = None) -> Added:
        """Add articles; see `index.library.Library.add`."""
        articles = _newest_versions(articles)
        known = set(self._catalog.ids())
        unchanged = [article for article in articles if article.id in known]
        fresh = [article for article in articles if article.id not in known]
        replaced: list[str] = []
        for article in unchanged:
            # Found again elsewhere: what stood there before gives way, as it does for a new article.
            gone = self._catalog.replaced_by(article)
            self._catalog.add_origin(article)
            self.remove(gone)
            replaced += gone
        items = [(article, split(article, self._splitting)) for article in fresh]
        total, done = sum(len(passages) for _, passages in items), 0
        for batch in _batches(items):
            replaced += self._write(batch)
            done += sum(len(passages) for _, passages in batch)
            if progress:
                progress(done, total)
        return Added(
            tuple(article.id for article in fresh), tuple(replaced), tuple(article.id for article in unchanged), total
        )

    def _write(self, batch: Sequence[tuple[Article, Sequence[Passage]]]) -> list[str]:
        """Index a batch; returns the ids of the articles replaced by it."""
        pairs = [(article, passage) for article, passages in batch for passage in passages]
        vectors = self._embedder.encode_passages([article.context + passage.text for article, passage in pairs])
        self._catalog.begin_adding(batch)
        self._vectors.upsert(pairs, vectors)
        self._words.change(add=pairs)
        replaced: list[str] = []
        for article, _ in batch:
            gone = self._catalog.replaced_by(article)
            self._catalog.finish_adding([article], gone)
            replaced += gone
        self._finish_removing(replaced)
        return replaced

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove articles that are there, from every store."""
        if article_ids:
            self._catalog.begin_removing(article_ids)
            self._finish_removing(article_ids)

    def _finish_removing(self, article_ids: Sequence[str]) -> None:
        if article_ids:
            self._vectors.remove(self._catalog.passage_ids(article_ids))
            self._words.change(remove=article_ids)
            self._catalog.finish_removing(article_ids)

    def finish_interrupted(self) -> None:
        """Undo the addings and finish the removals that an earlier process was stopped in."""
        self._finish_removing(self._catalog.unfinished())


def _newest_versions(articles: Iterable[Article]) -> list[Article]:
    """Of articles with the same URL only the newest (the last of equals), so that adding all again changes nothing."""
    newest: dict[str, Article] = {}
    for article in articles:
        key = article.url or article.id
        rival = newest.get(key)
        if rival is None or _last_changed(article) >= _last_changed(rival):
            newest[key] = article
    return list(newest.values())


def _last_changed(article: Article) -> str:
    return article.updated or article.published or ""


def _batches(
    items: Sequence[tuple[Article, Sequence[Passage]]],
) -> Iterator[list[tuple[Article, Sequence[Passage]]]]:
    """Cut a row of articles into runs of about `_BATCH` passages."""
    batch: list[tuple[Article, Sequence[Passage]]] = []
    size = 0
    for article, passages in items:
        batch.append((article, passages))
        size += len(passages)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
