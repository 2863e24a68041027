"""The models' cards in words, with their training curves, side by side."""

import streamlit as st

from dashboard import faults, resources
from dashboard.components import layout, notices, pickers
from dashboard.pages.models import card, robustness, teaching, texts, weighting

layout.page_header(
    "Models",
    "Each model's card: what it is for and what not, how it was trained, how good it is, and where it comes from. "
    "Choose several to see them side by side.",
)
notices.model_faults_notice()

names = resources.models.model_names()
if not names:
    notices.no_models_notice()
    st.stop()

chosen = pickers.models_picker("Models")
if not chosen:
    st.info("No model is chosen: choose one above to see its card.", icon=":material/info:")
    st.stop()

st.caption(texts.BALANCED)
for column, name in zip(layout.columns(len(chosen), per_row=3), chosen, strict=True):
    with column:
        card.show(resources.models.card(name), resources.models.history(name), resources.predictions.scored(name))

# One damaged file hides no other section.
with faults.in_words():
    teaching.show(chosen)
with faults.in_words():
    robustness.show(chosen)
with faults.in_words():
    weighting.show()
