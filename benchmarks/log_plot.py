"""Small logarithmic plots side by side, as one SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, EDGE = 330, 220, 48
_COLOURS = ("#1f6feb", "#c2410c", "#15803d")


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over sizes; ``limit`` is drawn dashed. Recall has a linear axis from 0.9 to 1."""

    title: str
    lines: Mapping[str, Sequence[float]]
    limit: float | None = None
    linear: tuple[float, float] | None = None


def svg(sizes: Sequence[int], plots: Sequence[Plot], caption: str, columns: int = 3) -> str:
    """The picture, with its caption as the description that screen readers say."""
    rows = math.ceil(len(plots) / columns)
    width, height = columns * WIDTH, rows * HEIGHT + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="sans-serif" font-size="11" fill="#1f2328">',
        f"<title>{escape(caption)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="18" font-size="13">{escape(caption)}</text>',
    ]
    for number, plot in enumerate(plots):
        down, right = divmod(number, columns)
        parts.append(f'<g transform="translate({right * WIDTH},{down * HEIGHT + 30})">')
        parts += _plot(sizes, plot)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>\n"])


def _plot(sizes: Sequence[int], plot: Plot) -> list[str]:
    values = [value for line in plot.lines.values() for value in line]
    values += [plot.limit] if plot.limit is not None else []
    low, high, ticks = _axis(values, plot.linear)
    level = (lambda v: v) if plot.linear else math.log10
    left, right, top, bottom = EDGE, WIDTH - 16, 26, HEIGHT - 34

    def x(size: float) -> float:
        first, last = math.log10(sizes[0]), math.log10(sizes[-1])
        return left + (math.log10(size) - first) / (last - first) * (right - left)

    def y(value: float) -> float:
        return bottom - (level(value) - level(low)) / (level(high) - level(low)) * (bottom - top)

    parts = [f'<text x="{left}" y="14" font-weight="bold">{escape(plot.title)}</text>']
    for tick in ticks:
        parts.append(_line(left, y(tick), right, y(tick), "#d0d7de"))
        parts.append(
            f'<text x="{left - 5}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
    for power in range(math.ceil(math.log10(sizes[0])), math.floor(math.log10(sizes[-1])) + 1):
        at = x(10**power)
        parts.append(_line(at, top, at, bottom, "#d0d7de"))
        parts.append(
            f'<text x="{at:.1f}" y="{bottom + 15}" text-anchor="middle">{_short(10**power)}</text>'
        )
    if plot.limit is not None:
        parts.append(_line(left, y(plot.limit), right, y(plot.limit), "#57606a", 'dasharray="5 4"'))
    for place, (name, line) in enumerate(plot.lines.items()):
        colour = _COLOURS[place]
        points = " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in zip(sizes, line, strict=True))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        if len(plot.lines) > 1:
            under = top + 12 if plot.linear is None else bottom - 13 * len(plot.lines)
            parts.append(
                f'<text x="{left + 6}" y="{under + 13 * place}" fill="{colour}">'
                f"{escape(name)}</text>"
            )
    return parts


def _short(number: int) -> str:
    for unit, name in ((1_000_000, "M"), (1000, "k")):
        if number >= unit:
            return f"{number // unit}{name}"
    return str(number)


def _axis(
    values: Sequence[float], linear: tuple[float, float] | None
) -> tuple[float, float, list[float]]:
    if linear is not None:
        low, high = linear
        return low, high, [low + (high - low) * step / 5 for step in range(6)]
    first = math.floor(math.log10(min(values)))
    last = max(first + 1, math.ceil(math.log10(max(values))))
    return 10.0**first, 10.0**last, [10.0**power for power in range(first, last + 1)]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    extra = f" stroke-{more}" if more else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{extra}/>'
    )
