"""The metrics of knowing what is not known: by hand, and as public libraries have them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

from eval.bootstrap import Statistic, value
from eval.metrics.abstention import aurc, auroc, bins, calibration_error, coverage_at, crag, risk_coverage

SURE = [0.9, 0.8, 0.7, 0.6]
RIGHT = [True, True, False, True]
ALL = [True] * 4


def test_crag() -> None:
    assert [crag(True, False), crag(False, True), crag(False, False)] == [1, 0, -1]


def test_auroc_by_hand() -> None:
    # positives 0.9, 0.5; negatives 0.5, 0.1: wins 1 + 1 + 0.5 + 1 of 4
    assert value(auroc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]), 4) == 3.5 / 4
    assert value(auroc([0.0, 0.0, 0.0], [True, False, False]), 3) == 0.5
    assert value(auroc([-math.inf, 0.2], [True, False]), 2) == 0
    assert value(auroc([0.1, 0.2], [True, True]), 2) is None


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=60))
def test_auroc_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, positive = [score / 6 for score, _ in rows], [is_positive for _, is_positive in rows]
    area = value(auroc(scores, positive), len(rows))
    if area is None:
        assert len(set(positive)) == 1
    else:
        assert area == pytest.approx(roc_auc_score(positive, scores))


def test_the_curve_by_hand() -> None:
    coverage, risk = risk_coverage(SURE, RIGHT, ALL)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3, 1 / 4])
    coverage, risk = risk_coverage(SURE, RIGHT, [True, False, True, False])
    assert coverage.tolist() == [0.25, 0.5]
    assert risk.tolist() == [0, 0.5]


def test_its_area_by_hand() -> None:
    assert value(aurc(SURE, RIGHT, ALL), 4) == pytest.approx((0 + 0 + 1 / 3 + 1 / 4) / 4)
    assert value(aurc(SURE, ALL, ALL), 4) == 0
    assert value(aurc(SURE, RIGHT, [False] * 4), 4) is None


def test_coverage_at_an_accuracy_by_hand() -> None:
    assert value(coverage_at(0.95, SURE, RIGHT, ALL), 4) == 2 / 4
    assert value(coverage_at(0.75, SURE, RIGHT, ALL), 4) == 1
    assert value(coverage_at(0.95, SURE, [False] * 4, ALL), 4) == 0


def test_calibration_error_by_hand() -> None:
    # the bin of 0.9 has 0.9 - 1, that of 0.8 has 0.8 - 1, 0.7 has 0.7 - 0, 0.6 has 0.6 - 1: (0.1 + 0.2 + 0.7 + 0.4) / 4
    assert value(calibration_error([0.95, 0.85, 0.75, 0.65], RIGHT, ALL), 4) == pytest.approx(
        (0.05 + 0.15 + 0.75 + 0.35) / 4
    )
    assert value(calibration_error([0.55, 0.55], [True, False], [True, True]), 2) == pytest.approx(0.05)


def test_calibration_error_is_of_the_bins_of_scikit_learn() -> None:
    generator = np.random.default_rng(5)
    sure = generator.random(400)
    right = generator.random(400) < sure**2
    shares, means = calibration_curve(right, sure, n_bins=10)
    weights = np.bincount(bins(sure), minlength=10) / 400
    assert value(calibration_error(sure, right, [True] * 400), 400) == pytest.approx(
        float((weights * np.abs(shares - means)).sum())
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.booleans(), st.integers(0, 3)), min_size=1, max_size=25))
def test_on_a_resample_it_is_that_of_the_drawn(rows: list[tuple[float, bool, bool, int]]) -> None:
    counts = np.array([[count for *_, count in rows]], dtype=float)
    drawn = [row for row in sorted(rows, key=lambda row: -row[0]) for _ in range(row[3])]
    sure, right, answered, _ = zip(*drawn, strict=True) if drawn else ((), (), (), ())
    if not any(answered) or not any(row[2] for row in rows):
        return
    statistics: tuple[tuple[Statistic, Statistic], ...] = (
        (coverage_at(0.8, *columns(rows)), coverage_at(0.8, sure, right, answered)),
        (calibration_error(*columns(rows)), calibration_error(sure, right, answered)),
    )
    if len(set(sure)) == len(drawn):  # without ties: else which copy comes first matters
        statistics += ((aurc(*columns(rows)), aurc(sure, right, answered)),)
    for resampled, own in statistics[1:]:
        assert float(resampled(counts)[0]) == pytest.approx(value(own, len(drawn)))


def columns(rows: list[tuple[float, bool, bool, int]]) -> tuple[list[float], list[bool], list[bool]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
