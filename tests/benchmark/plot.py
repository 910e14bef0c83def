# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small plots in SVG, on logarithmic axes."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 760, 330
LEFT, RIGHT, TOP, BOTTOM = 50, 270, 34, 30
COLOURS = ("#0b6e4f", "#8f2d8c", "#d1495b", "#edae49", "#00798c", "#5c5c5c", "#30638e")


@dataclass(frozen=True)
class Series:
    """A line: its label and its points; a point that was not measured has no y."""

    title: str
    points: Sequence[tuple[float, float | None]]

    @property
    def known(self) -> list[tuple[float, float]]:
        """The points that were measured."""
        return [(x, y) for x, y in self.points if y is not None]


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def panel(title: str, series: Sequence[Series]) -> str:
    """Return one plot; an empty text if nothing was measured."""
    shown = [one for one in series if one.known]
    if not shown:
        return ""
    xs, ys = ([point[axis] for one in shown for point in one.known] for axis in (0, 1))
    (x_low, x_high), (y_low, y_high) = _decades(xs), _decades(ys)

    def across(x: float) -> float:
        return LEFT + (math.log10(x) - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)

    def down(y: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(y) - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<text x="{LEFT}" y="18" font-weight="bold">{html.escape(title)}</text>']
    for power in range(y_low, y_high + 1):
        y = down(10.0**power)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ccc"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    ticks = sorted(set(xs))
    parts += [f'<text x="{across(x):.1f}" y="{HEIGHT - 10}" text-anchor="middle">{x:g}</text>' for x in ticks]
    for number, one in enumerate(shown):
        parts += _line(one, COLOURS[number % len(COLOURS)], number, across, down)
    frame = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="currentColor"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {frame} style="max-width:{WIDTH}px">\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _line(
    one: Series, colour: str, number: int, across: Callable[[float], float], down: Callable[[float], float]
) -> list[str]:
    points = [f"{across(x):.1f},{down(y):.1f}" for x, y in one.known]
    y = TOP + 16 * number
    return [
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="3" fill="{colour}"/>' for point in points),
        f'<rect x="{WIDTH - RIGHT + 16}" y="{y}" width="12" height="4" fill="{colour}"/>',
        f'<text x="{WIDTH - RIGHT + 34}" y="{y + 7}">{html.escape(one.title)}</text>',
    ]
