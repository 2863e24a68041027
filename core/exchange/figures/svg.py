"""Draw a figure of plotly as SVG, for files that must work without scripts: on paper, and in the preview of a mail.

It draws what the figures of this package have: lines, markers and horizontal bars with error bars.
"""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from core.exchange.figures.svg_marks import bars, lines_and_markers, swatch
from core.exchange.plain_text import escape_html

WIDTH = 460
"""Width of the drawing in its own units. A stylesheet scales it; on a phone, one unit is about 0.8 pixels."""

RIGHT, BOTTOM, LEGEND_ROW, LINE = 14, 46, 20, 14
"""Margins, and the heights of a row of the legend and of a line of text."""

LONGEST_NAME = 34
"""Largest number of characters of a name in the legend."""

NUMBERS, CATEGORIES = 62, 82
"""Width of the margin on the left for an axis of numbers, and of categories."""


@dataclass(frozen=True)
class Axis:
    """One axis: where values lie in the drawing, and what is written at it."""

    low: float
    high: float
    start: float
    """Coordinate of `low`."""
    end: float
    ticks: list[tuple[float, str]]
    title: str

    def at(self, value: float) -> float:
        """Return the coordinate of a value."""
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def svg(figure: go.Figure, labelled_by: str) -> str:
    """Return the figure as an SVG element, described to screen readers by the element with the id `labelled_by`.

    Raises ValueError for a trace that it cannot draw.
    """
    _check(figure)
    categories = next((list(trace.y) for trace in figure.data if trace.type == "bar"), [])
    named = [trace for trace in figure.data if trace.showlegend is not False]
    top = 8 + LEGEND_ROW * len(named)
    height = top + BOTTOM + (42 * len(categories) if categories else 280)
    left = CATEGORIES if categories else NUMBERS
    x = _axis(figure, "x", left, WIDTH - RIGHT)
    y = _category_axis(categories, top, height - BOTTOM) if categories else _axis(figure, "y", height - BOTTOM, top)
    traces = "".join(_trace(trace, number, x, y, figure) for number, trace in enumerate(figure.data))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{labelled_by}">'
        f"{_legend(named, left)}{_grid(x, y, bool(categories))}{traces}</svg>"
    )


def _axis(figure: go.Figure, letter: str, start: float, end: float) -> Axis:
    layout = figure.layout[f"{letter}axis"]
    values = [float(value) for trace in figure.data for value in trace[letter] if not math.isnan(float(value))]
    low, high = layout.range or (0.0, 1.08 * max(values, default=1.0) or 1.0)
    step = layout.dtick or _step(high - low)
    numbers = [step * i for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    ticks = [(number, f"{number:g}{layout.ticksuffix or ''}") for number in numbers]
    return Axis(float(low), float(high), start, end, ticks, html.unescape(layout.title.text or ""))


def _category_axis(categories: Sequence[str], start: float, end: float) -> Axis:
    """Return an axis on which the category number i reaches from i to i + 1, the first at the top."""
    return Axis(0, len(categories), start, end, [(i + 0.5, text) for i, text in enumerate(categories)], "")


def _step(span: float) -> float:
    """Return 1, 2, 2.5 or 5 times a power of ten, so that an axis has three to six steps."""
    power: float = 10.0 ** math.floor(math.log10(span / 5))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if span / (factor * power) <= 6)


def _grid(x: Axis, y: Axis, has_categories: bool) -> str:
    vertical = "".join(
        f'<path class="grid" d="M{x.at(value):.1f} {y.start:.1f}V{y.end:.1f}"/>'
        f"{_text(x.at(value), max(y.start, y.end) + 15, label, 'middle')}"
        for value, label in x.ticks
    )
    lines = (
        ""
        if has_categories
        else "".join(f'<path class="grid" d="M{x.start} {y.at(v):.1f}H{x.end}"/>' for v, _ in y.ticks)
    )
    labels = "".join(_text(x.start - 6, y.at(value), label, "end") for value, label in y.ticks)
    middle = (y.start + y.end) / 2
    turned = f'<g transform="translate(12 {middle:.1f}) rotate(-90)">{_text(0, 0, y.title, "middle")}</g>'
    bottom = _text((x.start + x.end) / 2, max(y.start, y.end) + 36, x.title, "middle")
    return f"{vertical}{lines}{labels}{bottom}{turned if y.title else ''}"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    """Return lines of text, centred at `y`. Texts in figures are HTML, in which <br> parts the lines."""
    parts = text.split("<br>")
    first = y + 4 - LINE * (len(parts) - 1) / 2
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{first + LINE * i:.1f}">{html.escape(html.unescape(part))}</tspan>'
        for i, part in enumerate(parts)
    )
    return f'<text text-anchor="{anchor}">{spans}</text>'


def _legend(named: Sequence[Any], left: float) -> str:
    return "".join(
        f"{swatch(trace, left, 10 + LEGEND_ROW * number)}"
        f"{_text(left + 34, 10 + LEGEND_ROW * number, _shortened(html.unescape(trace.name or '')), 'start')}"
        for number, trace in enumerate(named)
    )


def _shortened(name: str) -> str:
    """Return the name of a trace as HTML, so short that it fits into the drawing."""
    return escape_html(name, LONGEST_NAME)


def _check(figure: go.Figure) -> None:
    for trace in figure.data:
        if trace.type != "scatter" and not (trace.type == "bar" and trace.orientation == "h"):
            raise ValueError(f"a trace of type {trace.type} cannot be drawn as SVG")


def _trace(trace: Any, number: int, x: Axis, y: Axis, figure: go.Figure) -> str:
    if trace.type == "scatter":
        return lines_and_markers(trace, x.at, y.at)
    return bars(trace, number, sum(each.type == "bar" for each in figure.data), x.at, y.at)
