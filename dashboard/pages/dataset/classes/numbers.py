"""Numbers of images per class and split, why accuracy misleads, weights, and whether the sets have the same mix."""

import numpy as np
import pandas as pd
import streamlit as st

from core.data import balance
from core.emotions import EMOTIONS
from dashboard import keys
from dashboard.components import displays, downloads, html_table, layout, pickers
from dashboard.components.wording import DASH, p_value
from dashboard.pages.dataset import charts


def show(manifest: pd.DataFrame) -> None:
    """Show counts or shares of each class in each split, and what follows from them."""
    layout.subheader("How many images")
    counts = balance.class_counts(manifest)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        unit = pickers.segmented_control("Show", ["Images", "Shares"], keys.BALANCE)
        displays.show(charts.class_bars(counts, unit == "Shares"), charts.balance_finding(counts))
    with right:
        st.markdown("\n\n".join(findings(counts, balance.usage_counts(manifest))))
    displays.text_table(shown_table(counts))
    table = class_table(counts)
    downloads.csv_button(table, "class-counts")
    st.html(html_table.folded("The mix in Training, PublicTest and PrivateTest", mix_html(manifest)))


def findings(counts: pd.DataFrame, usages: pd.DataFrame) -> list[str]:
    """Return what the numbers of images mean, as paragraphs of Markdown.

    `counts` are those of `balance.class_counts`, and `usages` those of `balance.usage_counts`.
    """
    return [
        text for text in (charts.balance_finding(counts), misleading(counts), weighting(counts), mix(usages)) if text
    ]


def misleading(counts: pd.DataFrame) -> str:
    """Say why accuracy misleads."""
    answer = balance.constant_answer(counts)
    if np.isnan(answer.accuracy):
        return ""
    return (
        f"**Accuracy misleads.** Always answering {answer.emotion} is right on {100 * answer.accuracy:.1f} % of test, "
        f"although it recognises one emotion of {len(EMOTIONS)}. Macro-F1, the mean F1 of the emotions, gives each of "
        "them the same weight."
    )


def weighting(counts: pd.DataFrame) -> str:
    """Say how the classes could be balanced in training."""
    weights = balance.balancing_weights(counts["train"]).dropna()
    if weights.empty:
        return ""
    high, low = str(weights.idxmax()), str(weights.idxmin())
    return (
        f"**Weights that balance.** If an image of {high} counts {weights[high]:.2f} and one of {low} "
        f"{weights[low]:.2f}, all emotions weigh the same. The table has all weights: images of train / "
        f"({len(EMOTIONS)} × images of the emotion)."
    )


def mix(usages: pd.DataFrame) -> str:
    """Say whether Training, PublicTest and PrivateTest have the same mix of emotions."""
    test = balance.same_mix(usages)
    if test is None:
        return ""
    names = [str(name) for name in usages.columns[usages.sum() > 0]]
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    emotion, gap = balance.largest_gap(usages)
    differ = test.p < balance.SIGNIFICANT_BELOW
    verdict = (
        f"**{listed} differ in their mix**, by more than chance"
        if differ
        else f"**{listed} have the same mix**, as far as these images can tell"
    )
    return (
        f"{verdict} (chi-square {test.statistic:.1f}, {test.freedom} degrees of freedom, {p_value(test.p)}). The "
        f"largest difference is that of {emotion}: {100 * gap:.1f} points."
    )


def class_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the table for a CSV file: images of each emotion per split, of all, and the weight that balances train."""
    table = counts.assign(all=counts.sum(axis=1), weight=balance.balancing_weights(counts["train"]))
    return table.rename_axis("emotion").reset_index().astype({"emotion": str})


def shown_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the table as texts, with a row for all emotions together."""
    table = counts.assign(all=counts.sum(axis=1))
    table.loc["all"] = table.sum()
    texts = table.map(lambda value: f"{value:,}")
    weights = balance.balancing_weights(counts["train"]).map(lambda value: DASH if np.isnan(value) else f"{value:.2f}")
    return texts.assign(weight=weights).fillna({"weight": ""}).rename_axis("emotion").reset_index()


def mix_html(manifest: pd.DataFrame) -> str:
    """Return the shares of the emotions in Training, PublicTest and PrivateTest as an HTML table."""
    usages = balance.usage_counts(manifest)
    shares = 100 * usages / usages.sum().clip(lower=1)
    texts = shares.map(lambda value: f"{value:.1f} %").rename_axis("emotion").reset_index()
    return html_table.as_html(texts)
