"""The gate: what passes, what fails, and which questions it names."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from eval.gate import BASELINE as COMMITTED
from eval.gate import GateResult, judge, main
from eval.gate_rules import Rules, read_rules
from eval.gold import GoldError
from eval.metrics.names import NAMES
from eval.outcomes import Outcome, Outcomes, digest, read_baseline, read_report, write_baseline
from eval.scorecard import NOTHING, Estimate

GOOD = Outcome("d1", True, True, False, 0.9, "Naqvi", "", {"joint": 1.0, "false_refusal": 0.0}, "Who met Baker?", "a")
BAD = replace(GOOD, right=False, answer="Rubio", why="wrong answer", values={"joint": 0.0, "false_refusal": 0.0})
REFUSED = replace(
    BAD, abstained=True, answer="The articles do not say.", why="refused", values={"joint": 0.0, "false_refusal": 1.0}
)
FIGURES = {name: Estimate(0.8, 0.7, 0.9, 100) for name in NAMES} | {
    "citation_resolves": Estimate(1.0, 1.0, 1.0, 90),
    "error_rate": Estimate(0.0, 0.0, 0.0, 100),
    "false_refusal": Estimate(0.1, 0.05, 0.15, 80),
}
BASELINE = Outcomes(FIGURES, {"q1": GOOD, "q2": GOOD, "q3": BAD, "q4": GOOD})
MANY = Outcomes(FIGURES, {f"q{n}": replace(GOOD, about=f"article {n}") for n in range(30)})
RULES = Rules({"citation_resolves": 1.0, "joint": 0.5}, {"error_rate": 0.0}, ("joint", "false_refusal"))


def judged(report: Outcomes, baseline: Outcomes = BASELINE) -> GateResult:
    return judge(report, baseline, RULES)


def with_figures(**values: float | None) -> Outcomes:
    figures = {
        name: NOTHING if value is None else replace(FIGURES[name], value=value) for name, value in values.items()
    }
    return Outcomes(FIGURES | figures, BASELINE.questions)


def failing(report: Outcomes, baseline: Outcomes = BASELINE) -> dict[str, str]:
    return {change.name: change.problem for change in judged(report, baseline).metrics if change.problem}


def turned(count: int, into: Outcome) -> Outcomes:
    """The many, some of which came out otherwise."""
    return Outcomes(
        FIGURES,
        {
            id_: replace(into, about=was.about) if number < count else was
            for number, (id_, was) in enumerate(MANY.questions.items())
        },
    )


def test_the_same_passes() -> None:
    result = judged(BASELINE)
    assert result.passed
    assert result.changes == ()


def test_a_floor_or_a_ceiling_that_is_broken_fails() -> None:
    assert failing(with_figures(joint=0.5, f1=0.1)) == {}
    assert failing(with_figures(joint=0.499)) == {"joint": "below its floor, 0.5"}
    assert failing(with_figures(error_rate=0.01)) == {"error_rate": "above its ceiling, 0"}
    assert failing(with_figures(citation_resolves=0.99)) == {"citation_resolves": "below its floor, 1"}


def test_worse_question_by_question_fails_where_the_interval_lies_beyond_nought() -> None:
    assert failing(turned(1, BAD), MANY) == {}, "one of thirty may be chance"
    assert list(failing(turned(9, BAD), MANY)) == ["joint"]
    assert list(failing(turned(9, REFUSED), MANY)) == ["joint", "false_refusal"]
    assert failing(MANY, turned(9, REFUSED)) == {}, "better is no failure"


def test_what_no_rule_names_is_never_gated() -> None:
    assert failing(with_figures(latency_p50_ms=9e9, latency_p95_ms=None, em=0.0)) == {}


def test_what_a_rule_names_must_be_measured() -> None:
    without = Outcomes(FIGURES | {"false_refusal": NOTHING}, BASELINE.questions)
    assert failing(with_figures(joint=None)) == {"joint": "nothing eligible any more"}
    assert failing(with_figures(false_refusal=None)) == {"false_refusal": "nothing eligible any more"}
    assert failing(with_figures(false_refusal=None), without) == {}


def test_the_committed_rules_name_metrics_and_every_citation_must_resolve() -> None:
    rules = read_rules()
    assert rules.at_least["citation_resolves"] == 1
    assert "joint" in rules.not_worse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not_worse = [", "is not TOML"),
        ("floor = 1", "there is no rule floor"),
        ('not_worse = ["joy"]', "there is no metric 'joy'"),
        ('not_worse = "joint"', "must be a list"),
        ("at_least = {joint = true}", "must be a table of metrics and numbers"),
    ],
)
def test_rules_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "gate.toml").write_text(text, "utf-8")
    with pytest.raises(GoldError, match=message):
        read_rules(tmp_path / "gate.toml")


def test_the_change_log_names_the_committed_baseline() -> None:
    changes = Path(__file__).parents[1] / "CHANGELOG.md"
    assert f"`{digest(COMMITTED)}`" in changes.read_text("utf-8"), (
        "eval/baseline.json has changed: say why in CHANGELOG.md, in a line that names its digest"
    )


def test_the_committed_baseline_holds_no_texts_but_short_answers() -> None:
    questions = read_baseline(COMMITTED).questions.values()
    assert len(questions) >= 300
    assert all(len(outcome.answer or "") <= 160 and not outcome.question for outcome in questions)


def test_changes_are_told_worst_first() -> None:
    questions = {"q1": replace(GOOD, answer="Mohsin Naqvi"), "q2": GOOD, "q3": GOOD, "q4": REFUSED}
    changes = judged(Outcomes(FIGURES, questions)).changes
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
        ({**BASELINE.questions, "q1": replace(GOOD, asked="d2")}, (), (), ("q1",)),
    ],
)
def test_other_questions_are_not_comparable(
    questions: dict[str, Outcome], added: tuple[str, ...], missing: tuple[str, ...], reworded: tuple[str, ...]
) -> None:
    result = judged(Outcomes(FIGURES, questions))
    assert (result.added, result.missing, result.reworded) == (added, missing, reworded)
    assert not result.passed


def test_a_baseline_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert write_baseline(BASELINE, path) == digest(path)
    read = read_baseline(path)
    assert read.metrics == FIGURES
    assert read.questions == {id_: replace(was, question="", about="") for id_, was in BASELINE.questions.items()}


def test_no_baseline_accepts_a_citation_that_does_not_resolve(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"citation_resolves is 0.990 and must be 1"):
        write_baseline(with_figures(citation_resolves=0.99), tmp_path / "baseline.json")
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


LINE = {"question": "Who met Baker?", "history": [], "expected": ["Naqvi"], "about": "a", "confidence": 0.9}


def line(id_: str, **outcome: object) -> dict[str, object]:
    metrics = {"joint": float(bool(outcome["right"])), "false_refusal": float(bool(outcome.get("abstained")))}
    return {"id": id_, "abstained": False, "why": "", "metrics": metrics, **LINE, **outcome}


RIGHT = {"right": True, "answer": "Naqvi"}
WRONG = {"right": False, "answer": "Rubio", "why": "wrong answer"}
REFUSAL = {"right": False, "answer": "The articles do not say.", "why": "refused", "abstained": True}


def write_report(folder: Path, figures: Mapping[str, Estimate], **questions: Mapping[str, object]) -> Path:
    folder.mkdir(exist_ok=True)
    overall = {name: vars(estimate) for name, estimate in figures.items()}
    (folder / "report.json").write_text(json.dumps({"metrics": {"overall": overall}}), "utf-8")
    lines = [json.dumps(line(id_, **outcome)) for id_, outcome in questions.items()]
    (folder / "results.jsonl").write_text("".join(f"{text}\n" for text in lines), "utf-8")
    return folder


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return write_report(tmp_path / "before", FIGURES, q1=RIGHT, q2=RIGHT, q3=WRONG, q4=RIGHT)


@pytest.fixture
def baseline(tmp_path: Path, report: Path) -> Path:
    write_baseline(read_report(report), tmp_path / "baseline.json")
    return tmp_path / "baseline.json"


def run(*arguments: str | Path) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(main)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.output


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "gate.toml").write_text('not_worse = ["joint"]\n[at_least]\njoint = 0.7\n', "utf-8")
    return tmp_path / "gate.toml"


def test_the_command_passes(report: Path, baseline: Path, rules: Path) -> None:
    code, output = run(report, "--baseline", baseline, "--rules", rules)
    assert code == 0, output
    assert "The gate passes." in output


def test_the_command_names_what_got_worse(tmp_path: Path, baseline: Path, rules: Path) -> None:
    figures = FIGURES | {"joint": Estimate(0.5, 0.4, 0.6, 100)}
    worse = write_report(tmp_path / "now", figures, q1=RIGHT, q2=WRONG, q3=RIGHT, q4=REFUSAL)
    code, output = run(worse, "--baseline", baseline, "--rules", rules)
    assert code == 1
    assert "FAIL: below its floor, 0.7" in output
    assert "right -> wrong q2: Who met Baker?" in output
    assert "from “Naqvi”" in output
    assert "to   “Rubio” (wrong answer)" in output
    assert "to   a refusal (refused)" in output
    assert output.index("right -> wrong q4") < output.index("wrong -> right q3")
    assert "q1:" not in output
    assert "The gate fails." in output


def test_the_command_says_that_the_questions_differ(tmp_path: Path, baseline: Path, rules: Path) -> None:
    fewer = write_report(tmp_path / "now", FIGURES, q1=RIGHT, q2=RIGHT)
    code, output = run(fewer, "--baseline", baseline, "--rules", rules)
    assert code == 1
    assert "The question set differs: 2 only in the baseline: q3, q4" in output


def test_the_command_updates(tmp_path: Path, report: Path, rules: Path) -> None:
    baseline = tmp_path / "new.json"
    code, output = run(report, "--baseline", baseline)
    assert (code, "does not exist" in output) == (1, True)
    code, output = run(report, "--baseline", baseline, "--update")
    assert code == 0
    assert f"`{digest(baseline)}`" in output
    assert run(report, "--baseline", baseline, "--rules", rules)[0] == 0
    assert run()[0] == 2
