"""Compare two models on the same images: accuracy, confusion, figures per class, calibration."""

import streamlit as st

from core.evaluation import calibration_error, comparison, metrics, slices
from dashboard import resources
from dashboard.charts.reliability import reliability_lines
from dashboard.components import displays, downloads, layout, notices, pickers
from dashboard.pages.compare import charts, confusion, csv_tables, tables, words

layout.page_header(
    "Compare",
    "Compare the stored predictions of two models on the same test images. Click a cell of a confusion matrix to see "
    "its faces. On the diagonal you see those that the other model gets wrong.",
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

sides = comparison.scored_table_of(pairs, "a"), comparison.scored_table_of(pairs, "b")
summaries = metrics.summary(sides[0]), metrics.summary(sides[1])
differences = resources.predictions.bootstrap(*models, slice_name)
test = comparison.mcnemar(pairs)

layout.subheader("Which model is right more often?")
st.markdown(words.comparison_lead(models, summaries, differences.accuracy, test))
displays.text_table(tables.agreement_in_words(comparison.agreement(pairs)))
downloads.csv_button(
    csv_tables.comparison(models, summaries, differences, test), f"comparison-{slice_name}", "These figures as CSV"
)

layout.subheader(
    "Confusion", "Rows are true labels, columns are predicted labels. The percentages of a row add up to 100 %."
)
confusion.show(models, slice_name, (metrics.confusion(sides[0]), metrics.confusion(sides[1])))

layout.subheader("Class by class", words.CLASSES_LEAD)
classes = comparison.per_class_pair(*sides)
displays.show(charts.per_class_bars(classes, pickers.figure_picker(), models), "Bars of both models by emotion.")
displays.text_table(tables.per_class_in_words(classes, differences.recall))
downloads.csv_button(classes, f"classes-{slice_name}", "Figures by class as CSV")

layout.subheader("Does the confidence match the accuracy?", words.calibration_lead(models, summaries))
bins = {f"{side}: {name}": calibration_error.reliability(t) for side, name, t in zip("AB", models, sides, strict=True)}
displays.show(reliability_lines(bins), "Reliability diagram: accuracy against confidence.")
downloads.csv_button(csv_tables.reliability(bins), f"reliability-{slice_name}", "Bins as CSV")
