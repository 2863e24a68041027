"""The Overview page: what FERscope is, how accurate its models are, and what they must not be used for."""

import streamlit as st

from dashboard import keys, resources
from dashboard.components import layout, notices
from dashboard.pages.overview import panels, texts

images, is_fer2013 = len(resources.data.manifest()), resources.data.is_fer2013()
layout.page_header(texts.TITLE, texts.lead_html(images, is_fer2013))
notices.model_faults_notice()

cards = resources.models.cards()
pair = panels.show_pair(cards) if cards else ()
left, right = st.columns([1, 2])
with left:
    panels.show_links(texts.WAYS_IN, keys.WAYS_IN)
with right:
    if cards:
        panels.show_picture(cards, pair, is_fer2013)
    else:
        notices.no_models_notice()

if cards:
    layout.subheader("The models")
    panels.show_table(cards)

layout.subheader("The other pages")
panels.show_links(texts.OTHER_PAGES, keys.OTHER_PAGES)

layout.subheader("The data")
panels.show_data(images, is_fer2013)

layout.subheader("What FERscope must not be used for")
st.markdown(texts.NOT_FOR)
