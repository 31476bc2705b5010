"""Search by words: a BM25 index (tantivy) over titles and passages."""

import math
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from index.article import Article
from index.builds import Builds
from index.fusion import by_score
from index.passage import Filters, Passage
from index.read_only import view
from index.scripts import spaced
from index.terms import ANALYZER, analyzer, terms

_K1 = 1.2
_BATCH = 20_000
TITLE_BOOST = 1.0
"""How much a word in the title counts against one in the passage; chosen on the sets of `eval/benchmarks/fusion.md`."""


class WordIndex:
    """The passages' words, stemmed for English, accents folded, stop words dropped.

    Scores are BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75) summed over the question's terms, in passage and
    title. Text in other languages is found by its exact words, and where words are not parted by spaces, by pairs of
    letters.

    tantivy's commits are whole or not at all, and seen by other processes that look again; each access does so when
    the catalogue's generation has grown.

    Args:
        folder: The library's folder.
        builds: The catalogue's passages, and which index is in use.
    """

    def __init__(self, folder: Path, builds: Builds) -> None:
        self._folder = folder
        self._builds = builds
        self._lock = threading.Lock()
        self._opened: tuple[str, int, Any] | None = None
        self._view: object = None  # kept as long as the index that lies in it

    @property
    def _index(self) -> Any:
        """The index in use, as it is now."""
        with self._lock:
            name, generation = self._builds.indexes().words, self._builds.generation
            if self._opened is None or self._opened[0] != name or (self._view and self._opened[1] != generation):
                index = self._open(name)
                if not (self._folder / name).is_dir():
                    return index  # empty, until a writer makes one
                self._opened = name, generation, index
            elif self._opened[1] != generation:
                self._opened[2].reload()
                self._opened = name, generation, self._opened[2]
            return self._opened[2]

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._opened = None

    def _open(self, name: str, *, make: bool = False) -> Any:
        """Open the index of this name; where there is none, make it, or look into an empty one."""
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("passage_id", stored=True, tokenizer_name="raw")
        schema.add_text_field("article_id", tokenizer_name="raw")
        schema.add_text_field("source", tokenizer_name="raw")
        schema.add_integer_field("published_day", indexed=True, fast=True)
        schema.add_text_field("title", tokenizer_name=ANALYZER)
        schema.add_text_field("text", tokenizer_name=ANALYZER)
        fields = schema.build()
        folder = self._folder / name
        if make:
            folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(fields, path=str(folder), reuse=True)
        elif (folder / "meta.json").is_file():
            self._view = None
            try:
                index = tantivy.Index(fields, path=str(folder), reuse=True)
            except ValueError:  # tantivy locks where it only reads
                place, self._view = view(folder)
                index = tantivy.Index(fields, path=str(place), reuse=True)
        else:
            index = tantivy.Index(fields)
        index.register_tokenizer(ANALYZER, analyzer())
        return index

    def change(self, *, add: Iterable[tuple[Article, Passage]] = (), remove: Iterable[str] = ()) -> None:
        """Add passages and remove all passages of articles, in one commit.

        Args:
            add: Passages, each with its article.
            remove: Ids of articles.
        """
        name = self._builds.indexes().words
        index = self._open(name, make=True)
        _commit(index, add, remove)
        with self._lock:
            self._opened = name, self._builds.generation, index

    def write(self, build: int, progress: Callable[[int, int], None] | None = None) -> str:
        """Write an index of all passages of a build that nobody uses yet.

        Args:
            build: Whose passages.
            progress: Called with passages written and passages to write.

        Returns:
            Its name.
        """
        total, done = self._builds.count(build), 0
        numbers = [int(folder.name.split("-")[1]) for folder in self._folder.glob("words-*")]
        name = f"words-{max([*numbers, int(self._builds.indexes().words.split('-')[1])]) + 1}"
        index = self._open(name, make=True)
        rows = self._builds.stored(build)
        while batch := [(row.article, row.passage) for row in islice(rows, _BATCH)]:
            _commit(index, batch, ())
            done += len(batch)
            if progress:
                progress(done, total)
        return name

    def clear_away(self) -> None:
        """Delete indexes that the catalogue does not name. Whoever has one open keeps it until done."""
        current = self._builds.indexes().words
        for folder in self._folder.glob("words-*"):
            if folder.name != current:
                shutil.rmtree(folder, ignore_errors=True)

    def ids(self) -> set[str]:
        """The ids of all passages that are indexed."""
        import tantivy

        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs), count=False).hits
        return {str(searcher.doc(address)["passage_id"][0]) for _, address in found}

    def count(self) -> int:
        """How many passages are indexed."""
        return int(self._index.searcher().num_docs)

    def search(
        self, question: str, k: int, filters: Filters = Filters(), among: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Find the passages that hold the question's words.

        Args:
            question: What is asked; any text, never a query language.
            k: How many at the most (1 and up).
            filters: What the search is limited to.
            among: Ids of passages it is limited to; empty for all.

        Returns:
            Pairs of passage id and BM25 score (above 0), best first, ties by id.
        """
        import tantivy

        wanted_terms = terms(question)
        if not wanted_terms:
            return []
        schema, query = self._index.schema, tantivy.Query
        wanted = [
            (tantivy.Occur.Should, part)
            for term in wanted_terms
            for part in (
                query.term_query(schema, "text", term),
                query.boost_query(query.term_query(schema, "title", term), TITLE_BOOST),
            )
        ]
        limits = self._limits(filters, among)
        whole = query.boolean_query([(tantivy.Occur.Must, query.boolean_query(wanted)), *limits])
        searcher = self._index.searcher()
        found = [
            (str(searcher.doc(address)["passage_id"][0]), float(score))
            for score, address in searcher.search(whole, limit=k, count=False).hits
        ]
        return by_score(dict(found))

    def resembling(self, word: str, k: int = 20) -> list[str]:
        """Passages for a word that none of them has: those with terms up to two edits from its own.

        Returns:
            At most `k` ids of passages; none where the word is known, or where nothing resembles it.
        """
        import tantivy

        searcher, schema = self._index.searcher(), self._index.schema
        (term,) = terms(word)[:1] or ("",)
        if not term or searcher.doc_freq("text", term) or searcher.doc_freq("title", term):
            return []
        found = searcher.search(tantivy.Query.fuzzy_term_query(schema, "text", term, 2), limit=k, count=False).hits
        return [str(searcher.doc(address)["passage_id"][0]) for _, address in found]

    def ideal_score(self, question: str) -> float:
        """The BM25 score of a passage that held each of the question's words ever so often: sum of idf * (k1 + 1).

        Returns:
            That bound, for the passage's words alone; 0 where the question has no word to search for.
        """
        searcher = self._index.searcher()
        passages = searcher.num_docs
        frequencies = (searcher.doc_freq("text", term) for term in terms(question))
        return sum(math.log(1 + (passages - df + 0.5) / (df + 0.5)) * (_K1 + 1) for df in frequencies)

    def _limits(self, filters: Filters, among: Sequence[str]) -> list[tuple[Any, Any]]:
        import tantivy

        schema, query = self._index.schema, tantivy.Query
        limits = []
        if filters.since or filters.until:
            day = query.range_query(
                schema,
                "published_day",
                tantivy.FieldType.Integer,
                int(filters.since.replace("-", "")) if filters.since else None,
                int(filters.until.replace("-", "")) if filters.until else None,
            )
            limits.append(day)
        for field, values in (
            ("source", filters.sources),
            ("article_id", filters.article_ids),
            ("passage_id", among),
        ):
            if values:
                limits.append(query.term_set_query(schema, field, list(values)))
        return [(tantivy.Occur.Must, query.const_score_query(limit, 0.0)) for limit in limits]


def _commit(index: Any, add: Iterable[tuple[Article, Passage]], remove: Iterable[str]) -> None:
    import tantivy

    writer = index.writer(64_000_000, 1)
    try:
        writer.garbage_collect_files()  # what a killed process has left would be in the way
        for article_id in remove:
            writer.delete_documents_by_term("article_id", article_id)
        for article, passage in add:
            # Adding again must replace: an interrupted run may have left the passage behind.
            writer.delete_documents_by_term("passage_id", passage.id)
            document = tantivy.Document(
                passage_id=passage.id, article_id=article.id, title=spaced(article.title), text=spaced(passage.text)
            )
            if article.source:
                document.add_text("source", article.source)
            if article.published_day:
                document.add_integer("published_day", article.published_day)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    finally:
        del writer  # an error's traceback would keep it, and its lock
    index.reload()
