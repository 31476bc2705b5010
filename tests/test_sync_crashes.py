from pathlib import Path

from eval.benchmarks.sync_crashes import trial


def test_a_sync_that_is_killed_loses_nothing_and_the_next_one_finishes_it(tmp_path: Path) -> None:
    found = trial(tmp_path, 3, seed=3, files=30, changes=12)
    assert (found.lost, found.unexpected, found.broken, found.equal) == (0, 0, [], True)
