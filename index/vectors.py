"""Search by meaning: the passages' vectors in Chroma."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.article import Article
from index.fusion import by_score
from index.passage import Filters, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COLLECTION = "passages"
_BATCH = 1_000
"""Below Chroma's largest batch (about 5,400)."""


class VectorIndex:
    """The passages' vectors, in a Chroma collection with cosine distance.

    Cosine is set explicitly: Chroma's default is the squared Euclidean distance. Vectors are written by `upsert`,
    because Chroma's `add` keeps the old one, silently, where the id is there already.

    Args:
        folder: Where Chroma stores them; made when missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: Any = None

    @property
    def _collection(self) -> Any:
        if self._opened is None:
            import chromadb
            from chromadb.config import Settings

            client = chromadb.PersistentClient(str(self.folder), Settings(anonymized_telemetry=False))
            self._opened = client.get_or_create_collection(
                _COLLECTION,
                configuration={"hnsw": {"space": "cosine"}},
                embedding_function=None,  # we bring our own vectors; Chroma's default would download a model
            )
        return self._opened

    def refresh(self) -> None:
        """See what another process has written since.

        A local Chroma client goes on showing what it saw first, so it is opened anew.
        """
        if self._opened is not None:
            from chromadb.api.shared_system_client import SharedSystemClient

            self._opened = None
            SharedSystemClient.clear_system_cache()

    def upsert(self, items: Sequence[tuple[Article, Passage]], vectors: "NDArray[np.float32]") -> None:
        """Write passages, each with its article, and their vectors `[len(items), dimension]`."""
        for begin in range(0, len(items), _BATCH):
            batch = items[begin : begin + _BATCH]
            self._collection.upsert(
                ids=[passage.id for _, passage in batch],
                embeddings=vectors[begin : begin + _BATCH],
                documents=[passage.text for _, passage in batch],
                metadatas=[_metadata(article, passage) for article, passage in batch],
            )

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are passed over."""
        for begin in range(0, len(passage_ids), _BATCH):
            self._collection.delete(ids=list(passage_ids[begin : begin + _BATCH]))

    def count(self) -> int:
        """How many passages are indexed."""
        return int(self._collection.count())

    def search(self, vector: "NDArray[np.float32]", k: int, filters: Filters = Filters()) -> list[tuple[str, float]]:
        """Find the passages nearest in meaning.

        Args:
            vector: The question's unit vector `[dimension]`.
            k: How many at the most (1 and up).
            filters: What the search is limited to.

        Returns:
            Pairs of passage id and cosine (-1 to 1), best first, ties by id.
        """
        found = self._collection.query(
            query_embeddings=vector[None, :], n_results=k, where=_where(filters), include=["distances"]
        )
        pairs = [
            (passage_id, 1.0 - distance)
            for passage_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]
        return by_score(dict(pairs))

    def cosines(self, vector: "NDArray[np.float32]", passage_ids: Sequence[str]) -> dict[str, float]:
        """The cosine between a unit vector `[dimension]` and each of these passages that is indexed."""
        if not passage_ids:
            return {}
        found = self._collection.get(ids=list(passage_ids), include=["embeddings"])
        return {
            passage_id: float(embedding @ vector)
            for passage_id, embedding in zip(found["ids"], found["embeddings"], strict=True)
        }


def _metadata(article: Article, passage: Passage) -> dict[str, str | int]:
    known: dict[str, str | int | None] = {
        "article_id": article.id,
        "start": passage.start,
        "end": passage.end,
        "source": article.source,
        "published_day": article.published_day,
        "language": article.language,
    }
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
