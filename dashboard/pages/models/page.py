"""The Models page: the chosen models side by side, and on demand how they were measured and trained."""

import streamlit as st

from dashboard import resources
from dashboard.components import layout, notices, pickers
from dashboard.pages.models import about, card_files, comparison, record, sections
from dashboard.pages.models.columns import side_by_side

layout.page_header("Models", "How accurate, calibrated, steady and fast each model is, and how it was trained.")
notices.model_faults_notice()

if not resources.models.model_names():
    notices.no_models_notice()
    st.stop()

chosen = pickers.models_picker("Models")
if not chosen:
    st.info("Choose a model above to see its results.", icon=":material/info:")
    st.stop()

records = [record.read(name) for name in chosen]
st.html(side_by_side(comparison.rows(records), chosen, comparison.CAPTION, "figures"))
record.show_damages(records)
card_files.show(records)

layout.subheader("About these models")
st.html(about.html(records))

layout.subheader("Calibration, robustness and steadiness")
sections.show(sections.MEASUREMENTS, records)

layout.subheader("Training")
sections.show(sections.TRAINING, records)
