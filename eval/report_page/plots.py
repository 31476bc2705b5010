"""The report's plots, as SVG that takes its colours from the page."""

from collections.abc import Iterable, Sequence

import numpy as np

from eval.metrics.abstention import bins, risk_coverage
from eval.runner import QuestionResult

_WIDTH, _HEIGHT, _LEFT, _TOP, _ACROSS, _UP = 360, 250, 42, 14, 300, 190
_BARS = 24


def risk_coverage_plot(results: Sequence[QuestionResult]) -> str:
    """Risk against coverage."""
    coverage, risk = risk_coverage(*_columns(results))
    places = np.unique(np.linspace(0, coverage.size - 1, 150).astype(int))
    points = [(float(coverage[place]), float(risk[place])) for place in places if coverage.size]
    return _plot("answered", "wrong of these", [_line(points, "ours")])


def reliability_plot(results: Sequence[QuestionResult]) -> str:
    """Share right against confidence, in ten bins; a bar tells how many answers are in its bin."""
    sure, right, answered = _columns(results)
    sure, right = np.clip(sure[answered], 0, 1), right[answered]
    where = bins(sure)
    marks = [_line([(0, 0), (1, 1)], "ideal")]
    points = []
    for number in range(10):
        inside = where == number
        if not inside.any():
            continue
        share = float(inside.mean())
        marks.append(_bar(number / 10, 0.1, share))
        points.append((float(sure[inside].mean()), float(right[inside].mean())))
    marks.append(_line(points, "ours"))
    marks += [f'<circle class="dot" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="3.5"/>' for x, y in points]
    return _plot("confidence", "right", marks)


def latency_plot(results: Sequence[QuestionResult]) -> str:
    """How many answers took how long."""
    times = [result.observed.latency_ms for result in results if result.observed.latency_ms is not None]
    if not times:
        return ""
    longest = max(float(np.percentile(times, 99)), 1.0)
    counts, _ = np.histogram(np.minimum(times, longest), bins=_BARS, range=(0, longest))
    highest = int(counts.max())
    marks = [_bar(place / _BARS, 1 / _BARS, count / highest) for place, count in enumerate(counts.tolist()) if count]
    across = [f"{longest * step / 4:.0f}" for step in range(5)]
    up = [f"{highest * step / 4:.0f}" for step in range(5)]
    return _plot("milliseconds", "answers", marks, across, up)


def interval_bar(low: float, value: float, high: float, before: float | None = None) -> str:
    """An estimate between 0 and 1 with its interval, and a stroke where the baseline was."""
    x = [3 + 114 * min(max(place, 0.0), 1.0) for place in (low, value, high)]
    was = "" if before is None else f'<path class="was" d="M{3 + 114 * before:.1f} 2v12"/>'
    return (
        '<svg width="120" height="16" viewBox="0 0 120 16" aria-hidden="true"><path class="grid" d="M3 8h114"/>'
        f'{was}<path class="range" d="M{x[0]:.1f} 8H{x[2]:.1f}"/>'
        f'<circle class="point" cx="{x[1]:.1f}" cy="8" r="3"/></svg>'
    )


def _columns(results: Sequence[QuestionResult]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    answered = np.array([not r.scores.abstained and not r.scores.failed for r in results], dtype=bool)
    sure = np.nan_to_num([r.scores.confidence for r in results])
    return sure, np.array([r.scores.values.get("joint") == 1 for r in results], dtype=bool), answered


def _x(share: float) -> float:
    return _LEFT + _ACROSS * share


def _y(share: float) -> float:
    return _TOP + _UP * (1 - share)


def _line(points: Iterable[tuple[float, float]], style: str) -> str:
    places = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="{style}" points="{places}"/>'


def _bar(left: float, width: float, height: float) -> str:
    return (
        f'<rect class="bar" x="{_x(left) + 1:.1f}" y="{_y(height):.1f}" width="{_ACROSS * width - 2:.1f}" '
        f'height="{_UP * height:.1f}"/>'
    )


def _plot(
    across: str,
    up: str,
    marks: Sequence[str],
    across_ticks: Sequence[str] = ("0%", "25%", "50%", "75%", "100%"),
    up_ticks: Sequence[str] = ("0%", "25%", "50%", "75%", "100%"),
) -> str:
    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{up} against {across}">']
    for step in range(5):
        x, y = _x(step / 4), _y(step / 4)
        parts += [
            f'<path class="grid" d="M{_LEFT} {y:.1f}h{_ACROSS}"/>',
            f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{up_ticks[step]}</text>',
            f'<text x="{x:.1f}" y="{_TOP + _UP + 16}" text-anchor="middle">{across_ticks[step]}</text>',
        ]
    parts += [
        f'<text x="{_LEFT + _ACROSS / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{across}</text>',
        f'<text x="{_LEFT + 4}" y="{_TOP - 4}">{up}</text>',
        *marks,
        "</svg>",
    ]
    return "".join(parts)
