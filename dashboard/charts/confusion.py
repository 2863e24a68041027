"""Confusion matrices of one or two models."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.emotions import EMOTIONS
from dashboard.charts import style

# Colours reach three quarters of their strength at most: the theme's own text stays readable on every cell.
SHADES = [[0, "rgba(31, 127, 142, 0)"], [1, "rgba(31, 127, 142, 0.75)"]]
DIVERGING = [[0, "rgba(200, 114, 45, 0.75)"], [0.5, "rgba(128, 128, 128, 0)"], [1, "rgba(31, 127, 142, 0.75)"]]

CELL = 38
"""Pixels of the invisible square that is clicked."""


def counts_and_shares(counts: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """What stands in each cell of a confusion matrix: its count, and its share of the row below it."""
    return counts.map("{:,}".format) + "<br>" + shares_only(shares)


def shares_only(shares: pd.DataFrame) -> pd.DataFrame:
    """Shares of a row, in percent; nothing in the rows of labels that do not occur."""
    return shares.map(lambda share: "" if pd.isna(share) else f"{share:.0%}".replace("%", " %"))


def differences_only(differences: pd.DataFrame) -> pd.DataFrame:
    """Differences of shares, in percentage points with their sign."""
    return differences.map(lambda delta: "" if pd.isna(delta) else f"{100 * delta:+.1f}".replace("-", "−"))


def confusion_heatmap(shares: pd.DataFrame, texts: pd.DataFrame) -> go.Figure:
    """7x7 shares of each true label, and what stands in the cells -> a matrix whose cells can be clicked."""
    return _matrix(shares, texts, SHADES, 0, 1)


def difference_heatmap(differences: pd.DataFrame, texts: pd.DataFrame) -> go.Figure:
    """7x7 differences of shares -> teal where A says it more often, ochre where B does."""
    limit = max(0.1, differences.abs().max().max())
    return _matrix(differences, texts, DIVERGING, -limit, limit)


def _matrix(values: pd.DataFrame, texts: pd.DataFrame, scale: list[list[Any]], low: float, high: float) -> go.Figure:
    heatmap = go.Heatmap(
        x=EMOTIONS, y=EMOTIONS, z=values, zmin=low, zmax=high, colorscale=scale, showscale=False, xgap=2, ygap=2
    )
    figure = go.Figure([heatmap.update(hoverinfo="skip"), _clickable(texts)])
    last = len(EMOTIONS) - 0.5
    figure.update_xaxes(title="predicted label", showgrid=False, tickangle=-45, ticks="", range=[-0.5, last])
    figure.update_yaxes(title="true label", showgrid=False, ticks="", range=[last, -0.5])
    return style.style(figure, 470).update_layout(margin_t=8, showlegend=False)


CLICK = "click to see them"
CLICK_RIGHT = "click to see those that the other model gets wrong"
"""The Errors page shows mistakes alone."""


def _clickable(texts: pd.DataFrame) -> go.Scatter:
    # a click on a heatmap's cell is not reported, one on a marker is: hence squares on the cells
    cells = texts.melt(ignore_index=False, var_name="predicted", value_name="text").reset_index(names="true")
    return go.Scatter(
        x=cells["predicted"],
        y=cells["true"],
        text=cells["text"],
        mode="markers+text",
        marker={"symbol": "square", "size": CELL, "color": "rgba(128, 128, 128, 0.01)"},
        unselected={"marker": {"opacity": 1}},
        textfont={"size": 12},
        customdata=(cells["true"] == cells["predicted"]).map({True: CLICK_RIGHT, False: CLICK}),
        hovertemplate="true: %{y}<br>predicted: %{x}<br>%{text}<br>%{customdata}<extra></extra>",
    )


def clicked_cell(selection: Mapping[str, Any]) -> tuple[str, str] | None:
    """What `st.plotly_chart` reports -> (true label, predicted label) of the clicked cell; None without a click."""
    points = selection.get("selection", {}).get("points", [])
    return (points[0]["y"], points[0]["x"]) if points else None
