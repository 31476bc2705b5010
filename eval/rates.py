"""Intervals of rates, whose values are 0 or 1: Wilson's, for questions that are not independent."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from eval.bootstrap import LEVEL, numbered


def wilson(values: ArrayLike, clusters: Sequence[Hashable], level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a rate (Wilson 1927), with the effective number of questions.

        (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)

    n is the number of questions over their design effect (`design_effect`), as Korn & Graubard 1998 do for surveys. A
    rate of 0 or 1 has an interval too, which no bootstrap gives.

    Args:
        values: 0 or 1 for each eligible question, shape (n,), n at least 1.
        clusters: What each is about.
        level: The coverage wanted, 0 to 1.
    """
    numbers = np.asarray(values, dtype=float)
    rate, n = float(numbers.mean()), numbers.size / design_effect(numbers, clusters)
    z = float(ndtri((1 + level) / 2))
    middle, width = rate + z**2 / (2 * n), z * (rate * (1 - rate) / n + z**2 / (4 * n**2)) ** 0.5
    low, high = ((middle + side * width) / (1 + z**2 / n) for side in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


def design_effect(values: ArrayLike, clusters: Sequence[Hashable]) -> float:
    """How many times the variance of the mean is what it would be of independent questions; 1 at least (Kish 1965).

        m/(m-1) Σ over clusters (Σ in it (x - p))² / n²,  over  p(1-p)/(n-1)

    m is the number of clusters. 1 where the rate is 0 or 1, or all are of one cluster: nothing can be said then.
    """
    numbers, codes = np.asarray(values, dtype=float), numbered(clusters)
    n, many, rate = numbers.size, int(codes.max()) + 1, float(numbers.mean())
    if many < 2 or rate in (0.0, 1.0):
        return 1.0
    sums = np.bincount(codes, weights=numbers - rate)
    clustered = many / (many - 1) * float((sums**2).sum()) / n**2
    return max(1.0, clustered / (rate * (1 - rate) / (n - 1)))
