"""A model's card as it stands on the Models page (Mitchell et al. 2019)."""

from dataclasses import asdict

import pandas as pd
import streamlit as st

from core.benchmarks import robustness
from core.evaluation import calibration_error, slices
from core.evaluation.calibration_fit import before_and_after
from core.models.card import Card
from core.training import recipes
from dashboard import keys, resources
from dashboard.charts import reliability
from dashboard.components import displays, downloads, wording
from dashboard.pages.models import curves, tables, texts


def show(card: Card, history: pd.DataFrame, scored: pd.DataFrame) -> None:
    """The whole card: words, scores, curves, recipe, provenance."""
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
    """What the model is: its recipe's own sentence, if it has one, family, size and date."""
    about = recipes.about(card)
    made = f"Family `{card.family}`, {card.parameters}, trained by the recipe `{card.recipe_name}` on {card.trained}."
    return f"{about}\n\n{made}" if about else made


def in_words(card: Card, history: pd.DataFrame, damage: pd.DataFrame | None) -> str:
    """Intended use, not-for, data, training, limits, demographics; Markdown. `damage` is `read_robustness`."""
    entries = {
        "Intended use": texts.INTENDED_USE,
        "Not for": texts.CARD_NOT_FOR,
        "Data": data_in_words(card),
        "Training": training_in_words(card, history),
        "Limits": f"{texts.CARD_LIMITS} {weakness_in_words(damage)}".strip(),
        "Demographics": texts.CARD_DEMOGRAPHICS,
    }
    return "\n\n".join(f"**{title}.** {text}" for title, text in entries.items())


def data_in_words(card: Card) -> str:
    """How many images were for what, and which of those for testing have a copy in Training."""
    sizes = {split: card.split_sizes.get(split, 0) for split in ("train", "val", "test")}
    text = (texts.DATA_WITH_VAL if card.has_learnt_val else texts.DATA).format(**sizes)
    leaked = card.score("test").n - card.score("leak_free").n
    return f"{text} {texts.DATA_LEAKED.format(leaked=leaked)}" if leaked else text


def training_in_words(card: Card, history: pd.DataFrame) -> str:
    """Length, optimiser, augmentation and which weights were kept; what a family's recipe does not have is left out."""
    kept = history.loc[history["kept"] == 1, "step"].tolist() if "kept" in history else []
    last = f" Kept: {int(kept[0]):,}." if kept else ""
    config = tables.config(card)
    if hasattr(config, "iterations"):
        return (
            f"Up to {config.iterations:,} trees of depth {config.depth}, learning rate {config.learning_rate:g}; kept "
            f"are those up to the best accuracy on val.{last}"
        )
    if not hasattr(config, "epochs"):
        return f"See the recipe below.{last}"
    changes = [name for name, amount in asdict(config.augmentation).items() if amount and name != "crop"]
    extras = [
        f"augmented by {', '.join(changes)}" if changes else "not augmented",
        f"mixup {config.mixup:g}" if config.mixup else "",
        f"label smoothing {config.label_smoothing:g}" if config.label_smoothing else "",
        f"classes weighted ({config.class_weights})" if config.class_weights != "none" else "",
        "moving average of the weights" if config.weight_averaging else "",
        "batch statistics of clean faces in the end" if config.batch_statistics == "clean" else "",
    ]
    keeps = f", which have a share of {config.start_share:.0%} in the last ones" if config.start_share else ""
    start = f" Begins with the weights of {config.start}{keeps}." if config.start else ""
    return (
        f"{config.total_epochs} epochs with {config.optimiser}, {config.schedule} schedule, batches of "
        f"{config.batch_size}; {'; '.join(filter(None, extras))}.{start}{last}"
    )


def weakness_in_words(damage: pd.DataFrame | None) -> str:
    """The corruption that costs most; nothing if robustness has not been measured."""
    if damage is None:
        return ""
    means = robustness.means(damage)
    clean = damage.loc[damage["corruption"] == robustness.CLEAN, "accuracy"].iloc[0]
    return (
        f"Weakest under {means.idxmin()}: {wording.percent(means.min())} on average over five strengths, "
        f"{wording.percent(clean)} without."
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
        lines, f"Reliability of {card.name} before and after calibration", key=keys.of("calibration", card.name)
    )


def calibration_in_words(card: Card) -> str:
    """The temperature and the threshold of a card; what to run if it has none."""
    c = card.calibration
    if c is None:
        return f"No temperature was fitted: run `python -m core calibrate {card.name}`."
    source = f"{c.fitted_on}, with {c.fitted_with}" if c.fitted_with else c.fitted_on
    measured = f"On val, with {c.fitted_with}, which has not learnt it" if c.fitted_with else "On val"
    return (
        f"Temperature {c.temperature:.2f}, fitted on {source} "
        "([Guo et al. 2017](https://proceedings.mlr.press/v70/guo17a.html)); the figures are on all test images. "
        f"Below a confidence of {wording.percent(c.uncertain_below, 0)} the Photo and Live pages say *uncertain*. "
        f"{measured}, {wording.percent(c.coverage, 0)} of the faces lie above it, and "
        f"{wording.percent(c.kept_accuracy)} of those are right."
    )


def _show_curves(card: Card, history: pd.DataFrame) -> None:
    st.subheader("Training", anchor=False)
    if history.empty:
        st.caption("The history of this training is empty.")
        return
    displays.show(curves.training_curves(history), f"Training curves of {card.name}", key=keys.of("curves", card.name))
    if card.recipe.get("mixup") or card.recipe.get("teachers") or any(card.recipe.get("augmentation", {}).values()):
        st.caption(texts.TRAIN_CURVES)
    if card.has_learnt_val:
        st.caption("No curve of val: this fit has learnt val too, and keeps the weights of its last epoch.")
    downloads.csv_button(history, f"{card.name}-history", "History as CSV")
