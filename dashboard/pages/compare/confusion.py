"""Two confusion matrices side by side, and the ways from a cell to its faces."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import metrics
from dashboard import keys, navigation
from dashboard.charts import confusion
from dashboard.components import displays, downloads, links
from dashboard.pages.compare import csv_tables

COUNTS, SHARES, DIFFERENCE = "Counts and percent", "Percent of the row", "Difference A − B"

Models = tuple[str, str]
Counts = tuple[pd.DataFrame, pd.DataFrame]
"""7x7 confusion counts of A and of B."""


def show(models: Models, slice_name: str, counts: Counts) -> None:
    """Both matrices in the chosen form, the way to the faces, and the table."""
    form = st.segmented_control(
        "In each cell", [COUNTS, SHARES, DIFFERENCE], default=COUNTS, required=True, key=keys.CELLS, bind="query-params"
    )
    if form == DIFFERENCE:
        _show_difference(models, counts)
    else:
        _show_both(models, counts, form)
    _show_way_by_keyboard()
    downloads.csv_button(csv_tables.confusion(models, counts), f"confusion-{slice_name}", "Both matrices as CSV")


def _show_both(models: Models, counts: Counts, form: str) -> None:
    for side, name, table, column in zip("ab", models, counts, st.columns(2), strict=True):
        shares = metrics.row_shares(table)
        cells = confusion.counts_and_shares(table, shares) if form == COUNTS else confusion.shares_only(shares)
        with column:
            st.markdown(f"**{side.upper()}: {name}**")
            _show_matrix(confusion.confusion_heatmap(shares, cells), f"Confusion matrix of {name}", side)


def _show_difference(models: Models, counts: Counts) -> None:
    difference = metrics.row_shares(counts[0]) - metrics.row_shares(counts[1])
    st.markdown(
        f"Percentage points of the row: **+** and teal where **A: {models[0]}** says it more often, "
        f"**−** and ochre where **B: {models[1]}** does. On the diagonal, more is better."
    )
    figure = confusion.difference_heatmap(difference, confusion.differences_only(difference))
    _show_matrix(figure, "Difference of the two confusion matrices", "a")


def _show_matrix(figure: go.Figure, alt: str, side: str) -> None:
    clicked = displays.show(figure, alt, keys.of("confusion", side), on_select="rerun", selection_mode="points")
    cell = confusion.clicked_cell(clicked)
    if cell:
        links.open_cell(side, *cell)


def _show_way_by_keyboard() -> None:
    """The same as a click, for keyboards and screen readers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        true = st.selectbox("Faces labelled", EMOTIONS, EMOTIONS.index("fear"))
        predicted = st.selectbox("taken for", EMOTIONS, EMOTIONS.index("sad"))
        side = st.segmented_control("by", ["A", "B"], default="A", required=True)
        label = "Show these faces" if true != predicted else "Show those that the other gets wrong"
        if st.button(label, icon=navigation.page("errors").icon):
            links.open_cell(side.lower(), true, predicted)
