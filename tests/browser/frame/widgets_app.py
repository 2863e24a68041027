"""An app with the widgets that a page shows only after an upload or a choice, in FERscope's styles."""

import streamlit as st

from dashboard import startup

st.html(startup.styles())
st.title("Widgets")
st.button("The most important button", type="primary")
st.button("Off", type="primary", disabled=True)
st.text_input("Text", placeholder="nothing yet")
st.multiselect("Chosen", ["cnn", "catboost"], ["cnn"])
st.pills("One of", ["cnn", "catboost"], default="cnn")
st.progress(0.4, "Reading")
st.metric("Accuracy", "72.6 %", "13.3 points")
for show in (st.success, st.info, st.warning, st.error, st.caption):
    show("A [link](https://example.org), `code` and **bold** text")
