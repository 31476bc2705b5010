"""From the scores of many questions to figures with intervals."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from eval import bootstrap
from eval.bootstrap import Statistic
from eval.metrics.abstention import aurc, auroc, calibration_error, coverage_at
from eval.metrics.names import NAMES, RATES
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
"""An estimate for each of `eval.metrics.names.NAMES`, in that order."""


@dataclass(frozen=True)
class Confidence:
    """What the metrics of all questions at once are computed from.

    Attributes:
        answerable: Whether the articles answer it.
        answered: Whether an answer was given.
        right: Whether that answer is jointly right.
        confidence: How sure it was; NaN after an error.
    """

    answerable: bool
    answered: bool
    right: bool
    confidence: float


def at_once(questions: Sequence[Confidence]) -> dict[str, tuple[Statistic, int]]:
    """The metrics of abstention that do not follow from single questions, and how many are eligible for each.

    `abstain_auroc` takes the confidence as the score and answerable questions as the positives, and is undefined
    without both sorts; an error has the worst score possible, so that it counts as wrong. The others are of
    the answers.
    """
    found: dict[str, tuple[Statistic, int]] = {}
    answerable = [item.answerable for item in questions]
    if len(set(answerable)) == 2:
        found["abstain_auroc"] = auroc([_rank(item) for item in questions], answerable), len(questions)
    answered = [item.answered for item in questions]
    if any(answered):
        sure = np.nan_to_num([item.confidence for item in questions])
        right = [item.right for item in questions]
        found["aurc"] = aurc(sure, right, answered), sum(answered)
        found["coverage@95"] = coverage_at(0.95, sure, right, answered), len(questions)
        found["ece"] = calibration_error(np.clip(sure, 0, 1), right, answered), sum(answered)
    return found


def scorecard(
    scores: Sequence[Scores], about: Sequence[Hashable] | None = None, *, resamples: int = bootstrap.RESAMPLES
) -> Scorecard:
    """Compute every metric over its eligible questions, with intervals: Wilson's for rates, else by bootstrap.

    Latency is over every question asked, errors included.

    Args:
        scores: Of each question.
        about: What each question is about; without it, each about something else.
        resamples: How many resamples to draw.
    """
    about = range(len(scores)) if about is None else about
    statistics: dict[str, tuple[Statistic, int]] = {}
    rates: dict[str, tuple[float, float] | None] = {}
    for name in NAMES:
        of_questions = [item.values.get(name) for item in scores]
        known = [(value, topic) for value, topic in zip(of_questions, about, strict=True) if value is not None]
        if not known:
            continue
        numbers = [math.nan if value is None else value for value in of_questions]
        statistics[name] = bootstrap.ratio(numbers), len(known)
        if name in RATES:
            rates[name] = wilson([value for value, _ in known], [topic for _, topic in known])
    statistics |= at_once([_confidence(item) for item in scores])
    times = [item.latency_ms for item in scores if item.latency_ms is not None]
    if times and len(times) == len(scores):
        statistics["latency_p50_ms"] = bootstrap.percentile(times, 50), len(times)
        statistics["latency_p95_ms"] = bootstrap.percentile(times, 95), len(times)

    resampled = {name: statistic for name, (statistic, _) in statistics.items() if name not in rates}
    found = bootstrap.intervals(about, resampled, resamples=resamples) | rates
    return {
        name: _estimate(bootstrap.value(statistics[name][0], len(scores)), found.get(name), statistics[name][1])
        if name in statistics
        else NOTHING
        for name in NAMES
    }


def _confidence(scores: Scores) -> Confidence:
    answered = not scores.abstained and not scores.failed
    return Confidence(scores.answerable, answered, scores.values.get("joint") == 1, scores.confidence)


def _rank(item: Confidence) -> float:
    if math.isnan(item.confidence):
        return -math.inf if item.answerable else math.inf
    return item.confidence


def _estimate(value: float | None, interval: tuple[float, float] | None, n: int) -> Estimate:
    if value is None:
        return NOTHING
    low, high = interval or (value, value)
    return Estimate(round(value, 6), round(low, 6), round(high, 6), n)
