"""What FERscope is, how good its models are, and what they must not be used for."""

import streamlit as st

from dashboard import components, csv_tables, resources, tables, texts
from dashboard.charts import overview

components.page_header("Facial expressions, and the errors of two kinds of models", texts.LEAD)
components.model_faults_notice()

cards = resources.cards()
if cards:
    components.subheader("The models", texts.HOW_TO_READ_SCORES)
    components.text_table(tables.overview(cards))
    with st.expander("What each of them is", icon=":material/help:"):
        components.text_table(tables.abouts(cards), wraps=True)
    components.download_csv(csv_tables.scores(cards), "models", "All scores as CSV")
    components.show(overview.accuracy_dots(tables.accuracies(cards)), texts.ACCURACY_CHART)
    st.caption(texts.PEOPLE)
else:
    components.no_models_notice()

components.subheader("Where to go")
components.page_links(texts.PAGES)

components.subheader("The data")
if resources.fingerprint():
    st.success(f"FER2013 is imported: {len(resources.manifest()):,} images.", icon=":material/check:")
else:
    components.data_missing_notice("Faces are not shown yet")

components.subheader("What it must not be used for")
st.markdown(texts.NOT_FOR)
