"""Search by words: a BM25 index (tantivy) over titles and passages."""

import math
import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from index.article import Article
from index.fusion import by_score
from index.passage import Filters, Passage
from index.scripts import spaced
from index.terms import ANALYZER, analyzer, terms

_K1 = 1.2
TITLE_BOOST = 1.0
"""How much a word in the title counts against one in the passage; chosen on the sets of `eval/benchmarks/fusion.md`."""


class WordIndex:
    """The passages' words, stemmed for English, accents folded, stop words dropped.

    Scores are BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75) summed over the question's terms, in passage and
    title. Text in other languages is found by its exact words, and where words are not parted by spaces, by pairs of
    letters.

    Args:
        folder: Where it is stored; made when missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    @cached_property
    def _index(self) -> Any:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("passage_id", stored=True, tokenizer_name="raw")
        schema.add_text_field("article_id", tokenizer_name="raw")
        schema.add_text_field("source", tokenizer_name="raw")
        schema.add_integer_field("published_day", indexed=True, fast=True)
        schema.add_text_field("title", tokenizer_name=ANALYZER)
        schema.add_text_field("text", tokenizer_name=ANALYZER)
        self.folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(schema.build(), path=str(self.folder), reuse=True)
        index.register_tokenizer(ANALYZER, analyzer())
        return index

    def change(self, *, add: Iterable[tuple[Article, Passage]] = (), remove: Iterable[str] = ()) -> None:
        """Add passages and remove all passages of articles, in one commit.

        Args:
            add: Passages, each with its article.
            remove: Ids of articles.
        """
        import tantivy

        writer = self._index.writer(64_000_000, 1)
        for article_id in remove:
            writer.delete_documents_by_term("article_id", article_id)
        for article, passage in add:
            # Adding again must replace: an interrupted run may have left the passage behind.
            writer.delete_documents_by_term("passage_id", passage.id)
            document = tantivy.Document(
                passage_id=passage.id,
                article_id=article.id,
                title=spaced(article.title),
                text=spaced(passage.text),
            )
            if article.source:
                document.add_text("source", article.source)
            if article.published_day:
                document.add_integer("published_day", article.published_day)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.refresh()

    def refresh(self) -> None:
        """See what another process has written since."""
        with self._lock:
            self._index.reload()

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
