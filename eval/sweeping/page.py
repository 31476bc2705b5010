"""The sweep's table, its plot, and the settings that were chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from eval.metrics.names import BY_NAME
from eval.paired import Paired
from eval.report_markdown import figure, table
from eval.scorecard import Scorecard
from eval.sweeping.grid import Trial

_SHOWN = ("success@5", "f1", "joint", "crag", "abstain_recall", "false_refusal", "latency_p50_ms")
_ROW, _LEFT, _ACROSS = 22, 300, 300


@dataclass(frozen=True)
class Tried:
    """A trial, its figures, and how it differs from the settings as they are."""

    trial: Trial
    figures: Scorecard
    paired: Paired
    was_known: bool = False


def chosen(tried: Sequence[Tried], metric: str) -> Tried:
    """The best trial, if it is better than the settings as they are: else these, which are the first.

    Better is an interval of the paired difference, corrected for how many were tried, above 0: with m trials the
    p-value of the difference must be below 0.05 / m (Bonferroni), because the best of many is best by chance too.
    """
    first, *others = tried
    sign = -1 if BY_NAME[metric].lower_is_better else 1
    good = [
        item
        for item in others
        if item.paired.difference is not None
        and item.paired.p is not None
        and sign * item.paired.difference > 0
        and item.paired.p * len(others) < 0.05
    ]
    return max(good, key=lambda item: sign * (item.figures[metric].value or 0.0), default=first)


def markdown(tried: Sequence[Tried], metric: str, asked: int) -> str:
    """The table, and what was chosen."""
    names = [metric, *(name for name in _SHOWN if name != metric)]
    best = chosen(tried, metric)
    rows = [
        [
            f"**{item.trial.name}**" if item is best else item.trial.name,
            *(figure(name, item.figures[name], interval=name == metric) for name in names),
            _told(item.paired),
        ]
        for item in tried
    ]
    return (
        f"# Sweep\n\n{asked} questions of the tune split; chosen by `{metric}`: **{best.trial.name}**. "
        "A trial is chosen over the settings as they are only where its paired difference is none of chance "
        f"(p < 0.05 / {max(1, len(tried) - 1)}).\n\n![{metric} of each trial](sweep.svg)\n\n"
        + table(["settings", *(f"`{name}`" for name in names), f"difference in `{metric}`"], rows)
        + "\n"
    )


def toml(tried: Sequence[Tried], metric: str, asked: int) -> str:
    """The chosen settings as a part of `dateline.toml`, with the evidence."""
    best, first = chosen(tried, metric), tried[0]
    lines = [
        f"# Chosen by `dateline eval sweep` of {len(tried)} combinations on {asked} questions of the tune split.",
        f"# {metric}: {figure(metric, best.figures[metric])}; as set before {figure(metric, first.figures[metric])};",
        f"# paired difference {_told(best.paired)}.",
    ]
    if best is first:
        lines.append("# Nothing was better than the settings as they are.")
    values = ((name, value) for name, value in best.trial.tried.items() if value is not None)
    lines += [f"{name} = {_value(value)}" for name, value in values]
    return "\n".join(lines) + "\n"


def svg(tried: Sequence[Tried], metric: str) -> str:
    """The metric of each trial with its interval."""
    known = [item for item in tried if item.figures[metric].value is not None]
    bounds = [bound for item in known for bound in (item.figures[metric].low, item.figures[metric].high)]
    least, most = (
        min((b for b in bounds if b is not None), default=0),
        max((b for b in bounds if b is not None), default=1),
    )
    room = (most - least) or 1.0
    height = _ROW * len(known) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _ACROSS + 30} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="100%" height="{height}" fill="#fff"/>',
    ]
    for step in range(5):
        x = _LEFT + _ACROSS * step / 4
        parts.append(f'<path d="M{x:.0f} 8V{height - 26}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{height - 10}" text-anchor="middle">{least + room * step / 4:.3f}</text>')
    for place, item in enumerate(known):
        estimate, y = item.figures[metric], 20 + _ROW * place
        low, value, high = (
            _LEFT + _ACROSS * ((bound if bound is not None else least) - least) / room
            for bound in (estimate.low, estimate.value, estimate.high)
        )
        colour = "#a11d21" if item is chosen(tried, metric) else "#444"
        parts += [
            f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(item.trial.name)}</text>',
            f'<path d="M{low:.1f} {y}H{high:.1f}" stroke="{colour}" stroke-width="2"/>',
            f'<circle cx="{value:.1f}" cy="{y}" r="4" fill="{colour}"/>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _told(paired: Paired) -> str:
    if paired.difference is None or paired.low is None or paired.high is None:
        return "–"
    chance = "" if paired.p is None else f", p {paired.p:.4f}"
    return f"{paired.difference:+.3f} ({paired.low:+.3f} to {paired.high:+.3f}{chance})"


def _value(value: object) -> str:
    return str(value) if isinstance(value, int | float) else f'"{value}"'
