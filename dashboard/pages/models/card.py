"""A model's card on the Models page, in the form of Mitchell et al. (2019)."""

import pandas as pd
import streamlit as st

from core.benchmarks import robustness
from core.evaluation import calibration_error, slices
from core.evaluation.calibration_fit import before_and_after
from core.models.card import Card
from core.training.descriptions import describe_model, describe_training
from dashboard import keys, resources
from dashboard.charts import reliability
from dashboard.components import displays, downloads, wording
from dashboard.pages.models import curves, tables, texts


def show(card: Card, history: pd.DataFrame, scored: pd.DataFrame) -> None:
    """Show the whole card: text, scores, curves, recipe, provenance."""
    st.header(card.name, anchor=False)
    st.markdown(summary(card))
    displays.text_table(tables.slice_scores(card))
    st.markdown(in_words(card, history, resources.models.robustness(card.name)))
    _show_calibration(card, scored)
    _show_curves(card, history)
    with st.expander("Recipe: every hyperparameter", icon=":material/tune:"):
        displays.text_table(tables.recipe(card), wraps=True)
    with st.expander("Provenance", icon=":material/fingerprint:"):
        displays.text_table(tables.provenance(card))


def summary(card: Card) -> str:
    """Return what the model is: its recipe's description, family, size and date; Markdown."""
    about = describe_model(card)
    made = f"Family `{card.family}`, {card.parameters}, trained by the recipe `{card.recipe_name}` on {card.trained}."
    return f"{about}\n\n{made}" if about else made


def in_words(card: Card, history: pd.DataFrame, damage: pd.DataFrame | None) -> str:
    """Return the sections of the card as Markdown; `damage` is the table of `read_robustness`."""
    entries = {
        "Intended use": texts.INTENDED_USE,
        "Not for": texts.CARD_NOT_FOR,
        "Data": data_in_words(card),
        "Training": describe_training(card, history),
        "Limits": limits_in_words(card, damage),
        "Demographics": texts.CARD_DEMOGRAPHICS.format(data=_data_name(card)),
    }
    return "\n\n".join(f"**{title}.** {text}" for title, text in entries.items())


def data_in_words(card: Card) -> str:
    """Return how many images each split has, and how many test images have an exact copy in Training."""
    sizes = {split: card.split_sizes.get(split, 0) for split in ("train", "val", "test")}
    text = (texts.DATA_WITH_VAL if card.has_learnt_val else texts.DATA).format(data=_data_name(card), **sizes)
    leaked = card.score("test").n - card.score("leak_free").n
    return f"{text} {texts.DATA_LEAKED.format(leaked=leaked)}" if leaked else text


def limits_in_words(card: Card, damage: pd.DataFrame | None) -> str:
    """Return what the model needs, what is uncertain about its figures, and its weakest corruption."""
    per_class = card.score("test").per_class
    rarest = min(per_class, key=lambda emotion: per_class[emotion].support, default=None)
    sentences = [
        texts.CARD_LIMITS,
        texts.FER2013_LIMITS if resources.data.is_trained_on_fer2013(card) else "",
        texts.RARE_CLASS.format(emotion=rarest, support=per_class[rarest].support) if rarest else "",
        weakness_in_words(damage),
    ]
    return " ".join(filter(None, sentences))


def _data_name(card: Card) -> str:
    return "FER2013" if resources.data.is_trained_on_fer2013(card) else f"The data set {card.data_fingerprint}"


def weakness_in_words(damage: pd.DataFrame | None) -> str:
    """Return which corruption lowers the accuracy most; empty if robustness has not been measured."""
    if damage is None:
        return ""
    means = robustness.mean_accuracies(damage)
    clean = damage.loc[damage["corruption"] == robustness.CLEAN, "accuracy"].iloc[0]
    return (
        f"Most sensitive to {means.idxmin()}: accuracy {wording.percent(means.min())}, averaged over five strengths, "
        f"instead of {wording.percent(clean)}."
    )


def _show_calibration(card: Card, scored: pd.DataFrame) -> None:
    st.subheader("Calibration", anchor=False)
    st.markdown(calibration_in_words(card))
    if not card.calibration:
        return
    tables_by_time = before_and_after(slices.slice_rows(scored, "test"), card.temperature)
    displays.text_table(tables.calibration(tables_by_time))
    lines = reliability.reliability_lines(
        {name: calibration_error.reliability(t) for name, t in tables_by_time.items()}
    )
    displays.show(
        lines, f"Reliability of {card.name} before and after calibration", key=keys.per_item("calibration", card.name)
    )


def calibration_in_words(card: Card) -> str:
    """Return the temperature and the threshold of a card, or the command that fits them; Markdown."""
    c = card.calibration
    if c is None:
        return f"No temperature was fitted: run `python -m core calibrate {card.name}`."
    source = f"the {c.fitted_on} predictions of {c.fitted_with}" if c.fitted_with else c.fitted_on
    measured = f"On val, {c.fitted_with} (which has not learnt val) gives these figures" if c.fitted_with else "On val"
    return (
        f"Temperature {c.temperature:.2f}, fitted on {source}: the logits are divided by it, so that confidence "
        "matches accuracy ([Guo et al. 2017](https://proceedings.mlr.press/v70/guo17a.html)). The figures are on all "
        f"test images. Below a confidence of {wording.percent(c.uncertain_below, 0)} the Photo and Live pages say "
        f"*uncertain*. {measured}, {wording.percent(c.coverage, 0)} of the faces reach it, and "
        f"{wording.percent(c.kept_accuracy)} of those are predicted correctly."
    )


def _show_curves(card: Card, history: pd.DataFrame) -> None:
    st.subheader("Training", anchor=False)
    if history.empty:
        st.caption("The training history of this model is empty.")
        return
    displays.show(
        curves.training_curves(history), f"Training curves of {card.name}", key=keys.per_item("curves", card.name)
    )
    if card.recipe.get("mixup") or card.recipe.get("teachers") or any(card.recipe.get("augmentation", {}).values()):
        st.caption(texts.TRAIN_CURVES)
    if card.has_learnt_val:
        st.caption(texts.NO_VAL_CURVES)
    downloads.csv_button(history, f"{card.name}-history", "History as CSV")
