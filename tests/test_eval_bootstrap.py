"""The bootstrap: the statistics equal the metrics, the intervals cover, and are the same every time."""

import time

import numpy as np
import pytest

from eval import bootstrap, metrics
from eval.bootstrap import Resamples, intervals


def identity(n: int) -> Resamples:
    return Resamples(np.arange(n)[None, :], np.ones((1, n)))


def test_each_statistic_on_the_sample_itself_is_the_metric() -> None:
    generator = np.random.default_rng(7)
    values, positive = np.round(generator.random(200), 1), generator.random(200) < 0.4
    everything = identity(200)
    assert bootstrap.ratio(values)(everything)[0] == pytest.approx(metrics.mean(values))
    assert bootstrap.auroc(values, positive)(everything)[0] == pytest.approx(metrics.auroc(values, positive))
    assert bootstrap.percentile(values, 95)(everything)[0] == pytest.approx(metrics.percentile(values, 95))
    some = np.where(positive, values, np.nan)
    assert bootstrap.ratio(some)(everything)[0] == pytest.approx(metrics.mean(values[positive]))


def test_each_statistic_on_a_resample_is_the_metric_of_the_drawn() -> None:
    values, positive = np.array([0.1, 0.5, 0.5, 0.9]), np.array([False, True, False, True])
    drawn = np.array([1, 1, 2, 0])
    resample = Resamples(drawn[None, :], np.bincount(drawn, minlength=4)[None, :].astype(float))
    assert bootstrap.ratio(values)(resample)[0] == pytest.approx(values[drawn].mean())
    assert bootstrap.auroc(values, positive)(resample)[0] == metrics.auroc(values[drawn], positive[drawn])
    assert bootstrap.percentile(values, 50)(resample)[0] == np.median(values[drawn])


def test_a_statistic_without_anything_eligible_is_undefined() -> None:
    nothing = {"mean": bootstrap.ratio([np.nan, np.nan]), "area": bootstrap.auroc([0.1, 0.2], [True, True])}
    assert intervals(2, nothing) == {"mean": None, "area": None}
    assert intervals(0, {"mean": bootstrap.ratio([])}) == {"mean": None}


def test_resamples_without_anything_eligible_are_left_out() -> None:
    interval = intervals(3, {"mean": bootstrap.ratio([1.0, np.nan, np.nan])})["mean"]
    assert interval == (1.0, 1.0)


def test_all_the_same_has_no_width() -> None:
    assert intervals(50, {"mean": bootstrap.ratio(np.ones(50))})["mean"] == (1.0, 1.0)
    assert intervals(50, {"mean": bootstrap.ratio(np.zeros(50))})["mean"] == (0.0, 0.0)


def test_the_same_every_time_and_another_with_another_seed() -> None:
    statistics = {"mean": bootstrap.ratio(np.arange(40) / 40)}
    assert intervals(40, statistics) == intervals(40, statistics)
    assert intervals(40, statistics) != intervals(40, statistics, seed=1)


def test_batches_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    statistics = {"mean": bootstrap.ratio(np.arange(40) / 40), "p95": bootstrap.percentile(np.arange(40), 95)}
    whole = intervals(40, statistics)
    monkeypatch.setattr(bootstrap, "_CHUNK_CELLS", 40 * 7)
    assert intervals(40, statistics) == whole


def test_close_to_the_normal_interval_for_a_share() -> None:
    values = np.array([1.0] * 80 + [0.0] * 20)
    low, high = intervals(100, {"mean": bootstrap.ratio(values)})["mean"] or (0, 0)
    half = 1.96 * (0.8 * 0.2 / 100) ** 0.5
    assert low == pytest.approx(0.8 - half, abs=0.02)
    assert high == pytest.approx(0.8 + half, abs=0.02)


def test_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(3)
    covered = 0
    for trial in range(200):
        values = (generator.random(100) < 0.7).astype(float)
        low, high = intervals(100, {"mean": bootstrap.ratio(values)}, resamples=400, seed=trial)["mean"] or (0, 0)
        covered += low <= 0.7 <= high
    assert 0.89 <= covered / 200 <= 0.99


def test_quick_enough_for_every_kind() -> None:
    generator = np.random.default_rng(5)
    values = generator.random(450)
    statistics = {f"mean {i}": bootstrap.ratio(values) for i in range(13)}
    statistics |= {"area": bootstrap.auroc(values, values > 0.3), "p50": bootstrap.percentile(values, 50)}
    started = time.process_time()
    intervals(450, statistics)
    assert time.process_time() - started < 3
