"""A model's card as it stands on the Models page (Mitchell et al. 2019)."""

import pandas as pd
import streamlit as st

from core import metrics
from core.artifacts import Card
from core.calibration import Calibration, before_and_after
from dashboard import components, tables, texts
from dashboard.charts import compare, models


def show(card: Card, history: pd.DataFrame, scored: pd.DataFrame) -> None:
    """The whole card: words, scores, curves, recipe, provenance."""
    st.header(card.name, anchor=False)
    st.markdown(summary(card))
    components.text_table(tables.slice_scores(card))
    st.markdown(in_words(card))
    _show_calibration(card, scored)
    _show_curves(card, history)
    with st.expander("Recipe: every hyperparameter", icon=":material/tune:"):
        components.text_table(tables.recipe(card))
    with st.expander("Provenance", icon=":material/fingerprint:"):
        components.text_table(tables.provenance(card))


def summary(card: Card) -> str:
    """One sentence on what the model is."""
    return f"Family `{card.family}`, {card.parameters}, trained by the recipe `{card.recipe_name}` on {card.trained}."


def in_words(card: Card) -> str:
    """Intended use, not-for, data, limits, demographics; Markdown."""
    sizes = {split: card.split_sizes.get(split, 0) for split in ("train", "val", "test")}
    entries = {
        "Intended use": texts.INTENDED_USE,
        "Not for": texts.CARD_NOT_FOR,
        "Data": (texts.DATA_WITH_VAL if card.has_learnt_val else texts.DATA).format(**sizes),
        "Limits": texts.CARD_LIMITS,
        "Demographics": texts.CARD_DEMOGRAPHICS,
    }
    return "\n\n".join(f"**{title}.** {text}" for title, text in entries.items())


def _show_calibration(card: Card, scored: pd.DataFrame) -> None:
    st.subheader("Calibration", anchor=False)
    st.markdown(calibration_in_words(card))
    if not card.calibration:
        return
    tables_by_time = before_and_after(metrics.slice_rows(scored, "test"), card.calibration["temperature"])
    components.text_table(tables.calibration(tables_by_time))
    lines = compare.reliability_lines({name: metrics.reliability(t) for name, t in tables_by_time.items()})
    components.show(lines, f"Reliability of {card.name} before and after calibration", key=f"calibration-{card.name}")


def calibration_in_words(card: Card) -> str:
    """The temperature and the threshold of a card; what to run where it has none."""
    if not card.calibration:
        return f"No temperature was fitted: run `python -m core calibrate {card.name}`."
    c = Calibration(**card.calibration)
    of_another = f"{c.other_model}, which has not learnt val, " if c.other_model else ""
    return (
        f"Temperature {c.temperature:.2f}, fitted on {c.fitted_on} "
        "([Guo et al. 2017](https://proceedings.mlr.press/v70/guo17a.html)); the figures are on all test images. "
        f"Below a confidence of {c.uncertain_below:.0%} the Photo and Live pages say *uncertain*: that leaves "
        f"{of_another}{c.coverage:.0%} of val, of which {c.kept_accuracy:.1%} are right."
    )


def _show_curves(card: Card, history: pd.DataFrame) -> None:
    st.subheader("Training", anchor=False)
    if history.empty:
        st.caption("The history of this training is empty.")
        return
    components.show(models.training_curves(history), f"Training curves of {card.name}", key=f"curves-{card.name}")
    if card.has_learnt_val:
        st.caption("No curve of val: this fit has learnt val too, and keeps the weights of its last epoch.")
    components.download_csv(history, f"{card.name}-history", "History as CSV")
