"""The models' accuracies on one axis."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style

PEOPLE = (0.60, 0.70)
"""What people reach on FER2013: 65 +- 5 % (Goodfellow et al. 2013)."""

ROW_HEIGHT = 54
"""Pixels per model."""


def accuracy_dots(accuracies: pd.DataFrame) -> go.Figure:
    """`tables.accuracies` -> a dot with its 95 % interval for each model and slice, and the band that people reach."""
    models = list(accuracies["model"].unique())
    figure = go.Figure()
    for i, (title, rows) in enumerate(accuracies.groupby("slice", sort=False)):
        figure.add_trace(_dots(str(title), rows, [models.index(model) + 0.22 * (i - 1) for model in rows["model"]], i))
    figure.add_vrect(*PEOPLE, fillcolor=style.FAINT, line_width=0, layer="below")
    figure.add_annotation(
        x=sum(PEOPLE) / 2, y=1, yref="paper", yanchor="bottom", text="people: 65 ± 5 %", showarrow=False
    )
    figure.update_xaxes(tickformat=".0%", range=_range(accuracies), title="accuracy, with its 95 % interval")
    figure.update_yaxes(
        tickvals=list(range(len(models))),
        ticktext=models,
        range=[len(models) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    return style.style(figure, 110 + ROW_HEIGHT * len(models))


def _range(accuracies: pd.DataFrame) -> tuple[float, float]:
    """The band of people and all intervals, with room at both ends."""
    low, high = accuracies["low"].min(), accuracies["high"].max()
    return min(low, PEOPLE[0]) - 0.03, max(high, PEOPLE[1]) + 0.03


def _dots(title: str, rows: pd.DataFrame, positions: list[float], i: int) -> go.Scatter:
    return go.Scatter(
        name=title,
        x=rows["accuracy"],
        y=positions,
        mode="markers",
        marker={"size": 11, "color": style.MODEL_COLORS[i], "symbol": style.MODEL_SYMBOLS[i]},
        error_x=style.error_bars(rows["accuracy"], rows["low"], rows["high"]),
        customdata=rows[["model", "low", "high", "n"]],
        hovertemplate="%{customdata[0]}: %{x:.1%} (%{customdata[1]:.1%} to %{customdata[2]:.1%}), "
        "n = %{customdata[3]:,}",
    )
