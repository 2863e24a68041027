"""Charts of the Dataset page."""

import pandas as pd
import plotly.graph_objects as go

from core.colors import COLORS
from dashboard.charts import style

SPLIT_PATTERNS = {"train": "", "val": "/", "test": "x"}
"""Fill patterns of the bars, so that splits can be distinguished without colour."""

SPLIT_COLORS = dict(zip(SPLIT_PATTERNS, style.SERIES_COLORS, strict=False))

ROOM_FOR_LABELS = 1.22
"""Length of the axis in lengths of the longest bar. The bar's label must fit beside it, on a phone too."""


def class_bars(counts: pd.DataFrame, shares: bool) -> go.Figure:
    """Draw one bar per emotion and split: the number of images or, if `shares` is true, their share of the split.

    `counts` has one row per emotion and one column per split.
    """
    values = 100 * counts / counts.sum().clip(lower=1) if shares else counts
    figure = go.Figure()
    for split in counts.columns:
        labels = [f"{value:.1f} %" if shares else f"{value:,}" for value in values[split]]
        marker = {"color": SPLIT_COLORS[split], "pattern": {"shape": SPLIT_PATTERNS[split], "size": 5}}
        figure.add_bar(
            y=list(counts.index), x=values[split], orientation="h", name=f"{split}",
            text=labels, textposition="outside", cliponaxis=False, marker=marker, hoverinfo="skip",
        )  # fmt: skip
    figure.update_yaxes(autorange="reversed")
    axis = {**style.PERCENT_AXIS, "title": "share of the split"} if shares else {"tickformat": ",", "title": "images"}
    figure.update_xaxes(**axis, range=[0, ROOM_FOR_LABELS * max(values.max().max(), 1)], nticks=5)
    title = "Share of each emotion in each split" if shares else "Images of each emotion"
    return style.style(figure, 520, title).update_layout(bargap=0.2)


def balance_finding(counts: pd.DataFrame) -> str:
    """Return the emotions with the most and with the fewest images in train, in words."""
    train = counts["train"]
    share = 100 * train / max(int(train.sum()), 1)
    most, fewest = str(train.idxmax()), str(train.idxmin())
    return (
        f"In train, {most} has the most images, {train[most]:,} ({share[most]:.1f} %), "
        f"and {fewest} the fewest, {train[fewest]:,} ({share[fewest]:.1f} %)."
    )


def class_boxes(spread: pd.DataFrame, title: str, unit: str) -> go.Figure:
    """Draw one box per emotion from `core.data.findings.quantiles`. `unit` is the title of the x axis.

    A box shows the median and the quartiles. The whiskers end at the 5th and the 95th percentile.
    """
    figure = go.Figure()
    for emotion, row in spread.iterrows():
        figure.add_box(
            y=[emotion], q1=[row["25 %"]], median=[row["median"]], q3=[row["75 %"]],
            lowerfence=[row["5 %"]], upperfence=[row["95 %"]],
            orientation="h", name=emotion, marker_color=COLORS[str(emotion)], showlegend=False, hoverinfo="skip",
        )  # fmt: skip
    figure.add_trace(_tooltips(spread))
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title=unit)
    return style.style(figure, 340, title).update_layout(
        margin_t=8 + style.TITLE_HEIGHT, hovermode="closest", hoverdistance=-1
    )


def _tooltips(spread: pd.DataFrame) -> go.Scatter:
    # plotly labels each line of a box on its own, and these labels cover one another. This trace has one per box.
    return go.Scatter(
        x=spread["median"],
        y=list(spread.index),
        mode="markers",
        marker={"color": "rgba(0, 0, 0, 0)"},
        customdata=spread.to_numpy(),
        hovertemplate="<b>%{y}</b><br>median %{customdata[2]:,.0f}<br>middle half %{customdata[1]:,.0f} to "
        "%{customdata[3]:,.0f}<br>90 % of images %{customdata[0]:,.0f} to %{customdata[4]:,.0f}<extra></extra>",
        showlegend=False,
    )


def spread_texts(spread: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of the boxes as texts, one row per emotion."""
    texts = spread.map(lambda value: "–" if pd.isna(value) else f"{value:,.0f}")
    return texts.rename_axis("Emotion").reset_index()


def pair_bars(pairs: pd.DataFrame) -> go.Figure:
    """Draw one bar per pair of labels, of `core.review.doubts.doubt_pairs`: the number of its images."""
    names = [
        f"{true}, looks {suggested}"
        for true, suggested in zip(pairs["true_label"], pairs["suggested_label"], strict=True)
    ]
    colors = [COLORS[str(suggested)] for suggested in pairs["suggested_label"]]
    figure = go.Figure()
    figure.add_bar(
        y=names, x=pairs["images"], orientation="h", marker_color=colors, text=[f"{n:,}" for n in pairs["images"]],
        textposition="outside", cliponaxis=False, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title="images", range=[0, ROOM_FOR_LABELS * max(pairs["images"].max(), 1)], nticks=5)
    style.style(figure, 60 + 26 * len(pairs), "Doubtful labels: what the images look like")
    return figure.update_layout(margin_t=8 + style.TITLE_HEIGHT, bargap=0.2)
