"""Metrics of knowing what is not known. Those of all questions at once are statistics (see `eval.bootstrap`)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eval.bootstrap import Floats, Statistic, divide

_BINS = 10

_Measure = Callable[[Floats, Floats, Floats], Floats]
"""From how often each answer was drawn, the surest first, the risk up to it, and how many questions were drawn."""


def crag(right: bool, abstained: bool) -> float:
    """+1 for a right answer, 0 for a refusal, -1 for a wrong answer or an error (CRAG, Yang et al. 2024).

    A refusal is worth 0 even where it is right, so that refusing everything is worth nothing.
    """
    return 0.0 if abstained else 1.0 if right else -1.0


def auroc(scores: ArrayLike, positive: ArrayLike) -> Statistic:
    """The area under the ROC curve: the chance that a positive scores above a negative, ties counting half.

    AUROC = Σ over distinct scores s of p(s)·(n(<s) + n(s)/2), over P·N (Hanley & McNeil 1982): p and n are the numbers
    of positives and negatives with a score, P and N all of them. Undefined where there are none of either.

    Args:
        scores: A score for each, shape (n,); infinities are allowed, NaN is not.
        positive: Whether each is a positive, shape (n,).
    """
    values, is_positive = np.asarray(scores, dtype=float), np.asarray(positive, dtype=bool)
    order = np.argsort(values, kind="stable")
    starts = np.unique(values[order], return_index=True)[1]
    positives = is_positive[order].astype(float)

    def statistic(counts: Floats) -> Floats:
        drawn = counts[:, order]
        drawn_positive = np.add.reduceat(drawn * positives, starts, axis=1)
        drawn_negative = np.add.reduceat(drawn * (1 - positives), starts, axis=1)
        below = np.cumsum(drawn_negative, axis=1) - drawn_negative / 2
        wins: Floats = (drawn_positive * below).sum(axis=1)
        return divide(wins, drawn_positive.sum(axis=1) * drawn_negative.sum(axis=1))

    return statistic


def risk_coverage(confidence: ArrayLike, right: ArrayLike, answered: ArrayLike) -> tuple[Floats, Floats]:
    """The risk-coverage curve (El-Yaniv & Wiener 2010): only the surest k answers are given, for every k.

    Args:
        confidence: Of each question, shape (n,).
        right: Whether its answer is right.
        answered: Whether it was answered; what was refused is given in no case.

    Returns:
        Coverage (k / n) and risk (wrong among them / k), each of shape (answered,). Ties keep their order.
    """
    given = np.asarray(answered, dtype=bool)
    order = np.argsort(-np.asarray(confidence, dtype=float)[given], kind="stable")
    wrong = ~np.asarray(right, dtype=bool)[given][order]
    k = np.arange(1, order.size + 1)
    return k / max(given.size, 1), np.cumsum(wrong) / k


def aurc(confidence: ArrayLike, right: ArrayLike, answered: ArrayLike) -> Statistic:
    """AURC = the mean risk over k (see `risk_coverage`): 0 if all answers are right (Geifman & El-Yaniv 2017)."""
    return _of_curve(confidence, right, answered, lambda drawn, risk, _: divide((drawn * risk).sum(1), drawn.sum(1)))


def coverage_at(accuracy: float, confidence: ArrayLike, right: ArrayLike, answered: ArrayLike) -> Statistic:
    """coverage@95 = the largest coverage at which the share right is at least `accuracy` (0 to 1); 0 if none is."""

    def furthest(drawn: Floats, risk: Floats, total: Floats) -> Floats:
        enough = (1 - risk >= accuracy - 1e-12) & (drawn > 0)
        return divide(np.where(enough, np.cumsum(drawn, axis=1), 0.0).max(axis=1), total)

    return _of_curve(confidence, right, answered, furthest)


def calibration_error(confidence: ArrayLike, right: ArrayLike, answered: ArrayLike) -> Statistic:
    """ECE = Σ over bins of |Σ in it (confidence - right)| / n: over the answers, ten bins of equal width.

    Expected calibration error (Naeini et al. 2015; Guo et al. 2017).
    """
    given = np.asarray(answered, dtype=bool)
    sure = np.where(given, np.asarray(confidence, dtype=float), 0.0)
    gaps = np.where(given, sure - np.asarray(right, dtype=float), 0.0)
    in_bin = bins(sure)[:, None] == np.arange(_BINS)

    def statistic(counts: Floats) -> Floats:
        return divide(np.abs(counts @ (in_bin * gaps[:, None])).sum(axis=1), counts @ given.astype(float))

    return statistic


def bins(confidence: Floats) -> NDArray[np.intp]:
    """Which of ten bins of equal width each confidence, 0 to 1, falls into; 1 falls into the last."""
    return np.clip((confidence * _BINS).astype(np.intp), 0, _BINS - 1)


def _of_curve(confidence: ArrayLike, right: ArrayLike, answered: ArrayLike, measure: _Measure) -> Statistic:
    given = np.flatnonzero(np.asarray(answered, dtype=bool))
    order = given[np.argsort(-np.asarray(confidence, dtype=float)[given], kind="stable")]
    wrong = 1.0 - np.asarray(right, dtype=float)[order]

    def statistic(counts: Floats) -> Floats:
        drawn = counts[:, order]
        risk = divide(np.cumsum(drawn * wrong, axis=1), np.cumsum(drawn, axis=1))
        return measure(drawn, np.nan_to_num(risk), counts.sum(axis=1))

    return statistic
