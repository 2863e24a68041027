"""Line chart of the probabilities in a webcam session."""

import pandas as pd
import plotly.graph_objects as go

from core.colors import COLORS
from core.emotions import EMOTIONS
from dashboard.charts import style
from dashboard.components import wording

MIN_THINNED_POINTS = 150
"""Long lines are thinned to between one and two times this many points. More would slow down the video."""

DASHES = {
    "angry": "dash",
    "disgust": "dot",
    "fear": "longdash",
    "happy": "solid",
    "neutral": "dashdot",
    "sad": "longdashdot",
    "surprise": "12px 4px 2px 4px 2px 4px",
}
"""Emotion -> dash pattern of its line, so that lines differ not only in colour."""

GAP_S = 1.0
"""No line is drawn between two frames that are more than this many seconds apart."""


def break_at_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with a row of NaN added in each gap of more than `GAP_S` seconds.

    `rows` comes from `SessionLog.recent_probabilities`.
    """
    gap_ends = rows.loc[rows["time_s"].diff() > GAP_S, ["time_s"]] - 1e-3
    return pd.concat([rows, gap_ends]).sort_values("time_s", kind="stable")


def probability_lines(rows: pd.DataFrame, last_s: float, title: str) -> go.Figure:
    """Draw one line per emotion from `SessionLog.recent_probabilities`. The x axis covers the last `last_s` seconds.

    The lines are interrupted at frames without the face and at gaps of more than `GAP_S` seconds.
    """
    figure = go.Figure()
    newest = rows["time_s"].max() if len(rows) else 0.0
    thinned = break_at_gaps(rows.iloc[:: max(1, len(rows) // MIN_THINNED_POINTS)])
    for emotion in EMOTIONS:
        figure.add_scatter(
            name=emotion,
            x=thinned["time_s"] - newest,
            y=100 * thinned[emotion],
            mode="lines",
            line={"color": COLORS[emotion], "width": 2.5, "dash": DASHES[emotion]},
            hovertemplate="%{y:.0f} %",
        )
    ticks = [-30, -20, -10, 0]
    figure.update_xaxes(
        title="seconds ago", range=[-last_s, 0], tickvals=ticks, ticktext=[-tick for tick in ticks], hoverformat=".1f"
    )
    figure.update_yaxes(**style.PERCENT_AXIS, range=[0, 101])
    return style.legend_below(style.style(figure, 340, title)).update_layout(hovermode="x unified")


def finding(rows: pd.DataFrame) -> str:
    """Return what the lines show in words, such as "mostly happy, on average 72 %"."""
    means = rows[list(EMOTIONS)].mean()
    if means.isna().all():
        return "no prediction"
    return f"mostly {means.idxmax()}, on average {wording.percent(float(means.max()), 0)}"
