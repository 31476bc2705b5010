"""The library: one folder that holds the articles and everything needed to search them."""

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from index.article import Article
from index.catalog import ArticleSummary, Catalog
from index.embedding import Embedder
from index.errors import LibraryMismatchError, NothingIndexedError, UnknownArticleError
from index.fusion import Candidates, Fusion, fuse
from index.lock import writing
from index.passage import Filters, Hit
from index.spelling import one_slip_apart
from index.splitting import Splitting
from index.vectors import VectorIndex
from index.words import WordIndex
from index.writer import Added, Writer

_FORMAT = 1
_CANDIDATES = 50
"""How many passages each retriever is asked for before fusing."""


@dataclass(frozen=True)
class Status:
    """What a library holds.

    Attributes:
        folder: Where it is.
        articles: How many articles.
        passages: How many passages.
        index_id: The state of its content: equal content has equal ids.
        embedding_model: Name of the embedding model.
        weights_sha256: SHA-256 of that model's weights.
        dimension: Length of its vectors.
        splitting: The splitting settings.
    """

    folder: str
    articles: int
    passages: int
    index_id: str
    embedding_model: str
    weights_sha256: str
    dimension: int
    splitting: dict[str, int]


class Library:
    """Articles in a folder, found by meaning and by words.

    The catalogue (SQLite) is the truth; the vector index (Chroma) and the word index (tantivy) are made from it.
    Any number of processes may read while one writes.

    Args:
        folder: Where it is stored; made when missing.
        embedder: The embedding model; must be the one the library was made with.
        splitting: How articles are cut; must be as the library was made with.
        fusion: How both retrievers' scores are combined.

    Raises:
        LibraryMismatchError: It was made with another embedding model or other splitting settings. Nothing is changed.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        splitting: Splitting = Splitting(),
        fusion: Fusion = Fusion(),
    ) -> None:
        self.folder = folder
        self.embedder = embedder
        self.splitting = splitting
        self.fusion = fusion
        folder.mkdir(parents=True, exist_ok=True)
        self._catalog = Catalog(folder / "catalog.sqlite")
        self._vectors = VectorIndex(folder / "chroma")
        self._words = WordIndex(folder / "words")
        self._refreshing = threading.Lock()
        self._seen = self._catalog.generation
        self._index_id: tuple[int, str] | None = None
        self._check()

    def close(self) -> None:
        """Close the files."""
        self._catalog.close()

    def _made_with(self) -> dict[str, object]:
        return {"format": _FORMAT, "embedding": asdict(self.embedder.identity), "splitting": asdict(self.splitting)}

    def _check(self) -> None:
        recorded, asked = self._catalog.meta("made_with"), self._made_with()
        if recorded is None or recorded == asked:
            return
        differences = "; ".join(f"{key}: made with {recorded.get(key)}, asked for {asked[key]}"
                                for key in asked if recorded.get(key) != asked[key])  # fmt: skip
        raise LibraryMismatchError(
            f"The library {self.folder} was made with other settings ({differences}). Nothing was changed. Go back to "
            "the settings it was made with, or index the articles again into a new library: "
            "dateline --library NEW_FOLDER add PATH…"
        )

    # Reading

    def find(self, article_id: str) -> Article | None:
        """The article of this id, or None."""
        return self._catalog.article(article_id)

    def article(self, article_id: str) -> Article:
        """The article of this id.

        Raises:
            UnknownArticleError: There is none.
        """
        article = self.find(article_id)
        if article is None:
            raise UnknownArticleError(
                f"There is no article {article_id!r} in the library. List the articles to see their ids; an article "
                "that has changed has another id."
            )
        return article

    def articles(self) -> list[ArticleSummary]:
        """All articles, newest first."""
        return self._catalog.summaries()

    @property
    def index_id(self) -> str:
        """The state of the content and of how it is indexed: 16 hexadecimal digits."""
        generation = self._catalog.generation
        if self._index_id is None or self._index_id[0] != generation:
            state = "\n".join([str(sorted(self._made_with().items())), *self._catalog.ids()])
            self._index_id = generation, hashlib.sha256(state.encode()).hexdigest()[:16]
        return self._index_id[1]

    def status(self) -> Status:
        """What the library holds."""
        articles, passages = self._catalog.counts()
        identity = self.embedder.identity
        return Status(
            str(self.folder),
            articles,
            passages,
            self.index_id,
            identity.name,
            identity.weights_sha256,
            identity.dimension,
            asdict(self.splitting),
        )

    def is_empty(self) -> bool:
        """Whether there is nothing to search."""
        return not self._catalog.any_article()

    def require_articles(self) -> None:
        """Make sure that there is something to search.

        Raises:
            NothingIndexedError: There is not.
        """
        if self.is_empty():
            raise NothingIndexedError(
                f"Nothing is indexed in the library {self.folder} yet. Add articles first: dateline add PATH…"
            )

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """Find the passages that best match a question, by meaning and by words.

        Args:
            question: What is asked.
            k: How many at the most (1 and up).
            filters: What the search is limited to.

        Returns:
            At most `k` hits, best first. Each candidate is scored by both retrievers, also where only one found it.
        """
        found = self.candidates(question, k, filters)
        ranked = fuse(found, self.fusion)
        passages = self._catalog.passages([passage_id for passage_id, _ in ranked])
        kept = [(passages[passage_id], score) for passage_id, score in ranked if passage_id in passages][:k]
        return [
            Hit(passage, score, rank, found.scores_of(passage.id))
            for rank, (passage, score) in enumerate(kept, start=1)
        ]

    def respelled(self, word: str) -> str | None:
        """What a word is most likely a misspelling of: the commonest word of the articles that is one slip away.

        Args:
            word: A word as typed.

        Returns:
            That word as it stands in an article; None where the word is known, or nothing is that near.
        """
        passages = self._catalog.passages(self._words.resembling(word))
        words = (match for passage in passages.values() for match in re.findall(r"[^\W\d_]+", passage.text))
        near = Counter(other for other in words if one_slip_apart(word.casefold(), other.casefold()))
        return min(near, key=lambda other: (-near[other], other)) if near else None

    def candidates(self, question: str, k: int = _CANDIDATES, filters: Filters = Filters()) -> Candidates:
        """What both retrievers say, before fusing: at least `k` passages, where there are as many."""
        self._refresh()
        vector = self.embedder.encode_questions([question])[0]
        k = max(_CANDIDATES, k)
        cosines = dict(self._vectors.search(vector, k, filters))
        bm25 = dict(self._words.search(question, k, filters))
        cosines |= self._vectors.cosines(vector, [i for i in bm25 if i not in cosines])
        if missing := [i for i in cosines if i not in bm25]:
            bm25 |= dict(self._words.search(question, len(missing), among=missing))
        return Candidates(cosines, bm25, self._words.ideal_score(question))

    def owners(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """The id of the article that each of these passages is cut from, by passage id."""
        return {passage.id: passage.article_id for passage in self._catalog.passages(passage_ids).values()}

    def _refresh(self) -> None:
        """Look again where another process has changed the library."""
        with self._refreshing:
            generation = self._catalog.generation
            if generation != self._seen:
                self._vectors.refresh()
                self._words.refresh()
                self._seen = generation

    # Writing

    def add(
        self,
        articles: Iterable[Article],
        progress: Callable[[int, int], None] | None = None,
        encoder: Embedder | None = None,
    ) -> Added:
        """Add articles: new ones are indexed, known ones are passed over, changed ones replace what they were.

        Args:
            articles: What to add.
            progress: Called with passages done and passages known so far, after each batch.
            encoder: Encodes the passages in place of the library's embedder, by the same model; see `index.spread`.

        Returns:
            What was done.

        Raises:
            LibraryBusyError: Another process is writing.
        """
        with self._writer(encoder) as writer:
            self._catalog.set_meta("made_with", self._made_with())
            return writer.add(articles, progress)

    def remove(self, article_ids: Iterable[str]) -> list[str]:
        """Remove articles from every store.

        Args:
            article_ids: Ids of articles.

        Returns:
            The ids removed.

        Raises:
            UnknownArticleError: One of them does not exist; nothing is removed.
            LibraryBusyError: Another process is writing.
        """
        wanted = list(dict.fromkeys(article_ids))
        with self._writer() as writer:
            for article_id in wanted:
                self.article(article_id)
            writer.remove(wanted)
        return wanted

    @contextmanager
    def _writer(self, encoder: Embedder | None = None) -> Iterator[Writer]:
        """The one writer, over indexes that are up to date and whole."""
        with writing(self.folder):
            self._refresh()
            writer = Writer(self._catalog, self._vectors, self._words, encoder or self.embedder, self.splitting)
            try:
                writer.finish_interrupted()
                yield writer
            finally:
                self._seen = self._catalog.generation
