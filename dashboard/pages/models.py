"""The models' cards in words, with their training curves, side by side."""

import streamlit as st

from core.recognizer import DEFAULT_MODELS
from dashboard import (
    components,
    faults,
    model_card,
    resources,
    robustness_panel,
    teaching_panel,
    texts,
    weighting_panel,
)

components.page_header(
    "Models",
    "Each model's card: what it is for and what not, how it was trained, how good it is, and where it comes from. "
    "Choose several to see them side by side.",
)
components.model_faults_notice()

names = resources.model_names()
if not names:
    components.no_models_notice()
    st.stop()

chosen = components.models_picker("Models", "models", default=DEFAULT_MODELS)
if not chosen:
    st.info("No model is chosen: choose one above to see its card.", icon=":material/info:")
    st.stop()

st.caption(texts.BALANCED)
for column, name in zip(components.columns(len(chosen), per_row=3), chosen, strict=True):
    with column:
        model_card.show(resources.card(name), resources.history(name), resources.scored(name))

# One damaged file hides no other section.
with faults.in_words():
    teaching_panel.show(chosen)
with faults.in_words():
    robustness_panel.show(chosen)
with faults.in_words():
    weighting_panel.show()
