"""Confidence intervals by resampling questions: the percentile bootstrap (Efron & Tibshirani 1993, chapter 13).

The questions are drawn with replacement, as many as there are; each statistic is computed on every such resample; the
2.5th and 97.5th percentiles of its values are the 95% interval. All statistics share the same resamples. A resample
holding nothing eligible (no abstention, one class only) is left out of that statistic's percentiles.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 1000
SEED = 20250509
LEVEL = 0.95

_CHUNK_CELLS = 4_000_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Resamples:
    """A batch of resamples of n questions.

    Attributes:
        indices: The questions drawn, shape (batch, n).
        counts: How often each question was drawn, shape (batch, n).
    """

    indices: NDArray[np.intp]
    counts: Floats


Statistic = Callable[[Resamples], Floats]
"""Gives a statistic's value on each resample of a batch, shape (batch,); NaN where it is undefined."""


def ratio(values: ArrayLike) -> Statistic:
    """The mean over the eligible questions, as a ratio of two sums that both vary with the resample.

    Args:
        values: A value for each question, shape (n,); NaN where the question is not eligible.
    """
    numbers = np.asarray(values, dtype=float)
    eligible = ~np.isnan(numbers)
    numerators = np.where(eligible, numbers, 0.0)

    def statistic(resamples: Resamples) -> Floats:
        sums: Floats = resamples.counts @ numerators
        return _divide(sums, resamples.counts @ eligible.astype(float))

    return statistic


def auroc(scores: ArrayLike, positive: ArrayLike) -> Statistic:
    """The area under the ROC curve (see `eval.metrics.auroc`), with the counts as weights.

    Σ over distinct scores s of p(s)·(n(<s) + n(s)/2), divided by P·N: p and n are the numbers of positives and
    negatives drawn.
    """
    values, is_positive = np.asarray(scores, dtype=float), np.asarray(positive, dtype=bool)
    order = np.argsort(values, kind="stable")
    starts = np.unique(values[order], return_index=True)[1]
    positives = is_positive[order].astype(float)

    def statistic(resamples: Resamples) -> Floats:
        counts = resamples.counts[:, order]
        drawn_positive = np.add.reduceat(counts * positives, starts, axis=1)
        drawn_negative = np.add.reduceat(counts * (1 - positives), starts, axis=1)
        below = np.cumsum(drawn_negative, axis=1) - drawn_negative / 2
        wins: Floats = (drawn_positive * below).sum(axis=1)
        return _divide(wins, drawn_positive.sum(axis=1) * drawn_negative.sum(axis=1))

    return statistic


def percentile(values: ArrayLike, q: float) -> Statistic:
    """The q-th percentile (0 to 100) of values that every question has, shape (n,)."""
    numbers = np.asarray(values, dtype=float)

    def statistic(resamples: Resamples) -> Floats:
        return np.asarray(np.percentile(numbers[resamples.indices], q, axis=1), dtype=float)

    return statistic


def intervals(
    n: int, statistics: Mapping[str, Statistic], *, resamples: int = RESAMPLES, seed: int = SEED, level: float = LEVEL
) -> dict[str, tuple[float, float] | None]:
    """Compute the bootstrap interval of each statistic.

    Args:
        n: How many questions there are.
        statistics: What to compute, by name.
        resamples: How many resamples to draw.
        seed: Seed of the draws: the same seed and n give the same intervals.
        level: The coverage wanted, 0 to 1.

    Returns:
        By name, the lower and upper bound; None where no resample defines the statistic.
    """
    if n == 0:
        return dict.fromkeys(statistics)
    generator = np.random.default_rng(seed)
    batch = max(1, min(resamples, _CHUNK_CELLS // n))
    found: dict[str, list[Floats]] = {name: [] for name in statistics}
    for first in range(0, resamples, batch):
        drawn = _draw(generator, n, min(batch, resamples - first))
        for name, statistic in statistics.items():
            found[name].append(statistic(drawn))
    return {name: _bounds(np.concatenate(values), level) for name, values in found.items()}


def _draw(generator: np.random.Generator, n: int, batch: int) -> Resamples:
    indices = generator.integers(0, n, size=(batch, n), dtype=np.intp)
    cells = indices + np.arange(batch, dtype=np.intp)[:, None] * n
    counts = np.bincount(cells.ravel(), minlength=batch * n).reshape(batch, n).astype(float)
    return Resamples(indices, counts)


def _bounds(values: Floats, level: float) -> tuple[float, float] | None:
    defined = values[~np.isnan(values)]
    if not defined.size:
        return None
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(defined, [tail, 100 - tail])
    return float(low), float(high)


def _divide(sums: Floats, totals: Floats) -> Floats:
    return np.divide(sums, totals, out=np.full_like(sums, np.nan), where=totals > 0)
