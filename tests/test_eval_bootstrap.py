"""The bootstrap: the statistics equal the metrics, the intervals cover, and are the same every time."""

import time

import numpy as np
import pytest
from scipy import stats

from eval import bootstrap
from eval.bootstrap import intervals
from eval.metrics.abstention import auroc

EVERYTHING = np.ones((1, 200))


def test_each_statistic_on_the_sample_itself_is_the_metric() -> None:
    generator = np.random.default_rng(7)
    values, positive = np.round(generator.random(200), 1), generator.random(200) < 0.4
    assert bootstrap.ratio(values)(EVERYTHING)[0] == pytest.approx(values.mean())
    assert bootstrap.percentile(values, 95)(EVERYTHING)[0] == pytest.approx(np.percentile(values, 95))
    some = np.where(positive, values, np.nan)
    assert bootstrap.ratio(some)(EVERYTHING)[0] == pytest.approx(values[positive].mean())


def test_each_statistic_on_a_resample_is_the_metric_of_the_drawn() -> None:
    values, positive = np.array([0.1, 0.5, 0.5, 0.9]), np.array([False, True, False, True])
    drawn = np.array([1, 1, 2, 0])
    counts = np.bincount(drawn, minlength=4)[None, :].astype(float)
    assert bootstrap.ratio(values)(counts)[0] == pytest.approx(values[drawn].mean())
    assert auroc(values, positive)(counts)[0] == bootstrap.value(auroc(values[drawn], positive[drawn]), 4)
    assert bootstrap.percentile(values, 40)(counts)[0] == pytest.approx(np.percentile(values[drawn], 40))
    halved = bootstrap.difference(bootstrap.ratio(values), bootstrap.ratio(values / 2))
    assert halved(counts)[0] == pytest.approx(values[drawn].mean() / 2)


def test_a_statistic_without_anything_eligible_is_undefined() -> None:
    nothing = {"mean": bootstrap.ratio([np.nan, np.nan]), "area": auroc([0.1, 0.2], [True, True])}
    assert intervals([1, 2], nothing) == {"mean": None, "area": None}
    assert intervals([], {"mean": bootstrap.ratio([])}) == {"mean": None}


def test_resamples_without_anything_eligible_are_left_out() -> None:
    interval = intervals(range(3), {"mean": bootstrap.ratio([1.0, np.nan, np.nan])})["mean"]
    assert interval == (1.0, 1.0)


def test_all_the_same_has_no_width() -> None:
    assert intervals(range(50), {"mean": bootstrap.ratio(np.ones(50))})["mean"] == (1.0, 1.0)
    assert intervals(range(50), {"mean": bootstrap.ratio(np.zeros(50))})["mean"] == (0.0, 0.0)


def test_the_same_every_time_and_another_with_another_seed() -> None:
    statistics = {"mean": bootstrap.ratio(np.arange(40) / 40)}
    assert intervals(range(40), statistics) == intervals(range(40), statistics)
    assert intervals(range(40), statistics) != intervals(range(40), statistics, seed=1)


def test_batches_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    statistics = {"mean": bootstrap.ratio(np.arange(40) / 40), "p95": bootstrap.percentile(np.arange(40), 95)}
    whole = intervals(range(40), statistics)
    monkeypatch.setattr(bootstrap, "_CHUNK_CELLS", 40 * 7)
    again = intervals(range(40), statistics)
    assert {name: pytest.approx(interval) for name, interval in again.items()} == whole


def test_close_to_the_normal_interval_for_a_share() -> None:
    values = np.array([1.0] * 80 + [0.0] * 20)
    low, high = intervals(range(100), {"mean": bootstrap.ratio(values)})["mean"] or (0, 0)
    half = 1.96 * (0.8 * 0.2 / 100) ** 0.5
    assert low == pytest.approx(0.8 - half, abs=0.02)
    assert high == pytest.approx(0.8 + half, abs=0.02)


def test_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(3)
    covered = 0
    for trial in range(200):
        values = (generator.random(100) < 0.7).astype(float)
        low, high = intervals(range(100), {"mean": bootstrap.ratio(values)}, resamples=400, seed=trial)["mean"] or (
            0,
            0,
        )
        covered += low <= 0.7 <= high
    assert 0.89 <= covered / 200 <= 0.99


def test_quick_enough_for_every_kind() -> None:
    generator = np.random.default_rng(5)
    values = generator.random(450)
    statistics = {f"mean {i}": bootstrap.ratio(values) for i in range(13)}
    statistics |= {"area": auroc(values, values > 0.3), "p50": bootstrap.percentile(values, 50)}
    started = time.process_time()
    intervals(range(450), statistics)
    assert time.process_time() - started < 3


def test_the_interval_is_that_of_scipy() -> None:
    values = np.random.default_rng(11).exponential(size=60)
    theirs = stats.bootstrap((values,), np.mean, method="BCa", n_resamples=20_000, rng=1).confidence_interval
    ours = intervals(range(60), {"mean": bootstrap.ratio(values)}, resamples=20_000)["mean"]
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.015)


def test_articles_are_drawn_with_all_their_questions() -> None:
    article = np.repeat(np.arange(20), 10)
    values = (article % 4 > 0).astype(float)  # alike within an article, so there are 20 observations and not 200
    alone = intervals(range(200), {"mean": bootstrap.ratio(values)})["mean"] or (0, 0)
    together = intervals([f"article {a}" for a in article], {"mean": bootstrap.ratio(values)})["mean"] or (0, 0)
    theirs = stats.bootstrap((values[::10],), np.mean, method="BCa", n_resamples=20_000, rng=1).confidence_interval
    assert together[1] - together[0] > 2.5 * (alone[1] - alone[0])
    assert together == pytest.approx((theirs.low, theirs.high), abs=0.06)
