"""The marks of figures as SVG: lines, markers, and horizontal bars with error bars."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from core.exchange.plain_text import escape_html

DASHES = {"dot": "2 4", "dash": "8 5"}
"""Pattern of a line in plotly -> its pattern in SVG."""

Scale = Callable[[float], float]


def lines_and_markers(trace: Any, x: Scale, y: Scale) -> str:
    """Return the line and the markers of a scatter trace. Points with a NaN are left out."""
    sizes = _sizes(trace)
    points = [
        (x(float(a)), y(float(b)), size)
        for a, b, size in zip(trace.x, trace.y, sizes, strict=True)
        if not math.isnan(float(a)) and not math.isnan(float(b))
    ]
    parts = []
    if "lines" in trace.mode and points:
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b, _ in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{trace.line.color}" {_dash(trace)}stroke-width="2"/>')
    if "markers" in trace.mode:
        color = trace.marker.color or trace.line.color
        parts += [marker(trace.marker.symbol or "circle", a, b, size, color) for a, b, size in points]
    return "".join(parts)


def _sizes(trace: Any) -> list[float]:
    size = trace.marker.size
    if size is None or isinstance(size, int | float):
        return [float(size or 6)] * len(trace.x)
    return [float(each) for each in size]


def _dash(trace: Any) -> str:
    pattern = DASHES.get(trace.line.dash or "solid")
    return f'stroke-dasharray="{pattern}" ' if pattern else ""


def marker(symbol: str, x: float, y: float, size: float, color: str) -> str:
    """Return one marker. `symbol` is plotly's name, `size` its diameter."""
    r = size / 2
    if symbol == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{color}"/>'
    shapes = {
        "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
        "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
        "triangle-up": ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
    }
    points = " ".join(f"{x + r * dx:.1f},{y + r * dy:.1f}" for dx, dy in shapes[symbol])
    return f'<polygon points="{points}" fill="{color}"/>'


def bars(trace: Any, number: int, groups: int, x: Scale, y: Scale) -> str:
    """Return the bars of trace `number` of `groups` per category, with their error bars. NaN values have no bar."""
    rows = enumerate(zip(trace.x, _ends(trace), trace.customdata, strict=True))
    return _hatch(trace) + "".join(
        _bar(trace, float(value), ends, text, y(i + 0.14 + 0.72 * number / groups), x, y)
        for i, (value, ends, text) in rows
        if not math.isnan(float(value))
    )


def _ends(trace: Any) -> Iterator[tuple[float, float] | None]:
    """Yield low and high end of each error bar; None if there is none."""
    if trace.error_x.array is None:
        yield from [None] * len(trace.x)
        return
    for value, above, below in zip(trace.x, trace.error_x.array, trace.error_x.arrayminus, strict=True):
        yield None if math.isnan(float(above)) else (float(value) - float(below), float(value) + float(above))


def _bar(trace: Any, value: float, ends: tuple[float, float] | None, text: str, top: float, x: Scale, y: Scale) -> str:
    height = 0.34 * (y(1) - y(0))
    box = f'x="{x(0):.1f}" y="{top:.1f}" width="{max(0.0, x(value) - x(0)):.1f}" height="{height:.1f}"'
    drawn = f'<rect {box} fill="{trace.marker.color}"><title>{escape_html(text)}</title></rect>'
    if trace.marker.pattern.shape:
        drawn += f'<rect {box} fill="url(#{_hatch_id(trace)})"/>'
    if ends is None:
        return drawn
    low, high, middle = x(ends[0]), x(ends[1]), top + height / 2
    caps = "".join(f"M{end:.1f} {middle - 3:.1f}v6" for end in (low, high))
    return f'{drawn}<path class="error" d="M{low:.1f} {middle:.1f}H{high:.1f}{caps}"/>'


def _hatch_id(trace: Any) -> str:
    return f"hatch{str(trace.marker.color).strip('#')}"


def _hatch(trace: Any) -> str:
    """Return the pattern of hatched bars, which are told apart without colour; empty for plain bars."""
    if not trace.marker.pattern.shape:
        return ""
    return (
        f'<defs><pattern id="{_hatch_id(trace)}" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="2" height="6" fill="#fff" fill-opacity="0.45"/></pattern></defs>'
    )


def swatch(trace: Any, x: float, y: float) -> str:
    """Return the sign of a trace in the legend, 28 wide, centred at `y`."""
    if trace.type == "bar":
        box = f'x="{x}" y="{y - 6}" width="28" height="12"'
        hatched = f'<rect {box} fill="url(#{_hatch_id(trace)})"/>' if trace.marker.pattern.shape else ""
        return f'<rect {box} fill="{trace.marker.color}"/>{hatched}'
    line = f'<path d="M{x} {y}h28" stroke="{trace.line.color}" {_dash(trace)}stroke-width="2"/>'
    if "markers" not in trace.mode:
        return line
    return line + marker(trace.marker.symbol or "circle", x + 14, y, 9, trace.marker.color or trace.line.color)
