"""The gate: a report may not be worse than the committed baseline by more than the baseline's interval allows.

`python -m eval.gate REPORT_DIR` compares and ends with 1 where it may not pass; `--update` makes the report the
baseline instead.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.metrics import LOWER_IS_BETTER, NAMES
from eval.outcomes import Outcome, Outcomes, read_baseline, read_report, write_baseline
from eval.report_markdown import figure
from eval.scorecard import NOTHING, Estimate
from index.errors import DatelineError

BASELINE = Path(__file__).parent / "baseline.json"

_EXACT = {"citation_resolves": 1.0}
_NEVER_GATED = frozenset({"latency_p50_ms", "latency_p95_ms"})
_IDS_SHOWN = 10
_REWORDED_SHOWN = 20


@dataclass(frozen=True)
class MetricChange:
    """A metric then and now; `problem` is why it fails the gate, empty if it passes."""

    name: str
    before: Estimate
    now: Estimate
    problem: str


@dataclass(frozen=True)
class QuestionChange:
    """A question that came out otherwise: refused, answered, answered otherwise, or ended in an error."""

    id: str
    before: Outcome
    now: Outcome

    @property
    def direction(self) -> str:
        """`right -> wrong`, `wrong -> right`, or `right -> right`, `wrong -> wrong` where only the words changed."""
        return " -> ".join("right" if outcome.right else "wrong" for outcome in (self.before, self.now))


@dataclass(frozen=True)
class GateResult:
    """What the gate found.

    Attributes:
        metrics: Every metric then and now.
        changes: The questions that came out otherwise, right -> wrong first.
        added: Ids that only the report has.
        missing: Ids that only the baseline has.
        reworded: Ids whose question or accepted answers are not those of the baseline.
    """

    metrics: tuple[MetricChange, ...]
    changes: tuple[QuestionChange, ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]
    reworded: tuple[str, ...]

    @property
    def same_questions(self) -> bool:
        """Whether report and baseline are about the same questions with the same accepted answers."""
        return not (self.added or self.missing or self.reworded)

    @property
    def passed(self) -> bool:
        """Whether no metric fails and the questions are the same: figures on other questions are not comparable."""
        return self.same_questions and not any(change.problem for change in self.metrics)


def compare(report: Outcomes, baseline: Outcomes) -> GateResult:
    """Compare a report with the baseline.

    A metric fails below the low end of the baseline's 95% interval (`false_refusal` and `error_rate`: above the high
    end), `citation_resolves` below 1, and any metric that the baseline has and the report has not. Latency is shown
    and never fails: absolute times differ between machines.
    """
    before, now = baseline.questions, report.questions
    common = [id_ for id_ in before if id_ in now]
    changes = [
        QuestionChange(id_, before[id_], now[id_])
        for id_ in common
        if (before[id_].right, before[id_].abstained, before[id_].answer)
        != (now[id_].right, now[id_].abstained, now[id_].answer)
    ]
    order = ("right -> wrong", "wrong -> right", "wrong -> wrong", "right -> right")
    return GateResult(
        metrics=tuple(
            _metric(name, baseline.metrics.get(name, NOTHING), report.metrics.get(name, NOTHING)) for name in NAMES
        ),
        changes=tuple(sorted(changes, key=lambda change: order.index(change.direction))),
        added=tuple(id_ for id_ in now if id_ not in before),
        missing=tuple(id_ for id_ in before if id_ not in now),
        reworded=tuple(
            id_
            for id_ in common
            if (before[id_].question, before[id_].expected) != (now[id_].question, now[id_].expected)
        ),
    )


def _metric(name: str, before: Estimate, now: Estimate) -> MetricChange:
    return MetricChange(name, before, now, _problem(name, before, now))


def _problem(name: str, before: Estimate, now: Estimate) -> str:
    if name in _NEVER_GATED:
        return ""
    if now.value is None:
        return "" if before.value is None else "nothing eligible any more"
    if name in _EXACT and now.value < _EXACT[name]:
        return f"must be {_EXACT[name]}"
    if name in LOWER_IS_BETTER and before.high is not None and now.value > before.high:
        return f"above {before.high:.3f}"
    if name not in LOWER_IS_BETTER and before.low is not None and now.value < before.low:
        return f"below {before.low:.3f}"
    return ""


def show(result: GateResult, console: Console) -> None:
    """Print the metrics then and now, and the questions that came out otherwise."""
    table = Table("metric", "baseline", "now", "verdict", title="Gate")
    for change in result.metrics:
        verdict = f"[red]FAIL: {escape(change.problem)}[/red]" if change.problem else _verdict(change)
        table.add_row(change.name, figure(change.name, change.before), figure(change.name, change.now), verdict)
    console.print(table)
    for what, ids in (
        ("not in the baseline", result.added),
        ("only in the baseline", result.missing),
        ("asked or answered otherwise in the baseline", result.reworded),
    ):
        if ids:
            shown = ", ".join(ids[:_IDS_SHOWN]) + (", …" if len(ids) > _IDS_SHOWN else "")
            console.print(f"[red]The question set differs:[/red] {len(ids)} {what}: {escape(shown)}")
    _show_changes(result, console)
    if not result.same_questions:
        console.print("Figures on other questions are not comparable: read the report, then accept it with --update.")
    console.print("[green]The gate passes.[/green]" if result.passed else "[red]The gate fails.[/red]")


def _verdict(change: MetricChange) -> str:
    if change.name in _NEVER_GATED:
        return "not gated"
    return "ok"


def _show_changes(result: GateResult, console: Console) -> None:
    turned = [change for change in result.changes if change.before.right != change.now.right]
    worded = [change for change in result.changes if change.before.right == change.now.right]
    console.print(f"{len(turned)} questions turned, {len(worded)} are answered in other words with the same outcome.")
    for change in [*turned, *worded[:_REWORDED_SHOWN]]:
        colour = {"right -> wrong": "red", "wrong -> right": "green"}.get(change.direction, "dim")
        why = f" ({change.now.why})" if change.now.why else ""
        console.print(
            f"[{colour}]{change.direction}[/{colour}] {escape(change.id)}: {escape(change.now.question)}\n"
            f"    from {escape(_told(change.before))}\n    to   {escape(_told(change.now))}{escape(why)}",
            highlight=False,
        )
    if len(worded) > _REWORDED_SHOWN:
        console.print(f"… and {len(worded) - _REWORDED_SHOWN} more in other words")


def _told(outcome: Outcome) -> str:
    if outcome.answer is None:
        return "an error"
    return "a refusal" if outcome.abstained else f"“{outcome.answer}”"


def main(
    report: Annotated[Path, typer.Argument(metavar="REPORT_DIR", help="The folder that an evaluation wrote.")],
    baseline: Annotated[Path, typer.Option(help="The committed figures.")] = BASELINE,
    update: Annotated[bool, typer.Option("--update", help="Make the report the baseline; compare nothing.")] = False,
) -> None:
    """Hold a report to the baseline: ends with 1 where a metric fell below it by more than its interval allows."""
    console = Console()
    try:
        found = read_report(report)
        if update:
            write_baseline(found, baseline)
            console.print(f"{escape(str(baseline))} now holds the figures of {escape(str(report))}.")
            return
        result = compare(found, read_baseline(baseline))
    except DatelineError as error:
        Console(stderr=True).print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    show(result, console)
    if not result.passed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
