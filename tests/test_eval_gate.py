"""The gate: what passes, what fails, and which questions it names."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from eval.gate import compare, main
from eval.gold import GoldError
from eval.metrics import NAMES
from eval.outcomes import Outcome, Outcomes, read_baseline, read_report, write_baseline
from eval.scorecard import NOTHING, Estimate

GOOD = Outcome("Who met Baker?", ("Naqvi",), True, 1.0, False, "Naqvi", "")
BAD = replace(GOOD, right=False, joint=0.0, answer="Rubio", why="wrong answer")
REFUSED = replace(BAD, abstained=True, answer="The articles do not say.", why="refused")
FIGURES = {name: Estimate(0.8, 0.7, 0.9, 100) for name in NAMES} | {
    "citation_resolves": Estimate(1.0, 1.0, 1.0, 90),
    "error_rate": Estimate(0.0, 0.0, 0.0, 100),
    "false_refusal": Estimate(0.1, 0.05, 0.15, 80),
}
BASELINE = Outcomes(FIGURES, {"q1": GOOD, "q2": GOOD, "q3": BAD, "q4": GOOD})


def changed(**values: float | None) -> Outcomes:
    metrics = {name.replace("_at_", "@"): value for name, value in values.items()}
    figures = {
        name: NOTHING if value is None else replace(FIGURES[name], value=value) for name, value in metrics.items()
    }
    return Outcomes(FIGURES | figures, BASELINE.questions)


def failing(report: Outcomes, baseline: Outcomes = BASELINE) -> dict[str, str]:
    return {change.name: change.problem for change in compare(report, baseline).metrics if change.problem}


def test_the_same_passes() -> None:
    result = compare(BASELINE, BASELINE)
    assert result.passed
    assert result.changes == ()


def test_within_the_interval_passes_and_below_it_fails() -> None:
    assert failing(changed(joint=0.7, f1=1.0, mrr_at_10=0.71)) == {}
    assert failing(changed(joint=0.699)) == {"joint": "below 0.700"}
    assert not compare(changed(joint=0.699), BASELINE).passed


def test_errors_and_refusals_fail_above() -> None:
    assert failing(changed(error_rate=0.01)) == {"error_rate": "above 0.000"}
    assert failing(changed(false_refusal=0.16)) == {"false_refusal": "above 0.150"}
    assert failing(changed(false_refusal=0.0)) == {}


def test_latency_is_never_gated() -> None:
    assert failing(changed(latency_p50_ms=9e9, latency_p95_ms=None)) == {}


def test_every_citation_must_resolve_whatever_the_baseline_says() -> None:
    lax = Outcomes(FIGURES | {"citation_resolves": Estimate(0.9, 0.8, 1.0, 90)}, BASELINE.questions)
    assert failing(changed(citation_resolves=0.99)) == {"citation_resolves": "must be 1.0"}
    assert failing(changed(citation_resolves=0.99), lax) == {"citation_resolves": "must be 1.0"}


def test_what_is_no_longer_measured_fails_and_what_is_new_passes() -> None:
    without = Outcomes(FIGURES | {"abstain_recall": NOTHING}, BASELINE.questions)
    assert failing(changed(abstain_recall=None)) == {"abstain_recall": "nothing eligible any more"}
    assert failing(changed(abstain_recall=None), without) == {}
    assert failing(changed(abstain_recall=0.1), without) == {}


def test_changes_are_told_worst_first() -> None:
    questions = {"q1": replace(GOOD, answer="Mohsin Naqvi"), "q2": GOOD, "q3": GOOD, "q4": REFUSED}
    changes = compare(Outcomes(FIGURES, questions), BASELINE).changes
    assert [(change.id, change.direction) for change in changes] == [
        ("q4", "right -> wrong"),
        ("q3", "wrong -> right"),
        ("q1", "right -> right"),
    ]


@pytest.mark.parametrize(
    ("questions", "added", "missing", "reworded"),
    [
        ({**BASELINE.questions, "q5": GOOD}, ("q5",), (), ()),
        ({"q1": GOOD, "q2": GOOD, "q3": BAD}, (), ("q4",), ()),
        ({**BASELINE.questions, "q1": replace(GOOD, question="Who?")}, (), (), ("q1",)),
        ({**BASELINE.questions, "q1": replace(GOOD, expected=("Naqvi", "he"))}, (), (), ("q1",)),
    ],
)
def test_other_questions_are_not_comparable(
    questions: dict[str, Outcome], added: tuple[str, ...], missing: tuple[str, ...], reworded: tuple[str, ...]
) -> None:
    result = compare(Outcomes(FIGURES, questions), BASELINE)
    assert (result.added, result.missing, result.reworded) == (added, missing, reworded)
    assert not result.passed


def test_a_baseline_round_trip(tmp_path: Path) -> None:
    write_baseline(BASELINE, tmp_path / "baseline.json")
    assert read_baseline(tmp_path / "baseline.json") == BASELINE


def test_no_baseline_accepts_a_citation_that_does_not_resolve(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"citation_resolves is 0.990 and must be 1"):
        write_baseline(changed(citation_resolves=0.99), tmp_path / "baseline.json")
    assert not (tmp_path / "baseline.json").exists()


def test_files_that_are_something_else(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"baseline.json does not exist"):
        read_baseline(tmp_path / "baseline.json")
    (tmp_path / "baseline.json").write_text("[]", "utf-8")
    with pytest.raises(GoldError, match="is not a baseline"):
        read_baseline(tmp_path / "baseline.json")
    (tmp_path / "report.json").write_text("{}", "utf-8")
    with pytest.raises(GoldError, match="does not hold the report"):
        read_report(tmp_path)


# The command


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    write_baseline(BASELINE, tmp_path / "baseline.json")
    return tmp_path / "baseline.json"


def write_report(folder: Path, outcomes: Outcomes) -> Path:
    folder.mkdir(exist_ok=True)
    overall = {name: vars(estimate) for name, estimate in outcomes.metrics.items()}
    (folder / "report.json").write_text(json.dumps({"metrics": {"overall": overall}}), "utf-8")
    lines = [
        {"id": id_, "metrics": {"joint": outcome.joint}} | {k: v for k, v in vars(outcome).items() if k != "joint"}
        for id_, outcome in outcomes.questions.items()
    ]
    (folder / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return folder


def run(*arguments: str | Path) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(main)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_the_command_passes(tmp_path: Path, baseline: Path) -> None:
    code, output = run(write_report(tmp_path / "report", BASELINE), "--baseline", baseline)
    assert code == 0, output
    assert "The gate passes." in output


def test_the_command_names_what_got_worse(tmp_path: Path, baseline: Path) -> None:
    worse = Outcomes(changed(joint=0.5).metrics, {**BASELINE.questions, "q2": BAD, "q4": REFUSED, "q3": GOOD})
    code, output = run(write_report(tmp_path / "report", worse), "--baseline", baseline)
    assert code == 1
    assert "FAIL: below 0.700" in output
    assert "right -> wrong q2: Who met Baker?" in output
    assert "from “Naqvi”" in output
    assert "to   “Rubio” (wrong answer)" in output
    assert "to   a refusal (refused)" in output
    assert output.index("right -> wrong q4") < output.index("wrong -> right q3")
    assert "q1:" not in output
    assert "The gate fails." in output


def test_the_command_says_that_the_questions_differ(tmp_path: Path, baseline: Path) -> None:
    fewer = Outcomes(FIGURES, {id_: BASELINE.questions[id_] for id_ in ("q1", "q2")})
    code, output = run(write_report(tmp_path / "report", fewer), "--baseline", baseline)
    assert code == 1
    assert "The question set differs: 2 only in the baseline: q3, q4" in output


def test_the_command_updates(tmp_path: Path) -> None:
    report, baseline = write_report(tmp_path / "report", BASELINE), tmp_path / "new.json"
    code, output = run(report, "--baseline", baseline)
    assert (code, "does not exist" in output) == (1, True)
    assert run(report, "--baseline", baseline, "--update")[0] == 0
    assert run(report, "--baseline", baseline)[0] == 0
    assert run()[0] == 2
