"""Heat maps of a confusion matrix with cells that can be clicked."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.emotions import EMOTIONS
from core.exchange.figures.confusion import (
    cell_table,
    count_and_share_texts,
    difference_finding,
    finding,
    share_texts,
)
from dashboard.charts import style

__all__ = [
    "cell_table",
    "clicked_cell",
    "confusion_heatmap",
    "count_and_share_texts",
    "difference_finding",
    "finding",
    "share_texts",
]

# At most 75 % opaque, so that text in the theme's colour is readable on every cell.
SHARE_SCALE = [[0, "rgba(31, 127, 142, 0)"], [1, "rgba(31, 127, 142, 0.75)"]]

CLICK_TARGET_SIDE = 38
"""Side in pixels of the almost invisible square on each cell. The square receives the clicks."""


def confusion_heatmap(shares: pd.DataFrame, texts: pd.DataFrame, title: str = "") -> go.Figure:
    """Draw a confusion matrix with clickable cells.

    `shares` (7x7) set the colours: each is the cell's share of its row, 0..1. `texts` (7x7) are written in the cells.
    """
    heatmap = go.Heatmap(
        x=EMOTIONS, y=EMOTIONS, z=shares, zmin=0, zmax=1, colorscale=SHARE_SCALE, showscale=False, xgap=2, ygap=2
    )
    figure = go.Figure([heatmap.update(hoverinfo="skip"), _click_targets(texts)])
    end = len(EMOTIONS) - 0.5  # edge of the last cell; cells are centred at 0, 1, 2, ...
    figure.update_xaxes(title="predicted label", showgrid=False, tickangle=-45, ticks="", range=[-0.5, end])
    figure.update_yaxes(title="true label", showgrid=False, ticks="", range=[end, -0.5])
    style.style(figure, 470, title)
    return figure.update_layout(margin_t=12 + (style.TITLE_HEIGHT if title else 0), showlegend=False)


CLICK = "click to see these images"


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
        customdata=cells["text"].str.replace("<br>", ", "),
        hovertemplate="<b>%{y} predicted as %{x}</b><br>%{customdata}<br>" + CLICK + "<extra></extra>",
    )


def clicked_cell(selection: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return (true label, predicted label) of the clicked cell, or None. `selection` comes from `st.plotly_chart`."""
    points = selection.get("selection", {}).get("points", [])
    return (points[0]["y"], points[0]["x"]) if points else None
