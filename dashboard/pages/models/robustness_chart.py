"""The chart of accuracy on corrupted images, by strength of the corruption."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.benchmarks.corruptions import CORRUPTIONS
from core.benchmarks.robustness import CLEAN
from dashboard.charts import style
from dashboard.plain_text import escape_html

ALL = "all ten, on average"
"""Entry in the list of corruptions: the mean over all corruptions at each strength."""

DODGE = 0.05
"""Horizontal distance between the markers of two models, so that their intervals do not overlap."""


def accuracy_by_strength(table: pd.DataFrame, corruption: str) -> pd.DataFrame:
    """Return one row per strength, 0 (clean) to 5: strength, amount, accuracy, low, high.

    `table` has the columns `robustness.COLUMNS`. For `ALL`, amount, low and high are NaN at the strengths 1 to 5.
    """
    clean = table[table["corruption"] == CLEAN]
    corrupted = table[table["corruption"] != CLEAN]
    if corruption == ALL:
        rows = corrupted.groupby("strength")["accuracy"].mean().reset_index()
    else:
        rows = corrupted[corrupted["corruption"] == corruption]
    return pd.concat([clean, rows], ignore_index=True)[["strength", "amount", "accuracy", "low", "high"]]


def lines(tables: Mapping[str, pd.DataFrame], corruption: str) -> go.Figure:
    """Draw one line per model: its accuracy at each strength of a corruption, or the mean over all ten (`ALL`).

    `tables`: model name -> table with the columns `robustness.COLUMNS`.
    """
    figure, ticks = go.Figure(), _tick_texts(corruption)
    for i, (name, table) in enumerate(tables.items()):
        rows = accuracy_by_strength(table, corruption)
        figure.add_scatter(
            name=escape_html(name),
            x=rows["strength"] + DODGE * (i - (len(tables) - 1) / 2),
            y=rows["accuracy"],
            mode="lines+markers",
            line={"color": style.SERIES_COLORS[i % 4]},
            # the fifth model has the colour of the first, but another marker
            marker={"symbol": style.SERIES_SYMBOLS[(i + i // 4) % 4], "size": 9},
            error_y=style.error_bars(rows["accuracy"], rows["low"], rows["high"]),
            customdata=[ticks[strength] for strength in rows["strength"]],
            hovertemplate=f"{escape_html(name)}<br>%{{customdata}}: %{{y:.1%}}<extra></extra>",
        )
    figure.update_xaxes(title=axis_title(corruption), tickvals=list(range(6)), ticktext=ticks)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", title="accuracy")
    return style.style(figure, 380)


def axis_title(corruption: str) -> str:
    return "strength" if corruption == ALL else f"{corruption}: {CORRUPTIONS[corruption].unit}"


def _tick_texts(corruption: str) -> list[str]:
    amounts = range(1, 6) if corruption == ALL else CORRUPTIONS[corruption].amounts
    return ["clean", *(f"{amount:g}" for amount in amounts)]
