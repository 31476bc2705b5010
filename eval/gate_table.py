"""What the gate prints: the metrics then and now, and the questions that came out otherwise."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.gate import GateResult, MetricChange
from eval.metrics.names import LOWER_IS_BETTER
from eval.outcomes import Outcome
from eval.paired import Paired
from eval.report_markdown import figure

_IDS_SHOWN = 10
_REWORDED_SHOWN = 20


def show(result: GateResult, console: Console) -> None:
    """Print what the gate found, and whether it passes."""
    table = Table("metric", "baseline", "now", "paired difference", "p (Holm)", "verdict", title="Gate")
    for change in result.metrics:
        verdict = f"[red]FAIL: {escape(change.problem)}[/red]" if change.problem else "ok"
        table.add_row(
            change.name, figure(change.name, change.before), figure(change.name, change.now), *_paired(change), verdict
        )
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


def told(outcome: Outcome) -> str:
    """What came of a question, in words."""
    if outcome.answer is None:
        return "an error"
    return "a refusal" if outcome.abstained else f"“{outcome.answer}”"


def direction(name: str, paired: Paired) -> int:
    """1 for better than the baseline, -1 for worse, 0 where the interval holds 0 or there is none."""
    if paired.low is None or paired.high is None:
        return 0
    sign = (paired.low > 0) - (paired.high < 0)
    return -sign if name in LOWER_IS_BETTER else sign


def _paired(change: MetricChange) -> tuple[str, str]:
    paired = change.paired
    if paired.difference is None or paired.low is None or paired.high is None:
        return "–", "–"
    difference = f"{paired.difference:+.3f} ({paired.low:+.3f} to {paired.high:+.3f})"
    return difference, "–" if paired.p_holm is None else f"{paired.p_holm:.4f}"


def _show_changes(result: GateResult, console: Console) -> None:
    turned = [change for change in result.changes if change.before.right != change.now.right]
    worded = [change for change in result.changes if change.before.right == change.now.right]
    console.print(f"{len(turned)} questions turned, {len(worded)} are answered in other words with the same outcome.")
    for change in [*turned, *worded[:_REWORDED_SHOWN]]:
        colour = {"right -> wrong": "red", "wrong -> right": "green"}.get(change.direction, "dim")
        why = f" ({change.now.why})" if change.now.why else ""
        console.print(
            f"[{colour}]{change.direction}[/{colour}] {escape(change.id)}: {escape(change.now.question)}\n"
            f"    from {escape(told(change.before))}\n    to   {escape(told(change.now))}{escape(why)}",
            highlight=False,
            soft_wrap=True,
        )
    if len(worded) > _REWORDED_SHOWN:
        console.print(f"… and {len(worded) - _REWORDED_SHOWN} more in other words")
