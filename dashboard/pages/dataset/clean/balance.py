"""What a clean list changes for the classes: images before and after, per emotion and split."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.columns import SPLIT_DTYPE
from core.emotions import EMOTIONS
from core.review.clean_list import class_counts
from dashboard import resources
from dashboard.charts import style
from dashboard.components import displays, downloads
from dashboard.components.wording import DASH
from dashboard.pages.dataset.charts import SPLIT_COLORS, SPLIT_PATTERNS

SPLITS = tuple(map(str, SPLIT_DTYPE.categories))

TITLE = "Change of each emotion's images"


def show(listed: pd.DataFrame) -> None:
    """Show a chart of the change and, under it, the numbers before and after."""
    counts = class_counts(listed, resources.data.manifest())
    displays.show(change_bars(counts), finding(counts))
    st.markdown(finding(counts))
    displays.text_table(shown(counts))
    downloads.csv_button(counts.reset_index(), "clean-list-classes")


def changes(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the change in percent, one row per emotion and one column per split; NaN without images before."""
    before, after = wide(counts, "before"), wide(counts, "after")
    return 100 * (after - before) / before.where(before > 0)


def wide(counts: pd.DataFrame, when: str) -> pd.DataFrame:
    """Return the column `when` of `class_counts` with one row per emotion and one column per split."""
    numbers = counts[when].to_numpy().reshape(len(EMOTIONS), len(SPLITS))
    return pd.DataFrame(numbers, index=list(EMOTIONS), columns=list(SPLITS))


def change_bars(counts: pd.DataFrame) -> go.Figure:
    """Draw the change of each emotion's images in percent, one bar per split. `counts` are those of `class_counts`."""
    values = changes(counts)
    figure = go.Figure()
    for split in SPLITS:
        labels = ["" if pd.isna(value) else _percent(value) for value in values[split]]
        marker = {"color": SPLIT_COLORS[split], "pattern": {"shape": SPLIT_PATTERNS[split], "size": 5}}
        figure.add_bar(
            y=list(values.index), x=values[split], orientation="h", name=split,
            text=labels, textposition="outside", cliponaxis=False, marker=marker, hoverinfo="skip",
        )  # fmt: skip
    reach = 1.3 * max(values.abs().max().max(), 1)
    low, high = (-reach if values.min().min() < 0 else -1, reach if values.max().max() > 0 else 0.05 * reach)
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(ticksuffix=" %", title="change in images", range=[low, high], nticks=5)
    return style.style(figure, 520, TITLE).update_layout(bargap=0.2)


def finding(counts: pd.DataFrame) -> str:
    """Say which emotion of train changes most, and what becomes of the imbalance."""
    train = changes(counts)["train"].dropna()
    if train.empty:
        return "Train has no images."
    before, after = (_imbalance(counts, when) for when in ("before", "after"))
    balance = f"Train's largest to smallest class: {before} before, {after} after."
    if not train.any():
        return f"Train keeps all its images. {balance}"
    most = str(train.abs().idxmax())
    return f"In train, {most} changes most, by {_percent(train[most])}. {balance}"


def _imbalance(counts: pd.DataFrame, when: str) -> str:
    train = wide(counts, when)["train"]
    return f"{train.max() / train.min():.1f} to 1" if train.min() else DASH


def _percent(value: float) -> str:
    return f"{value:+.1f} %".replace("-", "−") if round(value, 1) else "0 %"


def shown(counts: pd.DataFrame) -> pd.DataFrame:
    """Return before and after as texts such as "3,595 → 3,458", one row per emotion and one for all."""
    before, after = (_with_sum(wide(counts, when)) for when in ("before", "after"))
    texts = before.map("{:,}".format) + " → " + after.map("{:,}".format)
    return texts.rename_axis("Emotion").reset_index()


def _with_sum(numbers: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([numbers, numbers.sum().to_frame("all").T])
