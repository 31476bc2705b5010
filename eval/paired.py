"""Two runs on the same questions, compared question by question."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from eval.bootstrap import SEED, Statistic, difference, intervals, numbered, ratio

_FLIPS = 10_000
_EXACT = 12  # clusters: all their 4,096 signs are tried


@dataclass(frozen=True)
class Run:
    """A statistic on one run: how to compute it, and its value for each question, if it is a mean of such."""

    statistic: Statistic
    values: Sequence[float | None] | None = None


@dataclass(frozen=True)
class Paired:
    """How a metric differs between two runs on the same questions.

    Attributes:
        difference: The later run's less the earlier's; None where one of them has none.
        low: Lower bound of its 95% interval (BCa, articles drawn with all their questions).
        high: Upper bound.
        p: The chance of a difference this large if it made none, by `sign_flip`; None where that is not defined.
        p_holm: The same, for as many metrics as were compared, by `holm`.
    """

    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None


def of_means(values: Sequence[float | None]) -> Run:
    """A metric that is the mean over its eligible questions; None is not eligible."""
    return Run(ratio([np.nan if value is None else value for value in values]), values)


def compare(clusters: Sequence[Hashable], runs: Mapping[str, tuple[Run, Run]]) -> dict[str, Paired]:
    """Compare two runs in every metric.

    Args:
        clusters: What each question is about.
        runs: By metric, the earlier run and the later one.
    """
    everything = np.ones((1, len(clusters)))
    statistics = {name: difference(now.statistic, before.statistic) for name, (before, now) in runs.items()}
    bounds = intervals(clusters, statistics)
    chances = {name: chance for name, pair in runs.items() if (chance := _chance(clusters, *pair)) is not None}
    adjusted = holm(chances)
    found = {}
    for name, statistic in statistics.items():
        observed = float(statistic(everything)[0]) if clusters else np.nan
        low, high = bounds[name] or (None, None)
        found[name] = (
            Paired(None, None, None, None, None)
            if np.isnan(observed)
            else Paired(observed, low, high, chances.get(name), adjusted.get(name))
        )
    return found


def _chance(clusters: Sequence[Hashable], before: Run, now: Run) -> float | None:
    if before.values is None or now.values is None:
        return None
    pairs = list(zip(before.values, now.values, strict=True))
    if any((a is None) != (b is None) for a, b in pairs):
        return None  # its eligible questions differ: it is no mean of differences
    differences = [0.0 if a is None or b is None else b - a for a, b in pairs]
    return sign_flip(differences, clusters) if any(value is not None for value in now.values) else None


def sign_flip(differences: ArrayLike, clusters: Sequence[Hashable], seed: int = SEED) -> float:
    """The p-value of a mean difference, both sides, by flipping signs (Fisher 1935; Good 2005, section 3.2).

    If the change made no difference, either run could have been the earlier one: the differences of an article's
    questions may have the other sign, all together. p is the share of such signs whose sum is at least as far from 0:
    of all of them, or, above 12 articles, (1 + how many) / (1 + 10,000) of random ones.

    Args:
        differences: The later run's value less the earlier's for each question, shape (n,).
        clusters: What each question is about.
        seed: Seed of the random signs.
    """
    sums = np.bincount(numbered(clusters), weights=np.asarray(differences, dtype=float))
    sums = sums[sums != 0]
    observed = abs(float(sums.sum())) - 1e-12
    if sums.size <= _EXACT:
        signs = np.array(list(product((-1.0, 1.0), repeat=sums.size)))
        return float((np.abs(signs @ sums) >= observed).mean())
    drawn = np.random.default_rng(seed).integers(0, 2, size=(_FLIPS, sums.size)) * 2.0 - 1
    return float((1 + (np.abs(drawn @ sums) >= observed).sum()) / (1 + _FLIPS))


def holm(chances: Mapping[str, float]) -> dict[str, float]:
    """The p-values for as many tests as there are (Holm 1979).

    In ascending order, the i-th of m is the largest of (m - j + 1) p(j) over all j up to i, 1 at most.
    """
    adjusted, highest = {}, 0.0
    for place, (name, chance) in enumerate(sorted(chances.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, (len(chances) - place) * chance))
        adjusted[name] = highest
    return adjusted
