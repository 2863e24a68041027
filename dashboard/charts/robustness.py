"""Accuracy under damage."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.corruptions import CORRUPTIONS
from core.robustness import CLEAN
from dashboard.charts import theme

ALL = "all ten, on average"
"""Instead of a corruption's name: the mean over all of them at each strength."""

DODGE = 0.05
"""Strengths between neighbouring models, so that their intervals do not hide each other."""


def strengths(table: pd.DataFrame, corruption: str) -> pd.DataFrame:
    """A row a strength from 0 (clean) to 5: strength, amount, accuracy, low, high; no interval for the mean of all."""
    clean = table[table["corruption"] == CLEAN]
    damaged = table[table["corruption"] != CLEAN]
    if corruption == ALL:
        rows = damaged.groupby("strength", as_index=False)["accuracy"].mean()
    else:
        rows = damaged[damaged["corruption"] == corruption]
    return pd.concat([clean, rows], ignore_index=True)[["strength", "amount", "accuracy", "low", "high"]]


def lines(tables: Mapping[str, pd.DataFrame], corruption: str) -> go.Figure:
    """Model -> its `core.robustness.COLUMNS` table: a line a model over the strengths of one corruption, or of all."""
    figure, ticks = go.Figure(), _ticks(corruption)
    for i, (name, table) in enumerate(tables.items()):
        rows = strengths(table, corruption)
        figure.add_scatter(
            name=name,
            x=rows["strength"] + DODGE * (i - (len(tables) - 1) / 2),
            y=rows["accuracy"],
            mode="lines+markers",
            line={"color": theme.MODEL_COLORS[i % 4]},
            # the fifth model has the first one's colour, but not its marker
            marker={"symbol": theme.MODEL_SYMBOLS[(i + i // 4) % 4], "size": 9},
            error_y=theme.error_bars(rows["accuracy"], rows["low"], rows["high"]),
            customdata=[ticks[strength] for strength in rows["strength"]],
            hovertemplate=f"{name}<br>%{{customdata}}: %{{y:.1%}}<extra></extra>",
        )
    figure.update_xaxes(title=axis_title(corruption), tickvals=list(range(6)), ticktext=ticks)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", title="accuracy")
    return theme.style(figure, 380)


def axis_title(corruption: str) -> str:
    return "strength" if corruption == ALL else f"{corruption}: {CORRUPTIONS[corruption].unit}"


def _ticks(corruption: str) -> list[str]:
    amounts = range(1, 6) if corruption == ALL else CORRUPTIONS[corruption].amounts
    return ["clean", *(f"{amount:g}" for amount in amounts)]
