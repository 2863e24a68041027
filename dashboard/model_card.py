"""A model's card as it stands on the Models page (Mitchell et al. 2019)."""

import pandas as pd
import streamlit as st

from core.artifacts import Card
from dashboard import components, tables, texts
from dashboard.charts import models


def show(card: Card, history: pd.DataFrame) -> None:
    """The whole card: words, scores, curves, recipe, provenance."""
    st.header(card.name, anchor=False)
    st.markdown(summary(card))
    components.text_table(tables.slice_scores(card))
    st.markdown(in_words(card))
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
        "Data": texts.DATA.format(**sizes),
        "Limits": texts.CARD_LIMITS,
        "Demographics": texts.CARD_DEMOGRAPHICS,
    }
    return "\n\n".join(f"**{title}.** {text}" for title, text in entries.items())


def _show_curves(card: Card, history: pd.DataFrame) -> None:
    st.subheader("Training", anchor=False)
    if history.empty:
        st.caption("The history of this training is empty.")
        return
    components.show(models.training_curves(history), f"Training curves of {card.name}", key=f"curves-{card.name}")
    components.download_csv(history, f"{card.name}-history", "History as CSV")
