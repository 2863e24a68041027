"""Show the images that model A or model B gets wrong, filtered and ranked."""

import streamlit as st

from core.evaluation import errors, slices
from dashboard import resources
from dashboard.components import displays, downloads, layout, notices, pickers
from dashboard.pages.errors import cards, filter

layout.page_header(
    "Errors",
    "Test images that model A or model B gets wrong, with the prediction of each model. The page's address contains "
    "your choices: copy it to share them.",
)
notices.model_faults_notice()

models = pickers.models_pair_picker()
if not models:
    st.stop()
slice_name = pickers.slice_picker()
choice = filter.pick()

pairs = slices.slice_rows(resources.predictions.pairs(*models), slice_name)
found = errors.filter_errors(pairs, choice.true_label, choice.predicted_label, choice.model, choice.wrong_models)
ranked = errors.rank_errors(found, choice.order, choice.model)
if ranked.empty:
    st.info("No image of this slice matches these filters. Change one of the filters.", icon=":material/search_off:")
    st.stop()

st.markdown(f"**{len(ranked):,} of {len(pairs):,} images** match. A ✓ marks the true label.")
downloads.csv_button(errors.error_list(ranked, *models), "errors", "The whole list as CSV")
shown = displays.paginate(ranked, per_page=24)
faces = resources.data.faces_of(shown["image_id"])
if faces is None:
    notices.data_missing_notice()
displays.face_grid(cards.cards(shown, models, faces))
