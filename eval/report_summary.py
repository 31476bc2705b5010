"""The report in short, for a pull request: what the gate says, what changed, which questions turned."""

from collections.abc import Iterable, Sequence

from eval.gate import GateResult, MetricChange
from eval.gate_table import direction, told
from eval.report import Report
from eval.report_markdown import figure, table
from eval.scorecard import Scorecard

_TURNED_SHOWN = 20
_SHOWN = (
    "success@5", "recall@20", "f1", "contained", "citation_resolves", "citation_right", "joint", "crag", "consistency",
    "abstain_precision", "abstain_recall", "false_refusal", "abstain_auroc", "coverage@95", "ece", "latency_p50_ms",
    "cost",
)  # fmt: skip


def summary(report: Report, change: GateResult | None) -> str:
    """Write the summary, in Markdown.

    Args:
        report: What was found.
        change: What changed since the baseline; None where the questions are others.
    """
    total, right = len(report.results), sum(result.scores.right for result in report.results)
    parts = [f"### Eval: {right} of {total} questions right"]
    if change is None:
        parts += [table(["metric", "value (95% interval)"], _plain(report.overall))]
        return "\n\n".join(parts) + "\n"
    failing = [metric for metric in change.metrics if metric.problem]
    verdict = "✅ **The gate passes.**" if change.passed else "❌ **The gate fails.**"
    parts.append(" ".join([verdict, *(f"`{metric.name}` {metric.problem}." for metric in failing)]))
    rows = [_row(metric) for metric in change.metrics if metric.name in _SHOWN and metric.now.value is not None]
    parts.append(table(["metric", "baseline", "now (95% interval)", "paired difference", "p (Holm)"], rows))
    parts += _turned(change)
    return "\n\n".join(parts) + "\n"


def _plain(figures: Scorecard) -> Iterable[Sequence[str]]:
    return [[f"`{name}`", figure(name, figures[name])] for name in _SHOWN if figures[name].value is not None]


def _row(change: MetricChange) -> list[str]:
    paired = change.paired
    difference, chance = "–", "–"
    if paired.difference is not None and paired.low is not None and paired.high is not None:
        sign = {1: " better", 0: "", -1: " **worse**"}[direction(change.name, paired)]
        difference = f"{paired.difference:+.3f} ({paired.low:+.3f} to {paired.high:+.3f}){sign}"
    if paired.p_holm is not None:
        chance = f"{paired.p_holm:.3f}"
    before = figure(change.name, change.before, interval=False)
    return [f"`{change.name}`", before, figure(change.name, change.now), difference, chance]


def _turned(change: GateResult) -> list[str]:
    turned = [item for item in change.changes if item.before.right != item.now.right]
    if not turned:
        return ["No question turned."]
    rows = [
        [item.direction, f"`{item.id}`", item.now.question, told(item.before), told(item.now)]
        for item in turned[:_TURNED_SHOWN]
    ]
    more = f", the first {_TURNED_SHOWN}" if len(turned) > _TURNED_SHOWN else ""
    return [
        f"<details><summary>{len(turned)} questions turned{more}</summary>",
        table(["", "id", "question", "before", "now"], rows),
        "</details>",
    ]
