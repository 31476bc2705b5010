"""From the scores of many questions to figures with intervals."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from eval import bootstrap, metrics
from eval.rates import wilson
from eval.scores import Scores


@dataclass(frozen=True)
class Estimate:
    """A metric's figure.

    Attributes:
        value: The figure; None where nothing is eligible.
        low: Lower bound of its 95% interval.
        high: Upper bound.
        n: How many questions are eligible.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


NOTHING = Estimate(None, None, None, 0)

Scorecard = dict[str, Estimate]
"""An estimate for each of `eval.metrics.NAMES`, in that order."""


def scorecard(
    scores: Sequence[Scores], about: Sequence[Hashable] | None = None, *, resamples: int = bootstrap.RESAMPLES
) -> Scorecard:
    """Compute every metric over its eligible questions, with intervals: Wilson's for rates, else by bootstrap.

    Args:
        scores: Of each question.
        about: What each question is about; without it, each about something else.
        resamples: How many resamples to draw.

    `abstain_auroc` takes the confidence as the score and answerable questions as the positives; it is undefined
    without both sorts. Latency is over every question asked, errors included.
    """
    values: dict[str, float | None] = {}
    eligible: dict[str, int] = {}
    statistics: dict[str, bootstrap.Statistic] = {}
    rates: dict[str, tuple[float, float] | None] = {}
    about = range(len(scores)) if about is None else about

    for name in metrics.NAMES:
        of_questions = [item.values.get(name) for item in scores]
        known = [(value, topic) for value, topic in zip(of_questions, about, strict=True) if value is not None]
        if not known:
            continue
        values[name], eligible[name] = metrics.mean([value for value, _ in known]), len(known)
        if name in metrics.RATES:
            rates[name] = wilson([value for value, _ in known], [topic for _, topic in known])
        else:
            statistics[name] = bootstrap.ratio([math.nan if value is None else value for value in of_questions])

    ranking, answerable = [item.ranking for item in scores], [item.answerable for item in scores]
    area = metrics.auroc(ranking, answerable)
    if area is not None:
        values["abstain_auroc"], eligible["abstain_auroc"] = area, len(scores)
        statistics["abstain_auroc"] = bootstrap.auroc(ranking, answerable)

    times = [item.latency_ms for item in scores if item.latency_ms is not None]
    if times and len(times) == len(scores):
        for name, q in (("latency_p50_ms", 50), ("latency_p95_ms", 95)):
            values[name], eligible[name] = metrics.percentile(times, q), len(times)
            statistics[name] = bootstrap.percentile(times, q)

    found = bootstrap.intervals(about, statistics, resamples=resamples) | rates
    return {name: _estimate(values.get(name), found.get(name), eligible.get(name, 0)) for name in metrics.NAMES}


def _estimate(value: float | None, interval: tuple[float, float] | None, n: int) -> Estimate:
    if value is None:
        return NOTHING
    low, high = interval or (value, value)
    return Estimate(round(value, 6), round(low, 6), round(high, 6), n)
