"""What class weighting does: a model whose rare classes weigh more, beside the one that differs in nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import comparison, slices
from core.evaluation.comparison import Difference, Differences
from core.models.card import Card
from dashboard import resources
from dashboard.components import displays, downloads, layout, wording
from dashboard.pages.models import tables

LEAD = (
    "FER2013 has many happy faces and hardly any disgusted ones. A model may be told to give every class the same "
    "weight; here is what that gains and what it costs, on all test images. Differences are weighted minus plain in "
    "percentage points, with 95 % intervals (paired bootstrap)."
)

KINDS = {
    "balanced": "each image's loss weighs as much as its class is rare, so that all classes weigh the same",
    "sampler": "images are drawn so that every class comes equally often",
}


def show() -> None:
    """A table for each pair of such models in models/; nothing if there is none."""
    found = twins(resources.models.cards().values())
    if not found:
        return
    layout.subheader("What class weighting does", LEAD)
    for plain, weighted in found:
        differences = resources.predictions.bootstrap(weighted.name, plain.name, "test")
        classes = comparison.per_class_pair(
            *(slices.slice_rows(resources.predictions.scored(c.name), "test") for c in (plain, weighted))
        )
        st.markdown(story(plain, weighted, differences))
        displays.text_table(in_words(classes, differences.recall))
        named = classes.assign(model=classes["model"].map({"A": plain.name, "B": weighted.name}))
        downloads.csv_button(named, f"weighting-{weighted.name}", "Figures by class as CSV")


def twins(cards: Iterable[Card]) -> list[tuple[Card, Card]]:
    """(plain, weighted) pairs of cards whose recipes differ in `class_weights` only."""
    configs = [(card, config) for card in cards if hasattr(config := tables.config(card), "class_weights")]
    return [
        (plain, weighted)
        for weighted, weighted_config in configs
        for plain, plain_config in configs
        if weighted_config.class_weights in KINDS and replace(weighted_config, class_weights="none") == plain_config
    ]


def story(plain: Card, weighted: Card, differences: Differences) -> str:
    """Which classes gain and which pay, as far as the intervals leave zero out; Markdown."""
    recalls = differences.recall
    gains = [emotion for emotion in EMOTIONS if recalls[emotion].low > 0]
    pays = [emotion for emotion in EMOTIONS if recalls[emotion].high < 0]
    return (
        f"**{weighted.name}** is {plain.name} with one change: {KINDS[weighted.recipe['class_weights']]}. "
        f"Recall rises for {_listed(gains, recalls)} and falls for {_listed(pays, recalls)}; accuracy changes by "
        f"{wording.points_with_interval(differences.accuracy)}, the mean recall of the classes by "
        f"{wording.points_with_interval(differences.balanced_accuracy)}, macro-F1 by "
        f"{wording.points_with_interval(differences.macro_f1)} points."
    )


def _listed(emotions: list[str], recalls: Mapping[str, Difference]) -> str:
    return ", ".join(f"{emotion} ({wording.points(recalls[emotion].delta)})" for emotion in emotions) or "none"


def in_words(classes: pd.DataFrame, recall_differences: Mapping[str, Difference]) -> pd.DataFrame:
    """`per_class_pair` of plain and weighted -> one row per emotion."""
    rows = []
    for emotion in EMOTIONS:
        plain, weighted = (row for _, row in classes[classes["emotion"] == emotion].sort_values("model").iterrows())
        rows.append(
            {
                "Emotion": emotion,
                "Images": f"{plain['support']:,}",
                "Recall plain": wording.percent(plain["recall"]),
                "Recall weighted": wording.percent(weighted["recall"]),
                "Recall, difference": wording.points_with_interval(recall_differences[emotion]),
                "Precision plain": wording.percent(plain["precision"]),
                "Precision weighted": wording.percent(weighted["precision"]),
                "F1 plain": wording.number(plain["f1"]),
                "F1 weighted": wording.number(weighted["f1"]),
            }
        )
    return pd.DataFrame(rows)
