"""The chart of the models' accuracies."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style

PEOPLE = (0.60, 0.70)
"""Accuracy of people on FER2013: 65 +- 5 % (Goodfellow et al. 2013)."""

ROW_HEIGHT = 54
"""Pixels per model."""


def accuracy_dots(accuracies: pd.DataFrame, show_people: bool) -> go.Figure:
    """Draw `tables.accuracies` as dots with 95 % intervals; `show_people` adds the accuracy of people as a band."""
    models = list(accuracies["model"].unique())
    figure = go.Figure()
    for i, (title, rows) in enumerate(accuracies.groupby("slice", sort=False)):
        figure.add_trace(_dots(str(title), rows, [models.index(model) + 0.22 * (i - 1) for model in rows["model"]], i))
    if show_people:
        _add_people(figure)
    figure.update_xaxes(
        tickformat=".0%", range=_range(accuracies, show_people), title="accuracy, with its 95 % interval"
    )
    figure.update_yaxes(
        tickvals=list(range(len(models))),
        ticktext=models,
        range=[len(models) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    return style.style(figure, 110 + ROW_HEIGHT * len(models))


def _add_people(figure: go.Figure) -> None:
    figure.add_vrect(*PEOPLE, fillcolor=style.FAINT, line_width=0, layer="below")
    figure.add_annotation(
        x=sum(PEOPLE) / 2, y=1, yref="paper", yanchor="bottom", text="people: 65 ± 5 %", showarrow=False
    )


def _range(accuracies: pd.DataFrame, show_people: bool) -> tuple[float, float]:
    """Return an axis range with room for all intervals and, if it is shown, the band."""
    low, high = accuracies["low"].min(), accuracies["high"].max()
    if show_people:
        low, high = min(low, PEOPLE[0]), max(high, PEOPLE[1])
    return low - 0.03, high + 0.03


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
