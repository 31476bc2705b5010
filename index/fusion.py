"""Fusing what two retrievers found into one ranking, on one scale."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fusion:
    """How much the words count against the meaning.

    Attributes:
        words_weight: 0 (vectors alone) to 1 (words alone).
    """

    words_weight: float = 0.5


def fuse(
    cosines: Mapping[str, float], bm25: Mapping[str, float], ideal: float, fusion: Fusion = Fusion()
) -> list[tuple[str, float]]:
    """Rank passages by a convex combination of both scores.

        score = (1 - w) * max(cosine, 0) + w * bm25 / ideal

    This is the combination of Bruch, Gai and Ingber 2023 (An Analysis of Fusion Functions for Hybrid Retrieval) with
    theoretical bounds. Reciprocal rank fusion throws the scores away, and with them how sure each retriever is: on
    short questions it was measured to be worse than vectors alone (`eval/benchmarks/fusion.md`).

    Args:
        cosines: Cosine by passage id, -1 to 1.
        bm25: BM25 by passage id, 0 and up.
        ideal: The BM25 score that a passage made for the question would have; above 0.
        fusion: The weights.

    Returns:
        Pairs of passage id and fused score (0 to 1), best first, ties by id.
    """
    weight = fusion.words_weight
    fused = {
        passage_id: (1 - weight) * max(cosines.get(passage_id, 0.0), 0.0)
        + weight * min(bm25.get(passage_id, 0.0) / ideal, 1.0)
        for passage_id in {**cosines, **bm25}
    }
    return sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))
