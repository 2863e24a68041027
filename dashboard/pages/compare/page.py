"""Two models on the same images: how often each is right, where they differ, how sure that is."""

import streamlit as st

from core.evaluation import calibration_error, comparison, metrics, slices
from dashboard import resources
from dashboard.charts.reliability import reliability_lines
from dashboard.components import displays, downloads, layout, notices, pickers
from dashboard.pages.compare import charts, confusion, csv_tables, tables, words

layout.page_header(
    "Compare",
    "Two models on the same test images, from their stored predictions. Click a cell of a confusion matrix to see its "
    "faces; on the diagonal, those that the other model gets wrong.",
)
notices.model_faults_notice()

models = pickers.models_pair_picker()
if not models:
    st.stop()
slice_name = pickers.slice_picker()
pairs = slices.slice_rows(resources.predictions.pairs(*models), slice_name)
if pairs.empty:
    notices.empty_slice_notice()
    st.stop()

sides = comparison.side(pairs, "a"), comparison.side(pairs, "b")
summaries = metrics.summary(sides[0]), metrics.summary(sides[1])
differences = resources.predictions.bootstrap(*models, slice_name)
test = comparison.mcnemar(pairs)

layout.subheader("Which is right more often?")
st.markdown(words.comparison_lead(models, summaries, differences.accuracy, test))
displays.text_table(tables.agreement_in_words(comparison.agreement(pairs)))
downloads.csv_button(
    csv_tables.comparison(models, summaries, differences, test), f"comparison-{slice_name}", "These figures as CSV"
)

layout.subheader("Confusion", "Rows are true labels: each row of percentages adds up to 100 %.")
confusion.show(models, slice_name, (metrics.confusion(sides[0]), metrics.confusion(sides[1])))

layout.subheader("Class by class")
classes = comparison.per_class_pair(*sides)
displays.show(charts.per_class_bars(classes, pickers.figure_picker(), models), "Bars of both models by emotion.")
displays.text_table(tables.per_class_in_words(classes, differences.recall))
downloads.csv_button(classes, f"classes-{slice_name}", "Figures by class as CSV")

layout.subheader("Is the confidence honest?", words.calibration_lead(models, summaries))
bins = {f"{side}: {name}": calibration_error.reliability(t) for side, name, t in zip("AB", models, sides, strict=True)}
displays.show(reliability_lines(bins), "Reliability diagram: accuracy over confidence.")
downloads.csv_button(csv_tables.reliability(bins), f"reliability-{slice_name}", "Bins as CSV")
