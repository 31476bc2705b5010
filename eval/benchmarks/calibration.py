"""Fits when the reader answers: `python -m eval.benchmarks.calibration DATA`.

Asks the tune split of the gold questions and the first half of ClapNQ's dev set, and fits, on these alone,

- how many passages are read, and how much the search's score and an article's date count beside the network's score
  when candidates are ordered (the most best candidates right),
- a logistic model of the probability that the best candidate is right, from `assistant.reader.reader.signs`,
- the threshold: the least at which an answer on the tune split is more likely right than not (the best sum of +1 for
  a right answer, -1 for a wrong one and 0 for a refusal, as in CRAG, Yang et al. 2024).

It writes `assistant/reader/weights/calibration.json` and, beside this file, `calibration.md` with the figures.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.follow_up import standalone
from assistant.reader.reader import (
    PASSAGES,
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

_PASSAGES = (3, 4, 5, 6, 8, 10)
_SEARCH_WEIGHTS = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0, 18.0, 24.0, 32.0)
_NEWEST_WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
_BINS = 10

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """A question with all its candidates."""

    question: GoldQuestion
    text: str
    candidates: tuple[Candidate, ...]

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


def best_right(asked: Sequence[Asked], calibration: Calibration, passages: int) -> float:
    """The share of the answerable questions whose best candidate is right."""
    answerable = [item for item in asked if item.question.answerable]
    right = 0
    for item in answerable:
        near = calibration.ranked(c for c in item.candidates if c.evidence.hit.rank <= passages)
        right += bool(near) and item.is_right(near[0])
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


def best_threshold(probabilities: Floats, right: Bools) -> float:
    """The threshold with the most right less wrong answers."""
    order = np.argsort(-probabilities)
    gain = np.cumsum(np.where(right[order], 1, -1))
    return round(float(probabilities[order][int(np.argmax(gain))]), 4)


def calibration_error(probabilities: Floats, right: Bools) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    parts = [bins == b for b in range(_BINS)]
    return float(sum(abs(probabilities[p].mean() - right[p].mean()) * p.mean() for p in parts if p.any()))


def main(data: Path) -> None:
    """Fit, write the calibration and the table."""
    articles = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    gold = with_right_articles(load_native(GOLD), articles, ARTICLES)
    reader = SpanReader(passages=max(_PASSAGES))
    asked = [item for item in ask(articles, gold, reader) if item.candidates]
    web = [item for item in ask(*clapnq(data), reader) if item.candidates]
    tune = [item for item in asked if item.question.split == "tune"]

    plain = Calibration(0.0, 0.0, (), 0.0, 0.0)
    grid = {
        (n, s, d): best_right([*tune, *web], replace(plain, search_weight=s, newest_weight=d), n)
        for n in _PASSAGES
        for s in _SEARCH_WEIGHTS
        for d in _NEWEST_WEIGHTS
    }
    passages, search, newest = max(grid, key=lambda point: (round(grid[point], 3), -point[0], -point[1], -point[2]))
    sets = {"gold, tune": tune, "gold, test (not fitted on)": [i for i in asked if i not in tune], "ClapNQ-a": web}
    sets = {name: [_within(item, passages) for item in items] for name, items in sets.items()}
    chosen = replace(plain, search_weight=search, newest_weight=newest)
    chosen = fit([*sets["gold, tune"], *sets["ClapNQ-a"]], chosen)
    chosen = replace(chosen, threshold=best_threshold(*judged(sets["gold, tune"], chosen)))
    (WEIGHTS / "calibration.json").write_text(json.dumps(asdict(chosen), indent=2) + "\n", encoding="utf-8")

    lines = [
        "# When the reader answers",
        "",
        "Made by `python -m eval.benchmarks.calibration DATA`; fitted on the tune split and ClapNQ-a alone.",
        "Best candidate right, of the answerable questions:",
        "",
        *_grid("passages read", _PASSAGES, lambda n: grid[n, search, newest]),
        *_grid("weight of the search's score", _SEARCH_WEIGHTS, lambda s: grid[passages, s, newest]),
        *_grid("weight of the date", _NEWEST_WEIGHTS, lambda d: grid[passages, search, d]),
        f"Chosen: {passages} passages, {search} for the search, {newest} for the date; threshold {chosen.threshold}.",
        "",
        "| set | questions | calibration error | answered | right of answered |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, items in sets.items():
        p, ok = judged(items, chosen)
        answered = p >= chosen.threshold
        share = f"{ok[answered].mean():.3f}" if answered.any() else "-"
        lines.append(f"| {name} | {len(items)} | {calibration_error(p, ok):.3f} | {answered.mean():.3f} | {share} |")
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if passages != PASSAGES:
        print(f"Set PASSAGES = {passages} in assistant/reader/reader.py.", file=sys.stderr)  # noqa: T201


def _within(item: Asked, passages: int) -> Asked:
    return replace(item, candidates=tuple(c for c in item.candidates if c.evidence.hit.rank <= passages))


def _grid(name: str, values: Sequence[float], right: Callable[[Any], float]) -> list[str]:
    """A table of one row: the share right for each value."""
    head = f"| {name} | {' | '.join(str(value) for value in values)} |"
    return [head, "|---|" + "---:|" * len(values), f"| right | {' | '.join(f'{right(v):.3f}' for v in values)} |", ""]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
