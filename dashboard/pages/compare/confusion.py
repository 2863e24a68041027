"""The confusion matrices of two models, or their difference. Each cell opens its images on the Errors page."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import metrics
from dashboard import keys, navigation
from dashboard.charts import confusion
from dashboard.components import displays, downloads, links
from dashboard.pages.compare import csv_tables
from dashboard.plain_text import escape_markdown

COUNTS, SHARES, DIFFERENCE = "Counts and percent", "Percent of the row", "Difference A − B"

Models = tuple[str, str]
Counts = tuple[pd.DataFrame, pd.DataFrame]
"""The 7x7 confusion counts of A and of B."""


def show(models: Models, slice_name: str, counts: Counts) -> None:
    """Show both matrices or their difference, the widgets that open a cell, and the CSV button."""
    cell_content = st.segmented_control(
        "In each cell", [COUNTS, SHARES, DIFFERENCE], default=COUNTS, required=True, key=keys.CELLS, bind="query-params"
    )
    if cell_content == DIFFERENCE:
        _show_difference(models, counts)
    else:
        _show_both(models, counts, cell_content)
    _show_cell_picker()
    downloads.csv_button(csv_tables.confusion(models, counts), f"confusion-{slice_name}", "Both matrices as CSV")


def _show_both(models: Models, counts: Counts, cell_content: str) -> None:
    for side, name, table, column in zip("ab", models, counts, st.columns(2), strict=True):
        shares = metrics.row_shares(table)
        texts = (
            confusion.count_and_share_texts(table, shares) if cell_content == COUNTS else confusion.share_texts(shares)
        )
        with column:
            st.markdown(f"**{side.upper()}: {escape_markdown(name)}**")
            _show_matrix(confusion.confusion_heatmap(shares, texts), f"Confusion matrix of {name}", side)


def _show_difference(models: Models, counts: Counts) -> None:
    difference = metrics.row_shares(counts[0]) - metrics.row_shares(counts[1])
    st.markdown(
        "Differences between the percentages of the rows, A − B, in percentage points. "
        f"**+** and teal: **A: {escape_markdown(models[0])}** predicts this label more often. "
        f"**−** and ochre: **B: {escape_markdown(models[1])}** does. "
        "On the diagonal, the predicted label is correct, so predicting it more often is better."
    )
    figure = confusion.difference_heatmap(difference, confusion.difference_texts(difference))
    _show_matrix(figure, "Difference of the two confusion matrices", "a")  # a clicked cell opens the images of A


def _show_matrix(figure: go.Figure, alt: str, side: str) -> None:
    clicked = displays.show(figure, alt, keys.per_item("confusion", side), on_select="rerun", selection_mode="points")
    cell = confusion.clicked_cell(clicked)
    if cell:
        links.open_cell(side, *cell)


def _show_cell_picker() -> None:
    """Show widgets that open a cell without a click on the chart, for keyboards and screen readers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        true = st.selectbox("Faces labelled", EMOTIONS, EMOTIONS.index("fear"))
        predicted = st.selectbox("predicted as", EMOTIONS, EMOTIONS.index("sad"))
        side = st.segmented_control("by", ["A", "B"], default="A", required=True)
        label = "Show these faces" if true != predicted else "Show the faces that the other model gets wrong"
        if st.button(label, icon=navigation.page("errors").icon):
            links.open_cell(side.lower(), true, predicted)
