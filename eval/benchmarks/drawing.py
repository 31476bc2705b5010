"""Curves as SVG, small enough to be read as text."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_WIDTH, _HEIGHT, _LEFT, _TOP, _ROOM = 560, 340, 60, 20, 420
_COLOURS = ("#a11d21", "#1f4e79", "#5b7f3a", "#8a6d1d")
_DASHES = ("", "6 3", "2 3", "8 3 2 3")
_SHEET = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="serif" font-size="12">',
    f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
)


def risk_coverage_svg(curves: Mapping[str, NDArray[np.float64]], highest: float = 0.5) -> str:
    """Draw risk (share wrong) against coverage (share answered).

    Args:
        curves: By name: the share right of the surest 1, 2, ... n answers.
        highest: Top of the axis of risks, 0 to 1; what is above is cut off.

    Returns:
        An SVG document.
    """
    bottom, plot = _TOP + 260, 260
    parts = [*_SHEET]
    for step in range(6):
        x, y = _LEFT + _ROOM * step / 5, bottom - plot * step / 5
        parts += [
            f'<path d="M{_LEFT} {y:.0f}h{_ROOM}" stroke="#ddd"/>',
            f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{highest * step / 5:.0%}</text>',
            f'<text x="{x:.0f}" y="{bottom + 16}" text-anchor="middle">{step / 5:.0%}</text>',
        ]
    parts.append(f'<text x="{_LEFT + _ROOM / 2:.0f}" y="{bottom + 36}" text-anchor="middle">answered</text>')
    parts.append(f'<text x="{_LEFT + 4}" y="{_TOP - 6}">wrong of what is answered</text>')
    for number, (name, shares) in enumerate(curves.items()):
        places = np.linspace(0, len(shares) - 1, min(len(shares), 120)).astype(int)
        points = " ".join(
            f"{_LEFT + _ROOM * (place + 1) / len(shares):.1f},"
            f"{bottom - plot * min(1 - float(shares[place]), highest) / highest:.1f}"
            for place in places
        )
        parts += _curve(number, name, points)
    return "\n".join([*parts, "</svg>", ""])


def against_size_svg(sizes: Sequence[int], curves: Mapping[str, Sequence[float]], across: str, up: str) -> str:
    """Draw measurements against sizes, both axes logarithmic.

    Args:
        sizes: Where on the axis across, ascending, above 0.
        curves: By name: a measurement above 0 for each size.
        across: What the sizes count.
        up: The measurements' unit.

    Returns:
        An SVG document.
    """
    bottom, plot = _TOP + 260, 260
    values = [value for curve in curves.values() for value in curve]
    left, right = np.log10(min(sizes)), np.log10(max(sizes))
    low, high = float(np.floor(np.log10(min(values)))), float(np.ceil(np.log10(max(values))))
    high = max(high, low + 1)

    def place(size: float, value: float) -> tuple[float, float]:
        x = _LEFT + _ROOM * ((np.log10(size) - left) / (right - left) if right > left else 0.5)
        return float(x), float(bottom - plot * (np.log10(value) - low) / (high - low))

    parts = [*_SHEET]
    for power in range(int(low), int(high) + 1):
        _, y = place(sizes[0], 10.0**power)
        parts += [
            f'<path d="M{_LEFT} {y:.0f}h{_ROOM}" stroke="#ddd"/>',
            f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:,g}</text>',
        ]
    for size in sizes:
        x, _ = place(size, 10.0**low)
        parts.append(f'<text x="{x:.0f}" y="{bottom + 16}" text-anchor="middle">{size:,}</text>')
    parts.append(f'<text x="{_LEFT + _ROOM / 2:.0f}" y="{bottom + 36}" text-anchor="middle">{across}</text>')
    parts.append(f'<text x="{_LEFT + 4}" y="{_TOP - 6}">{up}</text>')
    for number, (name, curve) in enumerate(curves.items()):
        points = " ".join("{:.1f},{:.1f}".format(*place(size, value)) for size, value in zip(sizes, curve, strict=True))
        parts += _curve(number, name, points)
    return "\n".join([*parts, "</svg>", ""])


def _curve(number: int, name: str, points: str) -> list[str]:
    """A curve in the colour and the dashes of its number, and its line in the legend."""
    colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
    line = f'fill="none" stroke="{colour}" stroke-width="1.6" stroke-dasharray="{dash}"'
    y = _TOP + 14 + 18 * number
    return [
        f'<polyline points="{points}" {line}/>',
        f'<path d="M{_LEFT + 12} {y - 4}h26" {line}/>',
        f'<text x="{_LEFT + 46}" y="{y}">{name}</text>',
    ]
