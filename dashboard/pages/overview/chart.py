"""The picture of the Overview page: the accuracy of all models over their size."""

import math
from collections.abc import Collection

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style
from dashboard.components import wording
from dashboard.plain_text import escape_html

HUMAN_ACCURACY = (60, 70)
"""Accuracy of people on FER2013 in percent, low and high: 65 ± 5 % (Goodfellow et al. 2013)."""

HEIGHT = 370

LONGEST_NAME = 20
"""Maximum number of characters of a name inside the chart, so that it fits on a phone."""

HOVER = (
    "<b>%{customdata[0]}</b><br>%{fullData.name}<br>accuracy %{customdata[1]}<br>n = %{customdata[2]:,} test images<br>"
    "%{customdata[3]}, %{customdata[4]} ms per face<extra></extra>"
)


def accuracy_over_size(points: pd.DataFrame, pair: Collection[str], show_human_accuracy: bool) -> go.Figure:
    """Draw `tables.points`: one dot per model with its 95 % interval. The models of the `pair` are larger.

    If wanted, show the accuracy of people as a band.
    """
    figure = go.Figure()
    for index, (kind, rows) in enumerate(points.groupby("kind", sort=False)):
        figure.add_trace(_dots(str(kind), rows, pair, index))
    if show_human_accuracy:
        _add_human_accuracy(figure)
    x_range, ticks = _size_axis(points["megabytes"])
    figure.update_xaxes(
        type="log", range=x_range, tickvals=ticks, ticktext=[f"{tick:g}" for tick in ticks], zeroline=False,
        title="size of the weights in MB",
    )  # fmt: skip
    figure.update_yaxes(**style.PERCENT_AXIS, range=_accuracy_range(points, show_human_accuracy), zeroline=False)
    return style.style(figure, HEIGHT, title(points)).update_layout(hovermode="closest", legend_itemsizing="constant")


def title(points: pd.DataFrame) -> str:
    """Return the title of the chart."""
    return "Accuracy over size" if len(points) < 2 else f"Accuracy over size of {len(points)} models"


def finding(points: pd.DataFrame, pair: Collection[str], show_human_accuracy: bool) -> str:
    """Return what the chart shows, in sentences: the best model, the `pair`, and how many models exceed people."""
    best = points.iloc[int(points["accuracy"].argmax())]
    sentences = [f"{best['model']} is the most accurate of {len(points)} models, {_in_words(best)}."]
    others = points[points["model"].isin(pair) & (points["model"] != best["model"])]
    sentences += [f"{row['model']} reaches {_in_words(row)}." for row in others.to_dict("records")]
    if show_human_accuracy:
        above = int((points["accuracy"] > HUMAN_ACCURACY[1]).sum())
        sentences.append(f"People reach 65 ± 5 %; models above this band: {above}.")
    return " ".join(sentences)


def _in_words(row: "pd.Series[float]") -> str:
    return f"{wording.percent(row['accuracy'] / 100)} with {row['megabytes']:.1f} MB"


def _dots(kind: str, rows: pd.DataFrame, pair: Collection[str], index: int) -> go.Scatter:
    in_pair, is_named = rows["model"].isin(pair), rows["is_leading"] | rows["model"].isin(pair)
    names = rows["model"].map(lambda name: escape_html(name, LONGEST_NAME))
    texts = names.where(~in_pair, "<b>" + names + "</b> " + rows["accuracy"].map("{:.1f} %".format))
    intervals = rows["accuracy_text"].map(escape_html)
    hover = rows.assign(model=rows["model"].map(escape_html), text=intervals)
    return go.Scatter(
        name=escape_html(kind),
        x=rows["megabytes"],
        y=rows["accuracy"],
        mode="markers+text",
        text=texts.where(is_named, ""),
        textposition=["top left" if large else "middle right" for large in in_pair],
        textfont={"size": [14 if large else 10 for large in in_pair]},
        cliponaxis=False,
        marker={
            "size": [17 if large else 9 for large in in_pair],
            "opacity": 1,
            "color": style.SERIES_COLORS[index % len(style.SERIES_COLORS)],
            "symbol": style.SERIES_SYMBOLS[index % len(style.SERIES_SYMBOLS)],
        },
        error_y=style.error_bars(rows["accuracy"], rows["low"], rows["high"]),
        customdata=hover[["model", "text", "n", "size", "ms_per_face"]],
        hovertemplate=HOVER,
    )


def _add_human_accuracy(figure: go.Figure) -> None:
    figure.add_hrect(*HUMAN_ACCURACY, fillcolor=style.FAINT, line_width=0, layer="below")
    figure.add_annotation(
        x=0.01, xref="paper", xanchor="left", y=sum(HUMAN_ACCURACY) / 2, text="people: 65 ± 5 %", showarrow=False
    )


def _accuracy_range(points: pd.DataFrame, show_human_accuracy: bool) -> tuple[float, float]:
    """Return an axis range that contains all intervals and, with `show_human_accuracy`, the accuracy of people."""
    low, high = points[["accuracy", "low"]].min().min(), points[["accuracy", "high"]].max().max()
    if show_human_accuracy:
        low, high = min(low, HUMAN_ACCURACY[0]), max(high, HUMAN_ACCURACY[1])
    return low - 4, high + 4  # room for the names


def _size_axis(megabytes: "pd.Series[float]") -> tuple[tuple[float, float], list[float]]:
    """Return the range of a logarithmic axis, as exponents of 10, and its ticks: 0.1, 0.2, 0.5, 1, ... in between."""
    low, high = math.log10(megabytes.min()) - 0.35, math.log10(megabytes.max()) + 0.5  # room for the names
    steps = [step * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for step in (1, 2, 5)]
    return (low, high), [step for step in steps if low <= math.log10(step) <= high]
