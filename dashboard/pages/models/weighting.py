"""The section on class weighting: a model trained with it, compared with the same model trained without it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import comparison, slices
from core.evaluation.comparison import Difference, Differences
from core.models.card import Card
from core.training.descriptions import readable_config
from dashboard import faults, resources
from dashboard.components import displays, downloads, notices, wording
from dashboard.pages.models.record import Record
from dashboard.plain_text import escape_markdown

LEAD = (
    "With class weighting, all emotions count the same in training, however many images they have. The *weighted* "
    "model differs from the *plain* one in nothing else. Differences are weighted minus plain on all test images, in "
    "percentage points, with 95 % intervals (paired bootstrap)."
)

KINDS = {
    "balanced": "the loss of each image is weighted by how rare its emotion is, so that all emotions count the same",
    "sampler": "training draws all emotions equally often",
}
"""Value of `class_weights` in a recipe -> its effect."""


def applies(_: Sequence[Record]) -> bool:
    """Return whether any two models in models/, chosen or not, differ only in class weighting."""
    return bool(plain_weighted_pairs(resources.models.cards().values()))


def show(_: Sequence[Record]) -> None:
    """Show a text and a table for each of the `plain_weighted_pairs` in models/, chosen or not."""
    st.markdown(LEAD)
    for plain, weighted in plain_weighted_pairs(resources.models.cards().values()):
        with faults.show_input_errors():  # damaged predictions must not hide the other pairs
            _show_pair(plain, weighted)


def _show_pair(plain: Card, weighted: Card) -> None:
    scored = [slices.slice_rows(resources.predictions.scored(card.name), "test") for card in (plain, weighted)]
    found = resources.comparisons.compare(weighted.name, plain.name, "test")
    if found is None:
        notices.no_shared_images_notice((plain if scored[0].empty else weighted).name)
        return
    classes = comparison.per_class_pair(*scored)
    st.markdown(changes_text(plain, weighted, found.differences))
    displays.text_table(format_by_emotion(classes, found.differences.recall))
    named = classes.assign(model=classes["model"].map({"A": plain.name, "B": weighted.name}))
    downloads.csv_button(named, f"weighting-{weighted.name}", "Results by emotion as CSV")


def plain_weighted_pairs(cards: Iterable[Card]) -> list[tuple[Card, Card]]:
    """Return (plain, weighted) pairs of our own cards whose recipes differ in nothing but `class_weights`."""
    own = [card for card in cards if not card.is_guest]
    configs = [(card, config) for card in own if hasattr(config := readable_config(card), "class_weights")]
    return [
        (plain, weighted)
        for weighted, weighted_config in configs
        for plain, plain_config in configs
        if weighted_config.class_weights in KINDS and replace(weighted_config, class_weights="none") == plain_config
    ]


def changes_text(plain: Card, weighted: Card, differences: Differences) -> str:
    """Return which metrics change, as Markdown.

    An emotion is named only if the interval of its recall difference excludes zero.
    """
    recalls = differences.recall
    rising = [emotion for emotion in EMOTIONS if recalls[emotion].low > 0]
    falling = [emotion for emotion in EMOTIONS if recalls[emotion].high < 0]
    return (
        f"**{escape_markdown(weighted.name)}** is {escape_markdown(plain.name)} with one change: "
        f"{KINDS[weighted.recipe['class_weights']]}. "
        f"Recall rises for {_listed(rising, recalls)} and falls for {_listed(falling, recalls)}; accuracy changes by "
        f"{wording.points_with_interval(differences.accuracy)}, the mean recall of the emotions by "
        f"{wording.points_with_interval(differences.balanced_accuracy)}, macro-F1 by "
        f"{wording.points_with_interval(differences.macro_f1)} percentage points."
    )


def _listed(emotions: list[str], recalls: Mapping[str, Difference]) -> str:
    return ", ".join(f"{emotion} ({wording.points(recalls[emotion].delta)})" for emotion in emotions) or "none"


def format_by_emotion(classes: pd.DataFrame, recall_differences: Mapping[str, Difference]) -> pd.DataFrame:
    """Format recall, precision and F1 of both models as text, one row per emotion.

    `classes` is the result of `per_class_pair`, where A is the plain model and B the weighted one.
    """
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
