"""The page's tiles and tables."""

from collections.abc import Mapping
from html import escape
from itertools import groupby

from eval.gate import GateResult, MetricChange
from eval.gate_table import direction
from eval.metrics.names import BY_NAME, METRICS, Metric
from eval.report import Report
from eval.report_markdown import figure
from eval.report_page.plots import interval_bar
from eval.scorecard import Estimate, Scorecard

_TILES = {
    "joint": "right answer, rightly cited",
    "citation_resolves": "citations stand to the letter",
    "abstain_recall": "refused of what is not said",
    "false_refusal": "refused of what is said",
    "crag": "right +1, refused 0, wrong −1",
    "latency_p50_ms": "milliseconds, half of the answers",
}
_STYLES = {1: "better", 0: "", -1: "worse"}
_KIND_COLUMNS = ("success@5", "f1", "contained", "citation_right", "joint", "false_refusal", "abstain_recall", "crag")


def tiles(report: Report, change: GateResult | None) -> str:
    """The few figures that matter most."""
    changes = _by_name(change)
    return "".join(
        f'<div class="tile"><span>{escape(means)}</span><b>{figure(name, report.overall[name], interval=False)}</b>'
        f"<small>{_delta(changes.get(name), BY_NAME[name]) or escape(name)}</small></div>"
        for name, means in _TILES.items()
    )


def verdict(change: GateResult | None) -> str:
    """What the gate says; empty without a baseline."""
    if change is None:
        return ""
    turned = [item for item in change.changes if item.before.right and not item.now.right]
    failing = [f"<code>{escape(m.name)}</code> {escape(m.problem)}" for m in change.metrics if m.problem]
    if change.passed:
        return f'<p class="verdict better">The gate passes. Right before and now wrong: {len(turned)} questions.</p>'
    return (
        f'<p class="verdict worse">The gate fails: {"; ".join(failing)}. Right before and now wrong: {len(turned)} '
        "questions.</p>"
    )


def scorecard_table(report: Report, change: GateResult | None) -> str:
    """Every metric that is defined, with its interval, the change since the baseline, and both baselines."""
    changes = _by_name(change)
    titles = ["metric", "", "value (95% interval)", "", *(["since baseline"] if changes else []), "n"]
    titles += [name.replace("_", " ") for name in report.baselines]
    rows = []
    for group, metrics in groupby(METRICS, key=lambda metric: metric.group):
        shown = [metric for metric in metrics if report.overall[metric.name].value is not None]
        if shown:
            rows.append(f'<tr class="group"><td colspan="{len(titles)}">{escape(group)}</td></tr>')
        rows += [_row(metric, report, changes) for metric in shown]
    return _table(titles, rows)


def kinds_table(report: Report) -> str:
    """The figures by kind of question, and by split."""
    groups = {**report.by_kind, **{f"split: {name}": figures for name, figures in report.by_split.items()}}
    rows = [
        f"<tr><td>{escape(name)}</td><td>{figures['error_rate'].n}</td>"
        + "".join(_cell(metric, figures) for metric in _KIND_COLUMNS)
        + "</tr>"
        for name, figures in groups.items()
    ]
    return _table(["kind", "questions", *_KIND_COLUMNS], rows)


def settings_table(settings: Mapping[str, object]) -> str:
    """How the report was made."""
    rows = [
        f'<tr><td><code>{escape(name)}</code></td><td class="words">{escape(str(value))}</td></tr>'
        for name, value in settings.items()
    ]
    return _table(["setting", "value"], rows)


def _row(metric: Metric, report: Report, changes: Mapping[str, MetricChange]) -> str:
    ours = report.overall[metric.name]
    change = changes.get(metric.name)
    before = change.before.value if change else None
    others = [figure(metric.name, figures[metric.name], interval=False) for figures in report.baselines.values()]
    arrow = " ↓" if metric.lower_is_better else ""
    cells = [
        f'<td><code>{escape(metric.name)}</code>{arrow}</td><td class="words">{escape(metric.means)}</td>',
        f"<td>{figure(metric.name, ours)}</td><td>{_bar(metric, ours, before)}</td>",
        f"<td>{_delta(change, metric) or '–'}</td>" if changes else "",
        f"<td>{ours.n}</td>",
        *(f"<td>{other}</td>" for other in others),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _bar(metric: Metric, estimate: Estimate, before: float | None) -> str:
    if metric.digits != 3 or estimate.value is None or estimate.low is None or estimate.high is None:
        return ""
    return interval_bar(estimate.low, estimate.value, estimate.high, None if before is None else max(before, 0.0))


def _delta(change: MetricChange | None, metric: Metric) -> str:
    if change is None or change.paired.difference is None or change.paired.low is None or change.paired.high is None:
        return ""
    paired = change.paired
    if paired.difference == paired.low == paired.high == 0:
        return "unchanged"
    told = f"{paired.difference:+.3f} ({paired.low:+.3f} to {paired.high:+.3f})".replace("-", "−")
    return f'<span class="{_STYLES[direction(metric.name, paired)]}">{told}</span>'


def _cell(metric: str, figures: Scorecard) -> str:
    estimate = figures[metric]
    if estimate.value is None:
        return "<td>–</td>"
    good = 1 - estimate.value if BY_NAME[metric].lower_is_better else estimate.value
    told = escape(figure(metric, estimate))
    return f'<td class="cell" style="--share:{max(good, 0):.2f}" title="{told}">{estimate.value:.3f}</td>'


def _by_name(change: GateResult | None) -> dict[str, MetricChange]:
    return {metric.name: metric for metric in change.metrics} if change else {}


def _table(titles: list[str], rows: list[str]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
