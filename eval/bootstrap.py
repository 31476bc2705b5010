"""Confidence intervals by resampling articles: the BCa bootstrap (Efron 1987; Efron & Tibshirani 1993, chapter 14).

Questions about one article come out alike, so articles are drawn with replacement, as many as there are, each with all
its questions (a cluster bootstrap: Davison & Hinkley 1997, section 3.8). Each statistic is computed on every such
resample; its interval is between two percentiles of these values, α₁ and α₂, that correct for bias and skew:

    αᵢ = Φ(z₀ + (z₀ + zᵢ) / (1 - a (z₀ + zᵢ)))

z₀ is the normal quantile of the share of values below the observed one (half of those equal to it), a the sum of cubes
of the jackknife's deviations over six times the 3/2 power of their sum of squares, leaving out an article at a time.
All statistics share the same resamples; one that does not define a statistic (one class only) is left out of it.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

RESAMPLES = 2000
SEED = 20250509
LEVEL = 0.95

_CHUNK_CELLS = 4_000_000

Floats = NDArray[np.float64]

Statistic = Callable[[Floats], Floats]
"""From how often each question was drawn, shape (batch, n), to a value for each resample, shape (batch,); NaN where it
is undefined."""


def ratio(values: ArrayLike) -> Statistic:
    """The mean over the eligible questions, as a ratio of two sums that both vary with the resample.

    Args:
        values: A value for each question, shape (n,); NaN where the question is not eligible.
    """
    numbers = np.asarray(values, dtype=float)
    eligible = ~np.isnan(numbers)
    numerators = np.where(eligible, numbers, 0.0)

    def statistic(counts: Floats) -> Floats:
        return divide(counts @ numerators, counts @ eligible.astype(float))

    return statistic


def percentile(values: ArrayLike, q: float) -> Statistic:
    """The q-th percentile (0 to 100) of values that every question has, shape (n,), as `numpy.percentile` has it."""
    numbers = np.asarray(values, dtype=float)
    order = np.argsort(numbers, kind="stable")

    def statistic(counts: Floats) -> Floats:
        reached = np.cumsum(counts[:, order], axis=1)
        place = (reached[:, -1] - 1) * q / 100
        low, high = (numbers[order][(reached > np.floor(p)[:, None]).argmax(axis=1)] for p in (place, np.ceil(place)))
        found: Floats = low + (high - low) * (place - np.floor(place))
        return found

    return statistic


def value(statistic: Statistic, n: int) -> float | None:
    """A statistic's value on n questions as they are; None where it is undefined."""
    found = float(statistic(np.ones((1, n)))[0]) if n else np.nan
    return None if np.isnan(found) else found


def difference(now: Statistic, before: Statistic) -> Statistic:
    """How much one statistic is above another on the same resample."""
    return lambda counts: now(counts) - before(counts)


def intervals(
    clusters: Sequence[Hashable],
    statistics: Mapping[str, Statistic],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    level: float = LEVEL,
) -> dict[str, tuple[float, float] | None]:
    """Compute the bootstrap interval of each statistic.

    Args:
        clusters: What each question is about; those that are about the same are drawn together.
        statistics: What to compute, by name.
        resamples: How many resamples to draw.
        seed: Seed of the draws: the same seed and clusters give the same intervals.
        level: The coverage wanted, 0 to 1.

    Returns:
        By name, the lower and upper bound; None where no resample defines the statistic.
    """
    if not clusters:
        return dict.fromkeys(statistics)
    codes = numbered(clusters)
    drawn = _on_all(_drawn(codes, resamples, seed), statistics)
    without_one = _on_all(_without_one(codes), statistics)
    observed = _on_all([np.ones((1, len(codes)))], statistics)
    return {name: _bounds(drawn[name], float(observed[name][0]), without_one[name], level) for name in statistics}


def numbered(clusters: Sequence[Hashable]) -> NDArray[np.intp]:
    """Number the clusters from 0 in the order of their first question; shape (n,)."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(cluster, len(numbers)) for cluster in clusters], dtype=np.intp)


def _on_all(batches: "Iterator[Floats] | list[Floats]", statistics: Mapping[str, Statistic]) -> dict[str, Floats]:
    found: dict[str, list[Floats]] = {name: [] for name in statistics}
    for counts in batches:
        for name, statistic in statistics.items():
            found[name].append(statistic(counts))
    return {name: np.concatenate(values) for name, values in found.items()}


def _drawn(codes: NDArray[np.intp], resamples: int, seed: int) -> Iterator[Floats]:
    generator = np.random.default_rng(seed)
    many = int(codes.max()) + 1
    batch = max(1, min(resamples, _CHUNK_CELLS // len(codes)))
    for first in range(0, resamples, batch):
        rows = min(batch, resamples - first)
        cells = generator.integers(0, many, size=(rows, many)) + np.arange(rows)[:, None] * many
        counts = np.bincount(cells.ravel(), minlength=rows * many).reshape(rows, many)
        yield counts[:, codes].astype(float)


def _without_one(codes: NDArray[np.intp]) -> Iterator[Floats]:
    many = int(codes.max()) + 1
    batch = max(1, _CHUNK_CELLS // len(codes))
    for first in range(0, many, batch):
        yield (codes[None, :] != np.arange(first, min(first + batch, many))[:, None]).astype(float)


def _bounds(values: Floats, observed: float, without_one: Floats, level: float) -> tuple[float, float] | None:
    defined = values[~np.isnan(values)]
    if not defined.size:
        return None
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    bias = ndtri(((defined < observed).mean() + (defined <= observed).mean()) / 2)
    if np.isfinite(bias):
        shifted = bias + ndtri(tails)
        tails = ndtr(bias + shifted / (1 - _acceleration(without_one) * shifted))
    low, high = np.percentile(defined, 100 * tails)
    return min(float(low), observed), max(float(high), observed)  # calibration error is larger on every resample


def _acceleration(without_one: Floats) -> float:
    defined = without_one[~np.isnan(without_one)]
    if not defined.size:
        return 0.0
    deviations = defined.mean() - defined
    squares = float((deviations**2).sum())
    return float((deviations**3).sum()) / (6 * squares**1.5) if squares > 1e-24 else 0.0


def divide(sums: Floats, totals: Floats) -> Floats:
    """Divide, NaN where the total is not above 0."""
    return np.divide(sums, totals, out=np.full_like(sums, np.nan), where=totals > 0)
