"""Compares ways of fusing vectors and words: `python -m eval.benchmarks.fusion DATA [OUT.md]`.

A passage counts as right when it is of the question's own paragraph. The chosen weight must be no worse than the
better of the two retrievers on hit@1 and MRR@10 of either set.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.benchmarks.datasets import clapnq, new_wiki
from eval.gold import GoldQuestion
from eval.metrics.retrieval import ranking
from index.article import Article
from index.embedding import PackagedEmbedder
from index.fusion import Candidates, Fusion, by_score, fuse
from index.library import Library

_RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""

Ranker = Callable[[Candidates], Sequence[tuple[str, float]]]


def reciprocal_rank_fusion(candidates: Candidates) -> list[tuple[str, float]]:
    """Equal-weight RRF: sum over both retrievers of 1 / (60 + rank)."""
    scores: dict[str, float] = {}
    for found in (candidates.cosines, candidates.bm25):
        for rank, (passage_id, _) in enumerate(by_score(found)[:50], start=1):
            scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (_RRF_K + rank)
    return by_score(scores)


def rankers() -> Mapping[str, Ranker]:
    """What is compared, by name."""
    weighted: dict[str, Ranker] = {
        f"convex, words {weight:.1f}": lambda c, weight=weight: fuse(c, Fusion(weight))  # type: ignore[misc]
        for weight in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
    }
    return {
        "vectors": lambda c: by_score(c.cosines),
        "words (BM25)": lambda c: by_score(c.bm25),
        "RRF, equal weights": reciprocal_rank_fusion,
        **weighted,
    }


def compare(articles: Sequence[Article], questions: Sequence[GoldQuestion]) -> dict[str, tuple[float, float, float]]:
    """Index the articles, search every question once, and rank what was found in every way.

    Returns:
        hit@1, hit@5 and MRR@10 (each 0 to 1) by the way's name.
    """
    sums = {name: [0.0, 0.0, 0.0] for name in rankers()}
    with TemporaryDirectory() as folder:
        library = Library(Path(folder), PackagedEmbedder())
        library.add(articles, lambda done, total: print(f"\r{done}/{total} passages", end="", file=sys.stderr))  # noqa: T201
        for asked, question in enumerate(questions, start=1):
            candidates = library.candidates(question.question)
            owner = library.owners(list(candidates.cosines))
            for name, ranker in rankers().items():
                ranked = [passage_id for passage_id, _ in ranker(candidates)]
                right = [passage_id for passage_id in ranked if owner[passage_id] in question.right_articles]
                figures = ranking(ranked, right)
                for i, metric in enumerate(("success@1", "success@5", "mrr@10")):
                    sums[name][i] += figures[metric]
            if asked % 100 == 0:
                print(f"\r{asked}/{len(questions)} questions", end="", file=sys.stderr)  # noqa: T201
    n = len(questions)
    return {name: (a / n, b / n, c / n) for name, (a, b, c) in sums.items()}


def main(data: Path, out: Path) -> None:
    """Write the table."""
    sets = {"new-wiki": new_wiki(data), "ClapNQ": clapnq(data)}
    figures = {name: compare(*loaded) for name, loaded in sets.items()}
    sizes = ", ".join(f"{name}: {len(a):,} articles, {len(q):,} questions" for name, (a, q) in sets.items())
    lines = [
        "# Fusing vectors and words",
        "",
        f"{sizes}.",
        "",
        "Made by `python -m eval.benchmarks.fusion DATA`: every question searched once, at least 50 passages from each",
        "retriever, both scores known for each. RRF is worse than the better retriever on both sets; so are small and",
        f"large weights on one of them. **Chosen: convex, words {Fusion().words_weight}.**",
        "",
        f"| way | {' | '.join(f'{name} hit@1 | hit@5 | MRR@10' for name in sets)} |",
        f"|---|{'---:|' * 3 * len(sets)}",
    ]
    for way in rankers():
        cells = (f"{value:.4f}" for name in sets for value in figures[name][way])
        lines.append(f"| {way} | {' | '.join(cells)} |")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).with_suffix(".md")))
