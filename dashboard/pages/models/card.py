"""A model's card on the Models page, as proposed by Mitchell et al. (2019)."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from core.benchmarks import robustness
from core.evaluation import calibration_error, slices
from core.evaluation.calibration_fit import before_and_after
from core.exceptions import InputError
from core.models.card import Card
from core.training.descriptions import describe_model, describe_training, readable_config
from dashboard import faults, keys, resources
from dashboard.charts import reliability
from dashboard.components import displays, downloads, notices, wording
from dashboard.pages.models import curves, tables, texts
from dashboard.plain_text import code, escape_markdown


def show(card: Card) -> None:
    """Show the whole card: texts, scores, calibration, curves, recipe, provenance.

    A damaged file hides only the section that needs it.
    """
    st.header(escape_markdown(card.name), anchor=False)
    st.markdown(summary(card))
    displays.text_table(tables.slice_scores(card))
    # Unreadable files are reported in the sections Training and Robustness.
    history = _none_if_unreadable(resources.models.history, card.name)
    robustness_table = _none_if_unreadable(resources.models.robustness, card.name)
    st.markdown(sections_text(card, pd.DataFrame() if history is None else history, robustness_table))
    st.subheader("Calibration", anchor=False)
    with faults.show_input_errors():
        _show_calibration(card)
    st.subheader("Training", anchor=False)
    with faults.show_input_errors():
        _show_curves(card, resources.models.history(card.name))
    with st.expander("Recipe: every hyperparameter", icon=":material/tune:"):
        displays.text_table(tables.recipe(card), wraps=True)
    with st.expander("Provenance", icon=":material/fingerprint:"):
        displays.text_table(tables.provenance(card))


def _none_if_unreadable(read: Callable[[str], pd.DataFrame | None], name: str) -> pd.DataFrame | None:
    try:
        return read(name)
    except InputError:
        return None


def summary(card: Card) -> str:
    """Return the recipe's description, the family, the number of parameters, the recipe and the date, as Markdown."""
    description = describe_model(card)
    origin = (
        f"Family {code(card.family)}, {escape_markdown(card.parameters)}, trained with the recipe "
        f"{code(card.recipe_name)} on {escape_markdown(card.trained)}."
    )
    return f"{description}\n\n{origin}" if description else origin


def sections_text(card: Card, history: pd.DataFrame, robustness_table: pd.DataFrame | None) -> str:
    """Return the sections of the card as Markdown. `robustness_table` is the result of `read_robustness`."""
    entries = {
        "Intended use": texts.INTENDED_USE,
        "Not for": texts.CARD_NOT_FOR,
        "Data": data_text(card),
        "Training": escape_markdown(describe_training(card, history)),
        "Limits": limits_text(card, robustness_table),
        "Demographics": texts.CARD_DEMOGRAPHICS.format(data=_data_name(card)),
    }
    return "\n\n".join(f"**{title}.** {text}" for title, text in entries.items())


def data_text(card: Card) -> str:
    """Return how many images each split has, and how many test images have an exact copy in Training."""
    sizes = {split: card.split_sizes.get(split, 0) for split in ("train", "val", "test")}
    text = (texts.DATA_WITH_VAL if card.was_trained_on_val else texts.DATA).format(data=_data_name(card), **sizes)
    leaked = card.score("test").n - card.score("leak_free").n
    return f"{text} {texts.DATA_LEAKED.format(leaked=leaked)}" if leaked > 0 else text


def limits_text(card: Card, robustness_table: pd.DataFrame | None) -> str:
    """Return the limits: the required input, noisy labels, the rarest emotion, the most harmful corruption, and val."""
    per_class = card.score("test").per_class
    rarest = min(per_class, key=lambda emotion: per_class[emotion].support, default=None)
    sentences = [
        texts.CARD_LIMITS,
        texts.FER2013_LIMITS if resources.data.is_trained_on_fer2013(card) else "",
        texts.RARE_CLASS.format(emotion=escape_markdown(rarest), support=per_class[rarest].support) if rarest else "",
        weakness_text(robustness_table),
        escape_markdown(resources.data.val_note(card) or ""),
    ]
    return " ".join(filter(None, sentences))


def _data_name(card: Card) -> str:
    return (
        "FER2013"
        if resources.data.is_trained_on_fer2013(card)
        else f"The data set {escape_markdown(card.data_fingerprint)}"
    )


def weakness_text(robustness_table: pd.DataFrame | None) -> str:
    """Return which corruption lowers the accuracy most; empty if robustness has not been measured."""
    if robustness_table is None:
        return ""
    means = robustness.mean_accuracies(robustness_table)
    is_clean = robustness_table["corruption"] == robustness.CLEAN
    clean_accuracy = robustness_table.loc[is_clean, "accuracy"].iloc[0]
    return (
        f"The most harmful corruption is {means.idxmin()}. Averaged over five strengths, it lowers the accuracy from "
        f"{wording.percent(clean_accuracy)} to {wording.percent(means.min())}."
    )


def _show_calibration(card: Card) -> None:
    st.markdown(calibration_text(card))
    if not card.calibration:
        return
    scored = resources.predictions.scored(card.name)
    if scored.empty:
        notices.no_shared_images_notice(card.name)
        return
    before_after = before_and_after(slices.slice_rows(scored, "test"), card.temperature)
    displays.text_table(tables.calibration(before_after))
    lines = reliability.reliability_lines(
        {name: calibration_error.reliability(table) for name, table in before_after.items()}
    )
    displays.show(
        lines, f"Reliability of {card.name} before and after calibration", key=keys.per_item("calibration", card.name)
    )


def calibration_text(card: Card) -> str:
    """Return the temperature and the threshold of a card, or the command that fits them, as Markdown."""
    c = card.calibration
    if c is None:
        return f"No temperature has been fitted. Run {code(f'python -m core calibrate {card.name}')}."
    split, model = escape_markdown(c.fitted_on), escape_markdown(c.fitted_with) if c.fitted_with else ""
    source = f"the {split} predictions of {model}" if model else split
    measured = f"In the val predictions of {model}, which was not trained on val" if model else "On val"
    return (
        f"The logits are divided by the temperature {c.temperature:.2f}, fitted on {source}, so that confidence "
        "matches accuracy ([Guo et al. 2017](https://proceedings.mlr.press/v70/guo17a.html)). The table and the chart "
        "are computed on all test images. The pages Photo & video and Live mark a label as *uncertain* if its "
        f"confidence is below {wording.percent(c.uncertain_below, 0)}. {measured}, {wording.percent(c.coverage, 0)} of "
        f"the faces reach this confidence, and {wording.percent(c.kept_accuracy)} of those are predicted correctly."
    )


def _show_curves(card: Card, history: pd.DataFrame) -> None:
    if history.empty:
        st.caption("The training history of this model is empty.")
        return
    displays.show(
        curves.training_curves(history), f"Training curves of {card.name}", key=keys.per_item("curves", card.name)
    )
    config = readable_config(card)
    if any((getattr(config, "mixup", 0), getattr(config, "teachers", ()), _is_augmented(config))):
        st.caption(texts.TRAIN_CURVES)
    if card.was_trained_on_val:
        st.caption(texts.NO_VAL_CURVES)
    downloads.csv_button(history, f"{card.name}-history", "History as CSV")


def _is_augmented(config: Any) -> bool:
    """Return whether the training images were changed at random; False for a config without this choice."""
    return hasattr(config, "augmentation") and any(asdict(config.augmentation).values())
