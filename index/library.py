"""The library: one folder that holds the articles and everything needed to search them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import replace as dataclass_replace
from pathlib import Path
from typing import Any, Self, TypeVar

from index.article import Article
from index.catalog import ArticleSummary
from index.chroma_server import ChromaServer
from index.doctor import Doctor
from index.embedding import Embedder, open_embedder
from index.errors import LibraryMismatchError, NothingIndexedError, UnknownArticleError
from index.fusion import Candidates, Fusion
from index.listing import Listing, Overview
from index.meta import state_of
from index.passage import Filters, Hit
from index.readings import Readings
from index.retrieval import CANDIDATES, candidates, hits, respelled
from index.splitting import Splitting
from index.status import Status
from index.stores import Stores
from index.upkeep import Progress, made_with
from index.writer import Added, Writer

_T = TypeVar("_T")


class Library:
    """Articles in a folder, found by meaning and by words.

    The catalogue (SQLite) is the truth; the vector index (Chroma) and the word index (tantivy) are made from it, and
    put right from it where a process was stopped. Any number of processes may read while one writes.

    Args:
        folder: Where it is stored; made when missing.
        embedder: The embedding model; must be the one the library was made with.
        splitting: How articles are cut; must be as the library was made with.
        fusion: How both retrievers' scores are combined.
        write_wait: Seconds that a writer waits for another to be done (0 and up).
        server: The Chroma server that its vectors are searched on; none: Chroma in the folder.

    Raises:
        LibraryMismatchError: It was made with another embedding model or other splitting settings, or its vectors are
            elsewhere. Nothing is changed.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        splitting: Splitting = Splitting(),
        fusion: Fusion = Fusion(),
        write_wait: float = 5.0,
        server: ChromaServer | None = None,
    ) -> None:
        self.folder = folder
        self.embedder = embedder
        self.splitting = splitting
        self.fusion = fusion
        self.write_wait = write_wait
        self._stores = Stores.at(folder, server)
        self._catalog, self._builds = self._stores.catalog, self._stores.builds
        self._vectors, self._words = self._stores.vectors, self._stores.words
        self._index_id: tuple[int, str] | None = None
        self._check()
        self._build = self._builds.indexes().build
        self._stores.repair_if_idle()

    def close(self) -> None:
        """Close the files."""
        self._stores.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self) -> None:
        recorded, asked = self._catalog.meta("made_with"), made_with(self.embedder, self.splitting)
        if recorded is None:
            return
        place, asked_place = self._stores.recorded_place, self._stores.shelf.place
        if place != asked_place:
            raise LibraryMismatchError(
                f"The library {self.folder} has its vectors {_at(place)}, not {_at(asked_place)}. Nothing was changed. "
                f"{f'Set DATELINE_CHROMA_URL to {place}' if place else 'Leave DATELINE_CHROMA_URL out'}, or move them: "
                "dateline reindex"
            )
        if recorded == asked:
            return
        differences = "; ".join(f"{key}: made with {recorded.get(key)}, asked for {asked[key]}"
                                for key in asked if recorded.get(key) != asked[key])  # fmt: skip
        raise LibraryMismatchError(
            f"The library {self.folder} was made with other settings ({differences}). Nothing was changed. Go back to "
            "the settings it was made with, or index its articles again with these: dateline reindex"
        )

    def _adopt(self) -> None:
        """Go on with the settings that another process has reindexed the library with."""
        self._build = self._builds.indexes().build
        recorded = self._catalog.meta("made_with")
        if recorded is None or recorded == made_with(self.embedder, self.splitting):
            return
        self.splitting = Splitting(**recorded["splitting"])
        if recorded["embedding"] != asdict(self.embedder.identity):
            self.embedder = open_embedder(recorded["embedding"]["name"])
        self._check()

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

    def ids(self) -> list[str]:
        """The ids of all articles, sorted."""
        return self._catalog.ids()

    @property
    def readings(self) -> Readings:
        """What the files that articles came from held when they were last read."""
        return Readings(self._stores.database)

    def articles(self) -> list[ArticleSummary]:
        """All articles, newest first."""
        return self._catalog.summaries()

    def listed(self, listing: Listing) -> tuple[int, list[ArticleSummary]]:
        """How many articles a listing has in all, and those of its page."""
        return self._catalog.listed(listing)

    def overview(self) -> Overview:
        """The articles, counted by publisher, language and day."""
        return self._catalog.overview()

    def copies(self, article_id: str) -> list[ArticleSummary]:
        """The copies of an article, the one published first first, ties by id; see `index.copies`."""
        return self._catalog.copies(article_id)

    def copies_among(self, article_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Which of these articles are copies of which others of them, by id; those without one are left out."""
        return self._catalog.copies_among(article_ids)

    @property
    def made_with(self) -> dict[str, Any]:
        """What tells one indexing from another: the embedding model and the splitting."""
        return made_with(self.embedder, self.splitting)

    @property
    def index_id(self) -> str:
        """The state of the content and of how it is indexed: 16 hexadecimal digits."""
        generation = self._catalog.generation
        if self._index_id is None or self._index_id[0] != generation:
            self._index_id = generation, state_of(self.made_with, self._catalog.ids())
        return self._index_id[1]

    def status(self) -> Status:
        """What the library holds."""
        articles, passages = self._catalog.count(), self._builds.count()
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
        return self._of_one_build(lambda: hits(self._stores, self._candidates(question, k, filters), self.fusion, k))

    def respelled(self, word: str) -> str | None:
        """What a word is most likely a misspelling of: the commonest word of the articles that is one slip away.

        Args:
            word: A word as typed.

        Returns:
            That word as it stands in an article; None where the word is known, or nothing is that near.
        """
        return respelled(self._stores, word)

    def candidates(self, question: str, k: int = CANDIDATES, filters: Filters = Filters()) -> Candidates:
        """What both retrievers say, before fusing: at least `k` passages, where there are as many."""
        return self._of_one_build(lambda: self._candidates(question, k, filters))

    def _candidates(self, question: str, k: int, filters: Filters) -> Candidates:
        return candidates(self._stores, self.embedder, question, k, filters)

    def _of_one_build(self, ask: Callable[[], _T]) -> _T:
        """What is asked for, asked again where other indexes have taken the place of those it was asked of."""
        while True:
            before = self._builds.indexes()
            if before.build != self._build:
                self._adopt()
            try:
                found = ask()
            except Exception:
                if self._builds.indexes() == before:
                    raise
            else:
                if self._builds.indexes().build == before.build:
                    return found

    def owners(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """The id of the article that each of these passages is cut from, by passage id."""
        return {passage.id: passage.article_id for passage in self._catalog.passages(passage_ids).values()}

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
        with self.changing(encoder) as writer:
            return writer.add(articles, progress)

    def remove(self, article_ids: Iterable[str], *, purge: bool = False, progress: Progress | None = None) -> list[str]:
        """Remove articles from every store.

        Args:
            article_ids: Ids of articles.
            purge: Make every file anew, so that no byte of them is left in any; takes as long as indexing without
                encoding.
            progress: Told how far that is.

        Returns:
            The ids removed.

        Raises:
            UnknownArticleError: One of them does not exist; nothing is removed.
            LibraryBusyError: Another process is writing.
        """
        wanted = list(dict.fromkeys(article_ids))
        with self.changing() as writer:
            for article_id in wanted:
                self.article(article_id)
            if purge:
                self._catalog.set_meta("purging", True)
            writer.remove(wanted)
            if purge:
                self._stores.upkeep.purge(progress)
        return wanted

    def replace(self, article_id: str, article: Article) -> Added:
        """Put an article in the place of another; where both are the same, nothing changes.

        Raises:
            UnknownArticleError: There is no such article; nothing is added.
            LibraryBusyError: Another process is writing.
        """
        with self.changing() as writer:
            self.article(article_id)
            added = writer.add([article])
            if article.id != article_id and self.find(article_id):  # the same URL has replaced it already
                writer.remove([article_id])
                added = dataclass_replace(added, replaced=(*added.replaced, article_id))
        return added

    @property
    def doctor(self) -> Doctor:
        """Examines the library, and repairs it."""
        return Doctor(self._stores, self.embedder, self.splitting, self.write_wait)

    def purge(self, progress: Progress | None = None) -> None:
        """Make every file anew, so that no byte of what was removed earlier is left in any.

        Raises:
            LibraryBusyError: Another process is writing.
        """
        with self.changing():
            self._stores.upkeep.purge(progress)

    @contextmanager
    def changing(self, encoder: Embedder | None = None) -> Iterator[Writer]:
        """Be the one writer, over indexes that are whole, with the settings they were made with.

        Args:
            encoder: What encodes passages, the way the library's model does; None for that model.

        Raises:
            LibraryBusyError: Another process is writing.
            ReadOnlyError: The folder cannot be written.
            DiskFullError: There is no room left.
        """
        with self._stores.writing(self.write_wait):
            self._adopt()
            if self._catalog.meta("made_with") is None:
                self._catalog.set_meta("vectors_at", self._stores.shelf.place)
                self._catalog.set_meta("made_with", self.made_with)
            yield Writer(self._catalog, self._vectors, self._words, encoder or self.embedder, self.splitting)


def _at(place: str) -> str:
    return f"on the Chroma server {place}" if place else "in its folder"
