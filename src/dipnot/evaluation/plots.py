"""Plots as inline SVG: lines with bands, and bars with whiskers. No scripts, no files.

Owns: geometry and marks. Colours and type come from the page's style sheet by class (``s1`` …), so
that a plot follows the page into the dark. Every label is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]
SERIES = 4  # colours in the style sheet

_WIDTH, _HEIGHT = 720, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 26, 12, 46
_BAR, _BAR_GAP, _ROW_GAP = 13, 3, 13
_LABELS, _VALUES = 170, 150


@dataclass(frozen=True, slots=True)
class Line:
    """A curve; ``band``: its lower and upper edge at the same x, if it has one."""

    points: Sequence[Point]
    band: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with the intervals of its x and y."""

    at: Point
    across: tuple[float, float]
    along: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1, its interval, and what is written beside it."""

    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis is called, where it ends, its ticks and how they are written."""

    label: str
    end: float
    ticks: Sequence[float]
    write: Callable[[float], str] = "{:g}".format


SHARE = (0, 0.2, 0.4, 0.6, 0.8, 1)


def share(value: float) -> str:
    """Write a share in per cent."""
    return f"{100 * value:.0f} %"


def line_plot(
    title: str, x: Axis, y: Axis, lines: Sequence[Line], marks: Sequence[Sequence[Mark]] = ()
) -> str:
    """Draw curves from 0 to the axes' ends; ``marks[i]`` are in the colour of ``lines[i]``."""

    def place(point: Point) -> Point:
        return (
            _LEFT + point[0] / x.end * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - point[1] / y.end * (_HEIGHT - _TOP - _BOTTOM),
        )

    parts = _frame(x, y, place)
    for n, line in enumerate(lines):
        if line.band:
            upper = [(p[0], high) for p, (_, high) in zip(line.points, line.band, strict=True)]
            lower = [(p[0], low) for p, (low, _) in zip(line.points, line.band, strict=True)]
            corners = _path([place(p) for p in [*upper, *reversed(lower)]])
            parts.append(f'<path class="band {_series(n)}" d="{corners}Z"/>')
    for n, line in enumerate(lines):
        path = _path([place(p) for p in line.points])
        parts.append(f'<path class="line {_series(n)}" d="{path}"/>')
    for n, own in enumerate(marks):
        parts += [_mark(mark, _series(n), place) for mark in own]
    return _svg(title, _HEIGHT, parts)


def bar_plot(title: str, rows: Sequence[tuple[str, Sequence[Bar | None]]]) -> str:
    """Draw a group of bars a row, from 0 to 1, one colour for each place in the group."""
    parts: list[str] = []
    left, width = _LABELS, _WIDTH - _LABELS - _VALUES
    heights = [len(bars) * (_BAR + _BAR_GAP) + _ROW_GAP for _, bars in rows]
    bottom = _TOP + sum(heights)
    for tick in SHARE:
        at = left + tick * width
        parts.append(f'<path class="grid" d="M{at:.1f} {_TOP}V{bottom}"/>')
        parts.append(_text(at, bottom + 18, share(tick), "middle"))
    top = float(_TOP)
    for (label, bars), height in zip(rows, heights, strict=True):
        middle = top + (height - _ROW_GAP) / 2 + 4
        parts.append(_text(left - 10, middle, label, "end", "label"))
        for n, bar in enumerate(bars):
            if bar is not None:
                parts += _bar(bar, _series(n), left, top + n * (_BAR + _BAR_GAP), width)
        top += height
    return _svg(title, bottom + 28, parts)


def _bar(bar: Bar, series: str, left: float, top: float, width: float) -> list[str]:
    middle = top + _BAR / 2
    low, high = left + bar.low * width, left + bar.high * width
    across = bar.value * width
    whisker = f"M{low:.1f} {middle:.1f}H{high:.1f}"
    ends = f"M{low:.1f} {middle - 3:.1f}v6M{high:.1f} {middle - 3:.1f}v6"
    place = f'x="{left}" y="{top:.1f}" width="{across:.1f}" height="{_BAR}"'
    return [
        f'<rect class="bar {series}" {place} rx="2"/>',
        f'<path class="whisker" d="{whisker}{ends}"/>',
        _text(left + width + 12, top + _BAR - 2, bar.text, "start"),
    ]


def _mark(mark: Mark, series: str, place: Callable[[Point], Point]) -> str:
    x, y = place(mark.at)
    (left, _), (right, _) = place((mark.across[0], 0)), place((mark.across[1], 0))
    (_, low), (_, high) = place((0, mark.along[0])), place((0, mark.along[1]))
    return (
        f'<path class="whisker {series}" d="M{left:.1f} {y:.1f}H{right:.1f}'
        f'M{x:.1f} {low:.1f}V{high:.1f}"/>'
        f'<circle class="mark {series}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    )


def _frame(x: Axis, y: Axis, place: Callable[[Point], Point]) -> list[str]:
    parts = []
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    for tick in y.ticks:
        _, at = place((0, tick))
        parts.append(f'<path class="grid" d="M{_LEFT} {at:.1f}H{right}"/>')
        parts.append(_text(_LEFT - 8, at + 4, y.write(tick), "end"))
    for tick in x.ticks:
        at, _ = place((tick, 0))
        parts.append(f'<path class="grid" d="M{at:.1f} {_TOP}V{bottom}"/>')
        parts.append(_text(at, bottom + 17, x.write(tick), "middle"))
    parts.append(_text((_LEFT + right) / 2, _HEIGHT - 8, x.label, "middle", "axis"))
    middle = (_TOP + bottom) / 2
    turned = _text(0, 0, y.label, "middle", "axis")
    parts.append(f'<g transform="translate(13 {middle:.1f}) rotate(-90)">{turned}</g>')
    return parts


def _series(n: int) -> str:
    return f"s{n % SERIES + 1}"


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""


def _text(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )
