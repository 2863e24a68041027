"""Heat maps of one confusion matrix, or of the difference between two."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.emotions import EMOTIONS
from dashboard.charts import style

# At most 75 % opaque, so that text in the theme's colour is readable on every cell.
SHARE_SCALE = [[0, "rgba(31, 127, 142, 0)"], [1, "rgba(31, 127, 142, 0.75)"]]
DIFFERENCE_SCALE = [[0, "rgba(200, 114, 45, 0.75)"], [0.5, "rgba(128, 128, 128, 0)"], [1, "rgba(31, 127, 142, 0.75)"]]

CLICK_TARGET_SIDE = 38
"""Side in pixels of the almost invisible square on each cell. The square receives the clicks."""


def count_and_share_texts(counts: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Return the text of each cell: the count and, on a second line, the percentage of the row."""
    return counts.map("{:,}".format) + "<br>" + share_texts(shares)


def share_texts(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the text of each cell: the percentage of the row. In rows without images, the texts are empty."""
    return shares.map(lambda share: "" if pd.isna(share) else f"{share:.0%}".replace("%", " %"))


def difference_texts(differences: pd.DataFrame) -> pd.DataFrame:
    """Return the text of each cell: the difference in percentage points, with its sign; empty for NaN."""
    return differences.map(lambda delta: "" if pd.isna(delta) else f"{100 * delta:+.1f}".replace("-", "−"))


def confusion_heatmap(shares: pd.DataFrame, texts: pd.DataFrame) -> go.Figure:
    """Draw a confusion matrix with clickable cells.

    `shares` (7x7) set the colours: each is the cell's share of its row, 0..1. `texts` (7x7) are written in the cells.
    """
    return _clickable_heatmap(shares, texts, SHARE_SCALE, 0, 1)


def difference_heatmap(differences: pd.DataFrame, texts: pd.DataFrame) -> go.Figure:
    """Draw the 7x7 differences between the shares of A and B, A minus B, with clickable cells.

    A cell is teal if A has the larger share, and ochre if B has. `texts` (7x7) are written in the cells.
    """
    limit = max(0.1, differences.abs().max().max())  # at least 0.1, so that small differences have pale colours
    return _clickable_heatmap(differences, texts, DIFFERENCE_SCALE, -limit, limit)


def _clickable_heatmap(
    values: pd.DataFrame, texts: pd.DataFrame, scale: list[list[Any]], low: float, high: float
) -> go.Figure:
    heatmap = go.Heatmap(
        x=EMOTIONS, y=EMOTIONS, z=values, zmin=low, zmax=high, colorscale=scale, showscale=False, xgap=2, ygap=2
    )
    figure = go.Figure([heatmap.update(hoverinfo="skip"), _click_targets(texts)])
    end = len(EMOTIONS) - 0.5  # edge of the last cell; cells are centred at 0, 1, 2, ...
    figure.update_xaxes(title="predicted label", showgrid=False, tickangle=-45, ticks="", range=[-0.5, end])
    figure.update_yaxes(title="true label", showgrid=False, ticks="", range=[end, -0.5])
    return style.style(figure, 470).update_layout(margin_t=8, showlegend=False)


CLICK = "click to see these images"
CLICK_ON_DIAGONAL = "click to see the images that the other model gets wrong"
"""Hover text for the diagonal. A click opens the Errors page, which omits images that both models get right."""


def _click_targets(texts: pd.DataFrame) -> go.Scatter:
    # plotly reports clicks on markers, but not on cells of a heatmap
    cells = texts.melt(ignore_index=False, var_name="predicted", value_name="text").reset_index(names="true")
    return go.Scatter(
        x=cells["predicted"],
        y=cells["true"],
        text=cells["text"],
        mode="markers+text",
        marker={"symbol": "square", "size": CLICK_TARGET_SIDE, "color": "rgba(128, 128, 128, 0.01)"},
        unselected={"marker": {"opacity": 1}},
        textfont={"size": 12},
        customdata=(cells["true"] == cells["predicted"]).map({True: CLICK_ON_DIAGONAL, False: CLICK}),
        hovertemplate="true: %{y}<br>predicted: %{x}<br>%{text}<br>%{customdata}<extra></extra>",
    )


def clicked_cell(selection: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return (true label, predicted label) of the clicked cell, or None. `selection` comes from `st.plotly_chart`."""
    points = selection.get("selection", {}).get("points", [])
    return (points[0]["y"], points[0]["x"]) if points else None
