"""Reliability diagrams: accuracy against confidence."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style
from dashboard.plain_text import escape_html


def reliability_lines(tables: dict[str, pd.DataFrame]) -> go.Figure:
    """Draw one line per table of `calibration_error.reliability`. The keys of `tables` are the names in the legend.

    The line of a perfectly calibrated model is the diagonal. Bins with more images have larger markers.
    Empty bins are left out.
    """
    figure = go.Figure(
        go.Scatter(
            x=[0, 1], y=[0, 1], mode="lines", name="perfectly calibrated", line={"dash": "dot", "color": "#8C8C8C"}
        ).update(hoverinfo="skip")
    )
    for i, (name, table) in enumerate(tables.items()):
        bins = table[table["n"] > 0]
        figure.add_scatter(
            name=escape_html(name),
            x=bins["confidence"],
            y=bins["accuracy"],
            mode="lines+markers",
            line={"color": style.SERIES_COLORS[i]},
            marker={
                "symbol": style.SERIES_SYMBOLS[i],
                "size": 4 + 14 * (bins["n"] / bins["n"].max()) ** 0.5,
                "opacity": 1,
            },
            customdata=bins[["n"]],
            hovertemplate="confidence %{x:.0%}: right on %{y:.0%} of %{customdata[0]:,} images",
        )
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02], title="mean confidence of the bin")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02], title="accuracy in the bin")
    return style.style(figure, 420)
