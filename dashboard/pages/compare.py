"""Two models on the same images: how often each is right, where they differ, how sure that is."""

import streamlit as st

from core import comparison, metrics
from dashboard import components, confusion_panel, csv_tables, resources, tables, wording
from dashboard.charts import compare

components.page_header(
    "Compare",
    "Two models on the same test images, from their stored predictions. Click a cell of a confusion matrix to see its "
    "faces; on the diagonal, those that the other model gets wrong.",
)
components.model_faults_notice()

models = components.models_pair_picker()
if not models:
    st.stop()
slice_name = components.slice_picker()
pairs = metrics.slice_rows(resources.pairs(*models), slice_name)
if pairs.empty:
    components.empty_slice_notice()
    st.stop()

sides = tables.side(pairs, "a"), tables.side(pairs, "b")
summaries = metrics.summary(sides[0]), metrics.summary(sides[1])
delta = resources.bootstrap(*models, slice_name)
test = comparison.mcnemar(pairs)

components.subheader("Which is right more often?")
st.markdown(wording.comparison_lead(models, summaries, delta["accuracy"], test))
components.text_table(tables.agreement_in_words(comparison.agreement(pairs)))
components.download_csv(
    csv_tables.comparison(models, summaries, delta, test), f"comparison-{slice_name}", "These figures as CSV"
)

components.subheader("Confusion", "Rows are true labels: each row of percentages adds up to 100 %.")
confusion_panel.show(models, slice_name, tuple(map(metrics.confusion, sides)))

components.subheader("Class by class")
classes = tables.per_class_pair(*sides)
components.show(compare.per_class_bars(classes, components.figure_picker(), models), "Bars of both models by emotion.")
components.text_table(tables.per_class_in_words(classes, delta["recall"]))
components.download_csv(classes, f"classes-{slice_name}", "Figures by class as CSV")

components.subheader("Is the confidence honest?", wording.calibration_lead(models, summaries))
reliability = {f"{side}: {name}": metrics.reliability(t) for side, name, t in zip("AB", models, sides, strict=True)}
components.show(compare.reliability_lines(reliability), "Reliability diagram: accuracy over confidence.")
components.download_csv(csv_tables.reliability(reliability), f"reliability-{slice_name}", "Bins as CSV")
