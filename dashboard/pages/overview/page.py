"""The Overview page: what FERscope is, how accurate its models are, and what they must not be used for."""

import streamlit as st

from dashboard import resources
from dashboard.components import displays, downloads, layout, links, notices, pickers
from dashboard.pages.overview import chart, tables, texts

images, is_fer2013 = len(resources.data.manifest()), resources.data.is_fer2013()
data = (texts.FER2013 if is_fer2013 else texts.OTHER_DATA).format(images=images)
layout.page_header("Facial expressions, and the errors of two kinds of models", texts.LEAD.format(data=data))
notices.model_faults_notice()

all_cards, leading_cards = resources.models.cards(), resources.models.leading_cards()
if all_cards:
    layout.subheader("The models", texts.HOW_TO_READ_SCORES)
    shows_all = pickers.all_models_switch(len(all_cards), len(leading_cards))
    cards = tables.best_first(all_cards if shows_all else leading_cards)
    displays.text_table(tables.overview(cards))
    if "cnn" in all_cards:
        st.caption(texts.HOW_TEST_WAS_USED)
    with st.expander("What each model is", icon=":material/help:"):
        displays.text_table(tables.descriptions(cards), wraps=True)
    downloads.csv_button(tables.scores(tables.best_first(all_cards)), "models", "All scores as CSV")
    displays.show(chart.accuracy_dots(tables.accuracies(cards), show_human_accuracy=is_fer2013), texts.ACCURACY_CHART)
    if is_fer2013:
        st.caption(texts.PEOPLE)
else:
    notices.no_models_notice()

layout.subheader("The other pages")
links.page_links(texts.PAGES)

layout.subheader("The data")
if resources.stamps.fingerprint():
    name = "FER2013 is imported" if is_fer2013 else "Another data set is imported"
    st.success(f"{name}: {images:,} images.", icon=":material/check:")
else:
    notices.data_missing_notice("Faces are not shown yet")

layout.subheader("What FERscope must not be used for")
st.markdown(texts.NOT_FOR)
