"""Fusing what two retrievers found into one ranking, on one scale."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fusion:
    """How much the words count against the meaning.

    Attributes:
        words_weight: 0 (vectors alone) to 1 (words alone).
    """

    words_weight: float = 0.4


@dataclass(frozen=True)
class Candidates:
    """What two retrievers say of the same passages.

    Attributes:
        cosines: Cosine to the question by passage id, -1 to 1.
        bm25: BM25 by passage id, above 0; a passage without any of the question's words is missing.
        ideal: The BM25 score that a passage made for the question would have; 0 where it has no word to search for.
    """

    cosines: Mapping[str, float]
    bm25: Mapping[str, float]
    ideal: float

    def scores_of(self, passage_id: str) -> dict[str, float]:
        """Both retrievers' scores of a passage, by the retriever's name."""
        return {"vectors": self.cosines.get(passage_id, 0.0), "words": self.bm25.get(passage_id, 0.0)}


def fuse(candidates: Candidates, fusion: Fusion = Fusion()) -> list[tuple[str, float]]:
    """Rank passages by a convex combination of both scores.

        score = (1 - w) * max(cosine, 0) + w * min(bm25 / ideal, 1)

    This is the combination of Bruch, Gai and Ingber 2023 (An Analysis of Fusion Functions for Hybrid Retrieval) with
    theoretical bounds. Reciprocal rank fusion throws the scores away, and with them how sure each retriever is: on
    short questions it was measured to be worse than vectors alone (`eval/benchmarks/fusion.md`).

    Args:
        candidates: The passages' scores.
        fusion: The weights.

    Returns:
        Pairs of passage id and fused score (0 to 1), best first, ties by id.
    """
    weight = fusion.words_weight if candidates.ideal else 0.0
    fused = {
        passage_id: (1 - weight) * max(candidates.cosines.get(passage_id, 0.0), 0.0)
        + (weight * min(candidates.bm25.get(passage_id, 0.0) / candidates.ideal, 1.0) if weight else 0.0)
        for passage_id in {**candidates.cosines, **candidates.bm25}
    }
    return by_score(fused)


def by_score(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Pairs of passage id and score, best first, ties by id."""
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
