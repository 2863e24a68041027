"""The chart of accuracy on corrupted images, by strength of the corruption."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.benchmarks.corruptions import CORRUPTIONS
from core.benchmarks.robustness import CLEAN
from dashboard.charts import style
from dashboard.components import wording
from dashboard.plain_text import escape_html

ALL = "all ten, on average"
"""Entry in the list of corruptions: the mean over all corruptions at each strength."""

TITLES = {ALL: "all ten corruptions"}
"""Entry in the list of corruptions -> its name in the chart's title, if that is another."""

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
            y=100 * rows["accuracy"],
            mode="lines+markers",
            line={"color": style.SERIES_COLORS[i % 4]},
            # the fifth model has the colour of the first, but another marker
            marker={"symbol": style.SERIES_SYMBOLS[(i + i // 4) % 4], "size": 9},
            error_y=style.error_bars(*(100 * rows[column] for column in ("accuracy", "low", "high"))),
            customdata=[ticks[strength] for strength in rows["strength"]],
            hovertemplate=f"{escape_html(name)}<br>%{{customdata}}: %{{y:.1f}} %<extra></extra>",
        )
    figure.update_xaxes(title=axis_title(corruption), tickvals=list(range(6)), ticktext=ticks)
    figure.update_yaxes(**style.PERCENT_AXIS, rangemode="tozero", title="accuracy")
    style.style(figure, 380, f"Accuracy under {TITLES.get(corruption, corruption)}").update_layout(hovermode="closest")
    return style.legend_of_models(figure, len(tables))


def finding(tables: Mapping[str, pd.DataFrame], corruption: str) -> str:
    """Return what the chart shows: the accuracy of each model on clean and on the most corrupted images."""
    falls = [_fall_of(name, accuracy_by_strength(table, corruption)) for name, table in tables.items()]
    return f"Accuracy by strength of the corruption ({corruption}). {'; '.join(falls)}."


def _fall_of(name: str, rows: pd.DataFrame) -> str:
    shares = rows.set_index("strength")["accuracy"].reindex((0, 5))
    if pd.isna(shares[5]):
        return f"{name} has not been measured"
    return f"{name} falls from {wording.percent(shares[0])} to {wording.percent(shares[5])} at strength 5"


def axis_title(corruption: str) -> str:
    return "strength" if corruption == ALL else f"{corruption}: {CORRUPTIONS[corruption].unit}"


def _tick_texts(corruption: str) -> list[str]:
    amounts = range(1, 6) if corruption == ALL else CORRUPTIONS[corruption].amounts
    return ["clean", *(f"{amount:g}" for amount in amounts)]
