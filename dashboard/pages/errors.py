"""The faces that one or both of two models get wrong."""

import streamlit as st

from core import errors, metrics
from dashboard import components, error_cards, error_filter, resources

components.page_header(
    "Errors",
    "Test images that model A or model B gets wrong, with what each of them says. The page's address keeps your "
    "choices: copy it to share them.",
)
components.model_faults_notice()

models = components.models_pair_picker()
if not models:
    st.stop()
slice_name = components.slice_picker()
choice = error_filter.pick()

pairs = metrics.slice_rows(resources.pairs(*models), slice_name)
found = errors.filter_errors(pairs, choice.true_label, choice.predicted_label, choice.model, choice.who)
ranked = errors.rank_errors(found, choice.order, choice.model)
if ranked.empty:
    st.info("No image of this slice matches these choices: widen one of them.", icon=":material/search_off:")
    st.stop()

st.markdown(f"**{len(ranked):,} of {len(pairs):,} images** match. A ✓ marks the true label.")
components.download_csv(errors.error_list(ranked, *models), "errors", "The whole list as CSV")
shown = components.page_of(ranked, per_page=24)
faces = resources.faces_of(shown["image_id"])
if faces is None:
    components.data_missing_notice()
components.face_grid(error_cards.cards(shown, models, faces))
