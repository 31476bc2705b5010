"""Fits when the reader answers: `python -m eval.benchmarks.calibration DATA`.

Asks the tune split of the gold questions and the first half of ClapNQ's dev set, and fits, on these alone,

- how candidates are ordered: a logistic model of which of two is right, from `Candidate.scores`,
- a logistic model of the probability that the best candidate is right, from `assistant.reader.reader.signs`,
- the threshold: the lowest at which at least 90% of what is answered is right on the tune split, if at most 12% of the
  answerable questions are refused there; else the lowest at which about the most questions are answered right or
  rightly refused.

It writes `assistant/reader/weights/calibration.json` and, beside this file, `calibration.md` with the figures and
`risk_coverage.svg` with the curve.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
    signs,
)
from assistant.reader.sentence import sentence_around
from assistant.reading import Evidence
from eval.benchmarks.datasets import clapnq
from eval.benchmarks.drawing import risk_coverage_svg
from eval.command import ARTICLES, GOLD
from eval.gold import GoldQuestion, load_native
from eval.matching import holds_any
from eval.right_articles import with_right_articles
from index.article import Article
from index.embedding import Embedder, PackagedEmbedder
from index.library import Library
from index.load import Failure, read

_BINS = 10
_COVERAGES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_RIGHT = 0.9
"""Share that must be right of what is answered, where that is to be had"""
_REFUSED = 0.12
"""with no more than this share of the answerable questions refused."""
_NOISE = 0.01

_TUNE, _WEB = "gold, tune", "ClapNQ-a"

Place = tuple[str, int, int]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """A question with all its candidates, and which of them would count as right."""

    question: GoldQuestion
    text: str
    candidates: tuple[Candidate, ...]
    right: frozenset[Place]

    def is_right(self, candidate: Candidate) -> bool:
        """Whether a candidate would count as right."""
        return _place(candidate) in self.right


def answers(question: GoldQuestion, text: str, candidate: Candidate) -> bool:
    """Whether a candidate would count as right: its article is a right one, and an answer stands in it."""
    article = candidate.evidence.article
    if article.id not in question.right_articles:
        return False
    start, end = sentence_around(article, candidate.start, candidate.end)
    sentence = article.text[start:end]
    if question.kind == "answerable":  # ClapNQ's answers are whole sentences
        return any(answer.strip() in sentence or sentence.strip() in answer for answer in question.answers)
    return holds_any(sentence if reads_as_sentence(text) else candidate.text, question.answers)


def _place(candidate: Candidate) -> Place:
    return candidate.evidence.article.id, candidate.start, candidate.end


def ask(
    articles: Sequence[Article], questions: Sequence[GoldQuestion], reader: SpanReader, embedder: Embedder
) -> list[Asked]:
    """Index the articles and collect every question's candidates."""
    with TemporaryDirectory() as folder:
        library = Library(Path(folder), embedder)
        library.add(articles)
        asked = []
        for question in questions:
            text = standalone(question.question, question.history)
            hits = library.search(text)
            evidence = [Evidence(hit, library.article(hit.passage.article_id)) for hit in hits]
            candidates = tuple(reader.candidates(text, evidence))
            right = frozenset(_place(c) for c in candidates if answers(question, text, c))
            asked.append(Asked(question, text, candidates, right))
        return asked


def fit_ranking(asked: Sequence[Asked]) -> tuple[float, ...]:
    """Weights of `Candidate.scores` by which a right candidate comes before a wrong one.

    Logistic regression on the differences of all pairs of a right and a wrong candidate of one question (the pairwise
    reduction of Joachims 2002, with the logistic loss of Burges et al. 2005); each question counts the same.
    """
    from sklearn.linear_model import LogisticRegression

    pairs: list[Floats] = []
    counts: list[float] = []
    for item in asked:
        right = np.array([c.scores for c in item.candidates if item.is_right(c)])
        wrong = np.array([c.scores for c in item.candidates if not item.is_right(c)])
        if len(right) and len(wrong):
            differences = (right[:, None] - wrong[None]).reshape(-1, right.shape[1])
            pairs.append(differences)
            counts += [1 / len(differences)] * len(differences)
    differences = np.concatenate(pairs)
    scale = differences.std(axis=0)
    rows, weight = np.concatenate([differences, -differences]) / scale, np.array(counts * 2)
    labels = np.repeat([1, 0], len(differences))
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000).fit(rows, labels, sample_weight=weight)
    return tuple(round(float(w), 4) for w in model.coef_[0] / scale)


def best_right(asked: Sequence[Asked], calibration: Calibration) -> float:
    """The share of the answerable questions whose best candidate is right."""
    answerable = [item for item in asked if item.question.answerable]
    right = 0
    for item in answerable:
        right += item.is_right(calibration.ranked(item.candidates)[0])
    return right / len(answerable)


def fit(asked: Sequence[Asked], calibration: Calibration) -> Calibration:
    """Fit the logistic model on the best candidate of each question."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    ranked = [calibration.ranked(item.candidates) for item in asked]
    rows = np.array([signs(item.text, best[0], best) for item, best in zip(asked, ranked, strict=True)])
    right = np.array([item.is_right(best[0]) for item, best in zip(asked, ranked, strict=True)])
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=0.5).fit(scaler.transform(rows), right)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    return replace(calibration, weights=tuple(round(float(w), 4) for w in weights), intercept=round(intercept, 4))


def judged(asked: Sequence[Asked], calibration: Calibration) -> tuple[Floats, Bools]:
    """The confidence in each question's best candidate, and whether it is right."""
    probabilities, right = [], []
    for item in asked:
        ranked = calibration.ranked(item.candidates)
        probabilities.append(calibration.probability(signs(item.text, ranked[0], ranked)))
        right.append(item.is_right(ranked[0]))
    return np.array(probabilities), np.array(right)


def surest_threshold(asked: Sequence[Asked], calibration: Calibration) -> float:
    """The lowest threshold at which at least 90% of what is answered is right; 1 where there is none."""
    shares, thresholds = coverage_curve(*judged(asked, calibration))
    good = np.nonzero(shares >= _RIGHT)[0]
    return round(float(thresholds[good[-1]]), 4) if good.size else 1.0


def handling_threshold(asked: Sequence[Asked], calibration: Calibration) -> float:
    """The lowest threshold with which about the most questions are answered right or rightly refused.

    That share hardly changes over a wide range. Of what is within one point of the best the lowest is taken: an answer
    shows the words that it rests on, so that a wrong one is easily seen, and a wrong refusal is not.
    """
    probabilities, right = judged(asked, calibration)
    # Answering wins a right answer, and loses a right refusal where there was nothing to answer.
    gain = np.where(right, 1, np.where(answerable(asked), 0, -1))
    order = np.argsort(-probabilities)
    handled = np.cumsum(gain[order])
    good = np.nonzero(handled >= handled.max() - _NOISE * len(asked))[0]
    return round(float(probabilities[order][good[-1]]), 4)


def best_threshold(asked: Sequence[Asked], calibration: Calibration) -> float:
    """The threshold that is shipped; the rule stands at the top of this file."""
    surest = surest_threshold(asked, calibration)
    refused = judged(asked, calibration)[0] < surest
    if refused[answerable(asked)].mean() <= _REFUSED:
        return surest
    return handling_threshold(asked, calibration)


def answerable(asked: Sequence[Asked]) -> Bools:
    """Which questions have an answer."""
    return np.array([item.question.answerable for item in asked])


def coverage_curve(probabilities: Floats, right: Bools) -> tuple[Floats, Floats]:
    """The share right of the surest 1, 2, ... n answers, and the confidence of the last of each.

    One less the share is the selective risk at coverage i/n (El-Yaniv and Wiener 2010).
    """
    order = np.argsort(-probabilities, kind="stable")
    return np.cumsum(right[order]) / np.arange(1, len(order) + 1), probabilities[order]


def calibration_error(probabilities: Floats, right: Bools) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    parts = [bins == b for b in range(_BINS)]
    return float(sum(abs(probabilities[p].mean() - right[p].mean()) * p.mean() for p in parts if p.any()))


def collect(data: Path, folder: Path = WEIGHTS) -> dict[str, list[Asked]]:
    """Ask all sets with the network in a folder: gold tune, gold test and ClapNQ-a, by the names of the table."""
    articles = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    gold = with_right_articles(load_native(GOLD), articles, ARTICLES)
    embedder = PackagedEmbedder()
    reader = SpanReader(embedder, folder)
    asked = [item for item in ask(articles, gold, reader, embedder) if item.candidates]
    web = [item for item in ask(*clapnq(data), reader, embedder) if item.candidates]
    return {
        _TUNE: [item for item in asked if item.question.split == "tune"],
        "gold, test (not fitted on)": [item for item in asked if item.question.split == "test"],
        _WEB: web,
    }


def calibrate(sets: Mapping[str, Sequence[Asked]]) -> Calibration:
    """Fit on the tune split and ClapNQ-a alone."""
    fitted_on = [*sets[_TUNE], *sets[_WEB]]
    chosen = fit(fitted_on, Calibration(fit_ranking(fitted_on), (), 0.0, 0.0))
    return replace(chosen, threshold=best_threshold(sets[_TUNE], chosen))


def write(sets: Mapping[str, Sequence[Asked]], folder: Path = WEIGHTS) -> None:
    """Fit, and write the calibration, the table and the curve."""
    chosen = calibrate(sets)
    (folder / "calibration.json").write_text(json.dumps(asdict(chosen), indent=2) + "\n", encoding="utf-8")
    lines = [
        "# When the reader answers",
        "",
        "Made by `python -m eval.benchmarks.calibration DATA`; fitted on the tune split and ClapNQ-a alone.",
        "",
        f"Weights of margin and answerable logit (passage, then sentence), search and cosine: {chosen.rank_weights}.",
        f"Threshold {chosen.threshold}. For 90% right of what is answered on the tune "
        f"split set {surest_threshold(sets[_TUNE], chosen)}.",
        "",
        "| set (questions) | best candidate right, of the answerable | threshold | calibration error | answered "
        "| right of answered | answerable refused | unanswerable refused | answered right or rightly refused |",
        "|---|" + "---:|" * 8,
    ]
    for name, items in sets.items():
        for threshold in (chosen.threshold, surest_threshold(sets[_TUNE], chosen)):
            row = (f"{name} ({len(items)})", f"{best_right(items, chosen):.3f}", str(threshold))
            lines.append(f"| {' | '.join((*row, *_figures(items, chosen, threshold)))} |")
    lines += [
        "",
        "Share right of the surest answers, by the share of all questions that they are (1 less the risk):",
        "",
        "| set | " + " | ".join(f"{c:.0%}" for c in _COVERAGES) + " |",
        "|---|" + "---:|" * len(_COVERAGES),
    ]
    curves = {name: coverage_curve(*judged(items, chosen))[0] for name, items in sets.items()}
    for name, shares in curves.items():
        lines.append(f"| {name} | {' | '.join(f'{shares[round(c * len(shares)) - 1]:.3f}' for c in _COVERAGES)} |")
    lines += ["", "![Risk against coverage](risk_coverage.svg)"]
    Path(__file__).with_name("risk_coverage.svg").write_text(risk_coverage_svg(curves), encoding="utf-8")
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _figures(items: Sequence[Asked], calibration: Calibration, threshold: float) -> list[str]:
    """The columns of the table for one set at one threshold."""
    p, right = judged(items, calibration)
    answered, there = p >= threshold, answerable(items)
    shares = (answered, right[answered], ~answered[there], ~answered[~there], (answered & right) | (~answered & ~there))
    return [f"{calibration_error(p, right):.3f}", *(f"{part.mean():.3f}" if part.size else "-" for part in shares)]


if __name__ == "__main__":
    write(collect(Path(sys.argv[1])))
