"""The Models page: the models' cards side by side, distillation, robustness, steadiness and class weights."""

import streamlit as st

from dashboard import faults, resources
from dashboard.components import layout, notices, pickers
from dashboard.pages.models import card, robustness, teaching, texts, weighting

layout.page_header(
    "Models",
    "What each model is for and what it is not for, how it was trained, and how accurate it is. Choose several models "
    "to see their cards side by side.",
)
notices.model_faults_notice()

names = resources.models.model_names()
if not names:
    notices.no_models_notice()
    st.stop()

chosen = pickers.models_picker("Models")
if not chosen:
    st.info("Choose a model above to see its card.", icon=":material/info:")
    st.stop()

st.caption(texts.BALANCED)
for column, name in zip(layout.columns(len(chosen), per_row=3), chosen, strict=True):
    with column:
        card.show(resources.models.card(name))

# A damaged file must not hide the other sections.
with faults.show_input_errors():
    teaching.show(chosen)
with faults.show_input_errors():
    robustness.show(chosen)
with faults.show_input_errors():
    weighting.show()
