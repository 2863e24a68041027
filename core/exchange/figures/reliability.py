"""Reliability diagrams: accuracy against confidence."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.exchange.figures import style
from core.exchange.plain_text import escape_html

HOVER = "%{fullData.name}<br>confidence %{x:.1f} %: right on %{y:.1f} % of %{customdata[0]:,} images<extra></extra>"


def reliability_lines(tables: Mapping[str, pd.DataFrame], title: str = "Accuracy by confidence") -> go.Figure:
    """Draw one line per table of `calibration_error.reliability`. The keys of `tables` are the names in the legend.

    The line of a perfectly calibrated model is the diagonal. Bins with more images have larger markers.
    Empty bins are left out.
    """
    figure = go.Figure(
        go.Scatter(
            x=[0, 100], y=[0, 100], mode="lines", name="perfectly calibrated", line={"dash": "dot", "color": "#8C8C8C"}
        ).update(hoverinfo="skip")
    )
    for i, (name, table) in enumerate(tables.items()):
        bins = table[table["n"] > 0]
        figure.add_scatter(
            name=escape_html(name),
            x=100 * bins["confidence"],
            y=100 * bins["accuracy"],
            mode="lines+markers",
            line={"color": style.SERIES_COLORS[i]},
            marker={
                "symbol": style.SERIES_SYMBOLS[i],
                "size": 4 + 14 * (bins["n"] / bins["n"].max()) ** 0.5,
                "opacity": 1,
            },
            customdata=bins[["n"]],
            hovertemplate=HOVER,
        )
    figure.update_xaxes(**style.PERCENT_AXIS, range=[0, 102], title="mean confidence of the bin")
    figure.update_yaxes(**style.PERCENT_AXIS, range=[0, 102], title="accuracy in the bin")
    return style.style(figure, 420, title).update_layout(hovermode="closest")


def finding(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return what the diagram shows: one sentence per table on whether confidence exceeds accuracy or falls short."""
    return " ".join(f"{name}: {_gap_in_words(table)}" for name, table in tables.items())


def _gap_in_words(table: pd.DataFrame) -> str:
    bins = table[table["n"] > 0]
    if bins.empty:
        return "no images."
    confidence, accuracy = (100 * np.average(bins[column], weights=bins["n"]) for column in ("confidence", "accuracy"))
    gap = confidence - accuracy
    verdict = "too high" if gap > 0 else "too low"
    return f"confidence {confidence:.1f} % on average, accuracy {accuracy:.1f} %; {abs(gap):.1f} points {verdict}."


def bin_texts(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the numbers of the diagram as texts: one row per bin, and the images and accuracy of each table in it."""
    edges = next(iter(tables.values()))
    texts = {"Confidence": [f"{100 * low:.0f} to {100 * high:.0f} %" for low, high in _edges(edges)]}
    for name, table in tables.items():
        texts[f"{name}, images"] = [f"{n:,}" for n in table["n"]]
        texts[f"{name}, accuracy"] = ["–" if np.isnan(share) else f"{100 * share:.1f} %" for share in table["accuracy"]]
    return pd.DataFrame(texts)


def _edges(table: pd.DataFrame) -> list[tuple[float, float]]:
    return list(zip(table["bin_low"], table["bin_high"], strict=True))
