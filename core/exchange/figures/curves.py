"""Curves of two models over all thresholds: risk and coverage, ROC, precision and recall."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.exchange.figures import style
from core.exchange.plain_text import escape_html

Tables = Mapping[str, pd.DataFrame]
"""Name in the legend -> table of a curve."""


def risk_coverage(tables: Tables, thresholds: Sequence[tuple[float, float] | None], title: str) -> go.Figure:
    """Draw one line per table of `curves.risk_coverage`. `thresholds`: coverage and risk of each model's large marker.

    A model without a threshold has None there.
    """
    figure = go.Figure()
    for i, (name, table) in enumerate(tables.items()):
        x, y = 100 * table["coverage"], 100 * table["risk"]
        hover = "coverage %{x:.1f} %: %{y:.1f} % wrong, confidence from %{customdata:.2f}<extra></extra>"
        figure.add_scatter(
            **_line(i, name), x=x, y=y, customdata=table["confidence"], hovertemplate=f"{escape_html(name)}<br>{hover}"
        )
        if (threshold := thresholds[i]) is not None:
            figure.add_scatter(**_marker(i, name), x=[100 * threshold[0]], y=[100 * threshold[1]])
    figure.update_xaxes(**style.PERCENT_AXIS, range=[0, 101], title="coverage: share of images that are answered")
    figure.update_yaxes(**style.PERCENT_AXIS, rangemode="tozero", title="risk: share of wrong answers")
    return style.style(figure, 420, title)


def one_vs_rest(tables: Tables, x: str, y: str, title: str) -> go.Figure:
    """Draw one line per table, from its column `x` to its column `y`, both 0..1."""
    figure = go.Figure()
    if (x, y) == ("false_positive_rate", "true_positive_rate"):
        chance = {"dash": "dot", "color": style.SERIES_COLORS[3]}
        figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", name="chance", line=chance, hoverinfo="skip")
    for i, (name, table) in enumerate(tables.items()):
        hover = f"{escape_html(name)}<br>{_words(x)} %{{x:.3f}}<br>{_words(y)} %{{y:.3f}}<extra></extra>"
        figure.add_scatter(**_line(i, name), x=table[x], y=table[y], hovertemplate=hover)
    figure.update_xaxes(range=[0, 1.01], title=_words(x))
    figure.update_yaxes(range=[0, 1.02], title=_words(y))
    return style.style(figure, 420, title)


def _words(column: str) -> str:
    return column.replace("_", " ")


def _line(i: int, name: str) -> dict[str, Any]:
    """Return the looks of the line of model number `i`. The second is dashed, to be told apart without colour."""
    line = {"color": style.SERIES_COLORS[i], "dash": "dash" if i else "solid"}
    return {"name": escape_html(name), "mode": "lines", "line": line}


def _marker(i: int, name: str) -> dict[str, Any]:
    marker = {"color": style.SERIES_COLORS[i], "symbol": style.SERIES_SYMBOLS[i], "size": 14}
    hover = (
        f"{escape_html(name)}<br>at its threshold %{{x:.1f}} % are answered, %{{y:.1f}} % of them wrong<extra></extra>"
    )
    return {"mode": "markers", "marker": marker, "showlegend": False, "hovertemplate": hover}
