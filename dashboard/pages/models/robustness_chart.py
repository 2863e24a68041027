"""The chart of accuracy on corrupted images."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.benchmarks.corruptions import CORRUPTIONS
from core.benchmarks.robustness import CLEAN
from dashboard.charts import style

ALL = "all ten, on average"
"""Choice beside the names of corruptions: the mean over all of them at each strength."""

DODGE = 0.05
"""Horizontal distance of neighbouring models, so that their intervals do not overlap."""


def strengths(table: pd.DataFrame, corruption: str) -> pd.DataFrame:
    """Return one row per strength, 0 (clean) to 5: strength, amount, accuracy, low, high. Means have no interval."""
    clean = table[table["corruption"] == CLEAN]
    damaged = table[table["corruption"] != CLEAN]
    if corruption == ALL:
        rows = damaged.groupby("strength")["accuracy"].mean().reset_index()
    else:
        rows = damaged[damaged["corruption"] == corruption]
    return pd.concat([clean, rows], ignore_index=True)[["strength", "amount", "accuracy", "low", "high"]]


def lines(tables: Mapping[str, pd.DataFrame], corruption: str) -> go.Figure:
    """Draw one line per model over the strengths of one corruption; `tables` maps names to `robustness.COLUMNS`."""
    figure, ticks = go.Figure(), _ticks(corruption)
    for i, (name, table) in enumerate(tables.items()):
        rows = strengths(table, corruption)
        figure.add_scatter(
            name=name,
            x=rows["strength"] + DODGE * (i - (len(tables) - 1) / 2),
            y=rows["accuracy"],
            mode="lines+markers",
            line={"color": style.MODEL_COLORS[i % 4]},
            # the fifth model has the first one's colour, but not its marker
            marker={"symbol": style.MODEL_SYMBOLS[(i + i // 4) % 4], "size": 9},
            error_y=style.error_bars(rows["accuracy"], rows["low"], rows["high"]),
            customdata=[ticks[strength] for strength in rows["strength"]],
            hovertemplate=f"{name}<br>%{{customdata}}: %{{y:.1%}}<extra></extra>",
        )
    figure.update_xaxes(title=axis_title(corruption), tickvals=list(range(6)), ticktext=ticks)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", title="accuracy")
    return style.style(figure, 380)


def axis_title(corruption: str) -> str:
    return "strength" if corruption == ALL else f"{corruption}: {CORRUPTIONS[corruption].unit}"


def _ticks(corruption: str) -> list[str]:
    amounts = range(1, 6) if corruption == ALL else CORRUPTIONS[corruption].amounts
    return ["clean", *(f"{amount:g}" for amount in amounts)]
