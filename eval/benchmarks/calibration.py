"""Fits when the reader answers: `python -m eval.benchmarks.calibration DATA`.

Asks the tune split of the gold questions and the first half of ClapNQ's dev set, and fits, on these alone,

- how much the search's score counts beside the network's when candidates are ordered (the best joint),
- a logistic model of the probability that the best candidate is right, from `assistant.reader.reader.signs`,
- the threshold: the least at which 90% of what is answered on the tune split is right.

It writes `assistant/reader/weights/calibration.json` and, beside this file, `calibration.md` with the figures.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant.follow_up import standalone
from assistant.reader.reader import (
    WEIGHTS,
    Calibration,
    Candidate,
    SpanReader,
    reads_as_sentence,
    sentence_around,
    signs,
)
from assistant.reading import Evidence
from eval.benchmarks.datasets import clapnq
from eval.command import ARTICLES, GOLD
from eval.gold import GoldQuestion, load_native
from eval.matching import holds_any
from eval.right_articles import with_right_articles
from index.article import Article
from index.embedding import SentenceTransformerEmbedder
from index.library import Library
from index.load import Failure, read

_SEARCH_WEIGHTS = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0, 18.0, 24.0, 32.0)
_PRECISION = 0.9
_BINS = 10


@dataclass(frozen=True)
class Asked:
    """A question with all its candidates, ordered by the network's score alone."""

    question: GoldQuestion
    text: str
    candidates: tuple[Candidate, ...]

    def ranked(self, weight: float) -> list[Candidate]:
        """The candidates with the search's score counted in, best first."""
        scored = [replace(c, rank_score=c.scored.score + weight * c.evidence.hit.score) for c in self.candidates]
        return sorted(scored, key=lambda c: (-c.rank_score, c.evidence.article.id, c.start))

    def is_right(self, candidate: Candidate) -> bool:
        """Whether a candidate would count as right: its article is a right one, and an answer stands in it."""
        article = candidate.evidence.article
        if article.id not in self.question.right_articles:
            return False
        start, end = sentence_around(article, candidate.start, candidate.end)
        sentence = article.text[start:end]
        if self.question.kind == "answerable":  # ClapNQ's answers are whole sentences
            return any(answer.strip() in sentence or sentence.strip() in answer for answer in self.question.answers)
        return holds_any(sentence if reads_as_sentence(self.text) else candidate.text, self.question.answers)


def ask(articles: Sequence[Article], questions: Sequence[GoldQuestion], reader: SpanReader) -> list[Asked]:
    """Index the articles and collect every question's candidates."""
    with TemporaryDirectory() as folder:
        library = Library(Path(folder), SentenceTransformerEmbedder())
        library.add(articles)
        asked = []
        for question in questions:
            text = standalone(question.question, question.history)
            hits = library.search(text)
            evidence = [Evidence(hit, library.article(hit.passage.article_id)) for hit in hits]
            asked.append(Asked(question, text, tuple(reader.candidates(text, evidence))))
        return asked


def fit(asked: Sequence[Asked], weight: float) -> tuple[tuple[float, ...], float, NDArray[np.float64]]:
    """Fit the logistic model on the best candidate of each question.

    Returns:
        Weights, intercept, and the fitted probabilities.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    ranked = [item.ranked(weight) for item in asked]
    rows = np.array([signs(item.text, best[0], best) for item, best in zip(asked, ranked, strict=True)])
    right = np.array([item.is_right(best[0]) for item, best in zip(asked, ranked, strict=True)])
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=0.5).fit(scaler.transform(rows), right)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    return tuple(map(float, weights)), intercept, model.predict_proba(scaler.transform(rows))[:, 1]


def threshold_for(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The least threshold at which at least 90% of what is answered is right."""
    order = np.argsort(-probabilities)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(precision >= _PRECISION)[0]
    return float(probabilities[order][good[-1]]) if len(good) else 1.0


def calibration_error(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    parts = [(bins == b) for b in range(_BINS)]
    return float(sum(abs(probabilities[p].mean() - right[p].mean()) * p.mean() for p in parts if p.any()))


def main(data: Path) -> None:
    """Fit, write the calibration and the table."""
    articles = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    gold = with_right_articles(load_native(GOLD), articles, ARTICLES)
    reader = SpanReader()
    asked = ask(articles, gold, reader)
    web = ask(*clapnq(data), reader)
    tune = [item for item in asked if item.question.split == "tune" and item.candidates]
    fitting = [*tune, *(item for item in web if item.candidates)]

    answerable = [item for item in fitting if item.question.answerable]
    found = {w: sum(i.is_right(i.ranked(w)[0]) for i in answerable) / len(answerable) for w in _SEARCH_WEIGHTS}
    weight = max(_SEARCH_WEIGHTS, key=lambda w: (found[w], -w))
    weights, intercept, probabilities = fit(fitting, weight)
    right = np.array([item.is_right(item.ranked(weight)[0]) for item in fitting])
    on_tune = np.arange(len(fitting)) < len(tune)
    threshold = threshold_for(probabilities[on_tune], right[on_tune])
    calibration = Calibration(weight, tuple(round(w, 4) for w in weights), round(intercept, 4), round(threshold, 4))
    fields = {name: getattr(calibration, name) for name in calibration.__dataclass_fields__}
    (WEIGHTS / "calibration.json").write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")

    test = [item for item in asked if item.question.split == "test" and item.candidates]
    sets = {"gold, tune": tune, "gold, test (not fitted on)": test, "ClapNQ-a": [i for i in web if i.candidates]}
    lines = [
        "# When the reader answers",
        "",
        "Made by `python -m eval.benchmarks.calibration DATA`; fitted on the tune split and ClapNQ-a alone.",
        "",
        "| weight of the search's score | " + " | ".join(str(w) for w in _SEARCH_WEIGHTS) + " |",
        "|---|" + "---:|" * len(_SEARCH_WEIGHTS),
        "| best candidate right, of answerable | " + " | ".join(f"{found[w]:.3f}" for w in _SEARCH_WEIGHTS) + " |",
        "",
        f"Chosen: {weight}, threshold {threshold:.3f}.",
        "",
        "| set | questions | calibration error | answered | right of answered |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, items in sets.items():
        p = np.array([_confidence(item, calibration) for item in items])
        ok = np.array([item.is_right(item.ranked(weight)[0]) for item in items])
        answered = p >= threshold
        lines.append(
            f"| {name} | {len(items)} | {calibration_error(p, ok):.3f} | {answered.mean():.3f} | "
            f"{ok[answered].mean() if answered.any() else 0:.3f} |"
        )
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _confidence(item: Asked, calibration: Calibration) -> float:
    ranked = item.ranked(calibration.search_weight)
    return calibration.probability(signs(item.text, ranked[0], ranked))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
