"""The course of a webcam session."""

import pandas as pd
import plotly.graph_objects as go

from core.colors import COLORS
from core.emotions import EMOTIONS
from dashboard.charts import style

POINTS = 150
"""Drawn at most, so that the browser has time for the video."""


DASHES = {
    "angry": "dash",
    "disgust": "dot",
    "fear": "longdash",
    "happy": "solid",
    "neutral": "dashdot",
    "sad": "longdashdot",
    "surprise": "12px 4px 2px 4px 2px 4px",
}
"""A line is told apart by its pattern as well as by its colour."""

GAP_S = 1.0
"""Frames that lie further apart are not joined by a line."""


def with_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """`SessionLog.course` with an empty row at the end of each stretch of time without frames."""
    ends = rows.loc[rows["time_s"].diff() > GAP_S, ["time_s"]] - 1e-3
    return pd.concat([rows, ends]).sort_values("time_s", kind="stable")


def course(rows: pd.DataFrame, last_s: float) -> go.Figure:
    """`SessionLog.course` -> a line an emotion over the last seconds; gaps where no face was found."""
    figure = go.Figure()
    newest = rows["time_s"].max() if len(rows) else 0.0
    thinned = with_gaps(rows.iloc[:: max(1, len(rows) // POINTS)])
    for emotion in EMOTIONS:
        figure.add_scatter(
            name=emotion,
            x=thinned["time_s"] - newest,
            y=thinned[emotion],
            mode="lines",
            line={"color": COLORS[emotion], "width": 2.5, "dash": DASHES[emotion]},
            hovertemplate=f"{emotion} %{{y:.0%}}<extra></extra>",
        )
    figure.update_xaxes(title="seconds ago", range=[-last_s, 0], tickvals=[-30, -20, -10, 0], ticktext=[30, 20, 10, 0])
    figure.update_yaxes(tickformat=".0%", range=[0, 1.01], title="probability")
    return style.style(figure, 300)
