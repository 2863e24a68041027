"""The chart of a model's training curves."""

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.charts import style

ROWS = (("loss", "loss"), ("accuracy", "accuracy"), ("learning_rate", "learning rate"))
"""Rows of the chart, from top to bottom: the end of the history's column names, and the title of the y axis."""

LINES = (("train_", "train", "dot", style.SERIES_COLORS[1]), ("val_", "val", "solid", style.SERIES_COLORS[0]))
"""Lines of the loss and accuracy rows: start of the column's name, name in the legend, dash pattern, colour."""


def training_curves(history: pd.DataFrame) -> go.Figure:
    """Draw loss, accuracy and learning rate below each other, and mark the epoch or iteration that was kept.

    `history` is the result of `store.read_history`. Columns of loss and accuracy may be missing. Empty columns draw
    no line.
    """
    figure = make_subplots(rows=len(ROWS), shared_xaxes=True, vertical_spacing=0.06, row_heights=[0.4, 0.4, 0.2])
    for row, (column, title) in enumerate(ROWS, start=1):
        for prefix, name, dash, color in LINES:
            if prefix + column in history:
                line = _line(history, prefix + column, name, {"dash": dash, "color": color}, in_legend=row == 1)
                figure.add_trace(line, row, 1)
        figure.update_yaxes(title=title, row=row, col=1)
    figure.add_trace(
        _line(history, "learning_rate", "learning rate", {"color": style.SERIES_COLORS[3]}, False), len(ROWS), 1
    )
    for step in history.loc[history["kept"] == 1, "step"]:
        figure.add_vline(x=step, line={"dash": "dash", "width": 1, "color": style.SERIES_COLORS[3]})
        figure.add_annotation(x=step, y=1, yref="paper", yanchor="bottom", text=f"kept: {step}", showarrow=False)
    figure.update_xaxes(title="epoch or iteration", row=len(ROWS), col=1)
    figure.update_yaxes(tickformat=".0%", row=2, col=1)
    figure.update_yaxes(rangemode="tozero", row=len(ROWS), col=1)
    return style.style(figure, 520).update_layout(legend={"y": 1.07})


def _line(history: pd.DataFrame, column: str, name: str, line: dict[str, object], in_legend: bool) -> go.Scatter:
    return go.Scatter(
        x=history["step"], y=history[column], name=name, mode="lines", line=line, legendgroup=name, showlegend=in_legend
    )
