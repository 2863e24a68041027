"""Compare two models on the same images: accuracy, confusion, metrics per class, calibration."""

import streamlit as st

from core.evaluation import calibration_error, comparison, metrics, slices
from dashboard import resources
from dashboard.charts.reliability import reliability_lines
from dashboard.components import displays, downloads, layout, notices, pickers
from dashboard.pages.compare import charts, confusion, csv_tables, tables, words

layout.page_header(
    "Compare",
    "Compare the stored predictions of two models on the same test images. Click a cell of a confusion matrix to see "
    "its faces. A cell on the diagonal shows only the faces that the other model gets wrong.",
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

scored_tables = comparison.scored_table_of(pairs, "a"), comparison.scored_table_of(pairs, "b")
summaries = metrics.summary(scored_tables[0]), metrics.summary(scored_tables[1])
differences = resources.predictions.bootstrap(*models, slice_name)
mcnemar = comparison.mcnemar(pairs)

layout.subheader("Which model is right more often?")
st.markdown(words.comparison_lead(models, summaries, differences.accuracy, mcnemar))
displays.text_table(tables.agreement_table(comparison.agreement(pairs)))
downloads.csv_button(
    csv_tables.comparison(models, summaries, differences, mcnemar), f"comparison-{slice_name}", "Comparison as CSV"
)

layout.subheader(
    "Confusion", "Rows are true labels, columns are predicted labels. The percentages of a row add up to 100 %."
)
confusion.show(models, slice_name, (metrics.confusion(scored_tables[0]), metrics.confusion(scored_tables[1])))

layout.subheader("Class by class", words.CLASSES_LEAD)
classes = comparison.per_class_pair(*scored_tables)
metric = pickers.class_metric_picker()
displays.show(charts.per_class_bars(classes, metric, models), "Bar chart of the chosen metric by emotion.")
displays.text_table(tables.per_class_table(classes, differences.recall))
downloads.csv_button(classes, f"classes-{slice_name}", "Metrics by class as CSV")

layout.subheader("Does the confidence match the accuracy?", words.calibration_lead(models, summaries))
bins = {
    f"{side}: {name}": calibration_error.reliability(scored)
    for side, name, scored in zip("AB", models, scored_tables, strict=True)
}
displays.show(reliability_lines(bins), "Reliability diagram: accuracy against confidence.")
downloads.csv_button(csv_tables.reliability(bins), f"reliability-{slice_name}", "Confidence bins as CSV")
