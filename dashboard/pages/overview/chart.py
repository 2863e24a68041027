"""The chart of the models' accuracies."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style
from dashboard.plain_text import escape_html

HUMAN_ACCURACY = (0.60, 0.70)
"""Accuracy of people on FER2013, low and high: 65 ± 5 % (Goodfellow et al. 2013)."""

ROW_HEIGHT = 54
"""Height of the chart per model, in pixels."""

DODGE = 0.22
"""Vertical distance between the dots of one model, in rows, so that their intervals do not overlap."""


def accuracy_dots(accuracies: pd.DataFrame, show_human_accuracy: bool) -> go.Figure:
    """Draw `tables.accuracies` as dots with 95 % intervals; if wanted, show the accuracy of people as a band."""
    models = list(accuracies["model"].unique())
    figure = go.Figure()
    for slice_index, (title, rows) in enumerate(accuracies.groupby("slice", sort=False)):
        positions = [models.index(model) + DODGE * (slice_index - 1) for model in rows["model"]]
        figure.add_trace(_dots(str(title), rows, positions, slice_index))
    if show_human_accuracy:
        _add_human_accuracy(figure)
    figure.update_xaxes(
        tickformat=".0%", range=_range(accuracies, show_human_accuracy), title="accuracy, with its 95 % interval"
    )
    figure.update_yaxes(
        tickvals=list(range(len(models))),
        ticktext=[escape_html(model) for model in models],
        range=[len(models) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    return style.style(figure, 110 + ROW_HEIGHT * len(models))


def _add_human_accuracy(figure: go.Figure) -> None:
    figure.add_vrect(*HUMAN_ACCURACY, fillcolor=style.FAINT, line_width=0, layer="below")
    figure.add_annotation(
        x=sum(HUMAN_ACCURACY) / 2, y=1, yref="paper", yanchor="bottom", text="people: 65 ± 5 %", showarrow=False
    )


def _range(accuracies: pd.DataFrame, show_human_accuracy: bool) -> tuple[float, float]:
    """Return an axis range that contains all intervals and, with `show_human_accuracy`, the accuracy of people."""
    low, high = accuracies["low"].min(), accuracies["high"].max()
    if show_human_accuracy:
        low, high = min(low, HUMAN_ACCURACY[0]), max(high, HUMAN_ACCURACY[1])
    return low - 0.03, high + 0.03


def _dots(title: str, rows: pd.DataFrame, positions: list[float], slice_index: int) -> go.Scatter:
    return go.Scatter(
        name=title,
        x=rows["accuracy"],
        y=positions,
        mode="markers",
        marker={
            "size": 11,
            "color": style.SERIES_COLORS[slice_index],
            "symbol": style.SERIES_SYMBOLS[slice_index],
        },
        error_x=style.error_bars(rows["accuracy"], rows["low"], rows["high"]),
        customdata=rows[["model", "low", "high", "n"]].assign(model=rows["model"].map(escape_html)),
        hovertemplate="%{customdata[0]}: %{x:.1%} (%{customdata[1]:.1%} to %{customdata[2]:.1%}), "
        "n = %{customdata[3]:,}",
    )
