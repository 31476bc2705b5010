"""Requests made from the API's description; the whole of it is `python -m eval.benchmarks.api_cases`."""

from pathlib import Path

from eval.benchmarks.api_cases import counted, run, served


def test_answers_are_as_described(tmp_path: Path) -> None:
    with served(tmp_path / "library") as (url, secret):
        assert run(10, tmp_path / "report.json", url=url, secret=secret, phases="examples,fuzzing") == 0
    cases = counted(tmp_path / "report.json")["test_cases"]
    assert cases["generated"] >= 100
    assert cases["with_failures"] == cases["errored"] == 0
