"""Two runs compared question by question."""

import numpy as np
import pytest
from scipy import stats

from eval.metrics.abstention import auroc
from eval.paired import Paired, Run, compare, holm, of_means, sign_flip


def test_signs_by_hand() -> None:
    assert sign_flip([1, 1, 1], "abc") == 2 / 8
    assert sign_flip([1, 1, -1], "abc") == 1
    assert sign_flip([0, 0, 0], "abc") == 1
    assert sign_flip([1, 1, 1], "aab") == 2 / 4, "an article's questions turn together"


@pytest.mark.parametrize("n", [10, 60])
def test_signs_as_scipy_flips_them(n: int) -> None:
    differences = np.random.default_rng(4).normal(0.25, 1, size=n)
    theirs = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=20_000, rng=1
    ).pvalue
    assert sign_flip(differences, range(n)) == pytest.approx(theirs, abs=0.01)


def test_holm_by_hand() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == pytest.approx(
        {"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06}
    )
    assert holm({"a": 0.9, "b": 0.8}) == {"b": 1.0, "a": 1.0}
    assert holm({}) == {}


def test_a_clear_loss_lies_below_nought() -> None:
    before, now = [1.0] * 40, [1.0] * 25 + [0.0] * 15
    found = compare(range(40), {"joint": (of_means(before), of_means(now))})["joint"]
    assert found.difference == -15 / 40
    assert found.high is not None
    assert found.high < 0
    assert found.p is not None
    assert found.p < 0.001


def test_the_same_and_what_is_not_defined() -> None:
    same = of_means([1.0, 0.0, None, 0.5])
    assert compare(range(4), {"f1": (same, same)})["f1"] == Paired(0.0, 0.0, 0.0, 1.0, 1.0)
    nothing = of_means([None, None])
    assert compare(range(2), {"em": (nothing, nothing)})["em"] == Paired(None, None, None, None, None)


def test_no_p_where_the_eligible_questions_differ_but_an_interval() -> None:
    before, now = of_means([1.0, None, 0.0, 1.0]), of_means([1.0, 0.0, 0.0, 1.0])
    found = compare(range(4), {"abstain_precision": (before, now)})["abstain_precision"]
    assert found.difference == pytest.approx(0.5 - 2 / 3)
    assert (found.low is None, found.p) == (False, None)


def test_areas_are_compared_on_the_same_resamples() -> None:
    positive = np.arange(100) % 2 == 0
    scores = np.random.default_rng(2).random(100) + positive
    run = Run(auroc(scores, positive))
    assert compare(range(100), {"auroc": (run, run)})["auroc"] == Paired(0.0, 0.0, 0.0, None, None)
    worse = Run(auroc(-scores, positive))
    assert (compare(range(100), {"auroc": (run, worse)})["auroc"].high or 0) < -0.5
