"""Charts of the Dataset page."""

import pandas as pd
import plotly.graph_objects as go

from core.colors import COLORS
from core.emotions import EMOTIONS
from dashboard.charts import style

SPLIT_PATTERNS = {"train": "", "val": "/", "test": "x"}
"""Fill patterns of the bars, so that splits can be distinguished without colour."""

SPLIT_COLORS = dict(zip(SPLIT_PATTERNS, style.SERIES_COLORS, strict=False))


def class_bars(counts: pd.DataFrame, shares: bool) -> go.Figure:
    """Draw one bar per emotion and split: the number of images or, if `shares` is true, their share of the split.

    `counts` has one row per emotion and one column per split.
    """
    totals = counts.sum()
    figure = go.Figure()
    for split in counts.columns:
        split_shares = counts[split] / max(int(totals[split]), 1)
        labels = [f"{100 * share:.1f} %" for share in split_shares] if shares else [f"{n:,}" for n in counts[split]]
        marker = {"color": SPLIT_COLORS[split], "pattern": {"shape": SPLIT_PATTERNS[split], "size": 5}}
        figure.add_bar(
            y=list(counts.index), x=split_shares if shares else counts[split], orientation="h", name=f"{split}",
            text=labels, textposition="outside", cliponaxis=False, marker=marker, hoverinfo="skip",
        )  # fmt: skip
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(tickformat=".0%" if shares else ",", title="share of the split" if shares else "images")
    return style.style(figure, 520).update_layout(bargap=0.2)


def class_boxes(manifest: pd.DataFrame, column: str, title: str) -> go.Figure:
    """Draw one box per emotion for a column of the manifest. `title` is the title of the x axis.

    A box shows the median and the quartiles. The whiskers end at the 5th and the 95th percentile.
    """
    quantiles = [0.05, 0.25, 0.5, 0.75, 0.95]
    spread = {
        emotion: manifest.loc[manifest["true_label"] == emotion, column].quantile(quantiles) for emotion in EMOTIONS
    }
    figure = go.Figure()
    for emotion in EMOTIONS:
        low, first, middle, third, high = ([value] for value in spread[emotion])
        figure.add_box(
            y=[emotion], q1=first, median=middle, q3=third, lowerfence=low, upperfence=high,
            orientation="h", name=emotion, marker_color=COLORS[emotion], showlegend=False,
        )  # fmt: skip
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title=title)
    return style.style(figure, 340).update_layout(margin_t=8)
