"""The confusion of two models: the difference matrix or both matrices, and the pairs that are confused most often.

Each cell and each pair opens its faces below (see `panel`). All of this is a fragment: a click does not run the rest of
the page again.
"""

from functools import partial

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import metrics
from core.evaluation.two_models.figures import Comparison
from dashboard import keys, resources
from dashboard.charts import confusion
from dashboard.components import clickable, displays, downloads, layout, pickers
from dashboard.pages.compare import csv_tables, matrix, panel
from dashboard.plain_text import one_line

DIFFERENCE, COUNTS, SHARES = "Difference A − B", "Counts and percent", "Percent of the row"

PAIRS_OF = {"A and B": ["a", "b"], "A": ["a"], "B": ["b"]}
"""Whose errors rank the pairs -> the columns of `comparison.confused_pairs` that are added up."""

LONGEST_NAME = 40
"""Maximum number of characters of a model's name in the title of a chart."""

Models = tuple[str, str]


@st.fragment
def show(models: Models, slice_name: str) -> None:
    """Show the cells, the ranked pairs, the CSV buttons, and the faces of the chosen cell."""
    found = resources.comparisons.compare(*models, slice_name)
    if found is None:
        return
    layout.subheader("Confusion")
    with st.container(horizontal=True):
        content = pickers.segmented_control("In each cell", [DIFFERENCE, COUNTS, SHARES], keys.CELLS)
        whose = pickers.segmented_control("Pairs by the errors of", list(PAIRS_OF), keys.PAIRS_OF)
    if content == DIFFERENCE:
        left = matrix.difference_html(found.counts)
    else:
        left = ""
        _show_both(models, found, content)
    pairs = matrix.pairs_html(_ranked(found.pairs, PAIRS_OF[whose]))
    clickable.show(
        f'<div class="ferscope-cells">{left}{pairs}</div>', keys.CELL_BUTTONS, partial(_open_clicked, found.counts)
    )
    with st.container(horizontal=True):
        downloads.csv_button(csv_tables.confusion(models, found.counts), f"confusion-{slice_name}", "Matrices as CSV")
        downloads.csv_button(found.pairs, f"confused-pairs-{slice_name}", "Pairs as CSV")
    panel.show(models, slice_name)


def _ranked(pairs: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return the pairs with the most errors in the columns of counts first; pairs without errors there are left out."""
    errors = pairs[columns].sum(axis=1)
    return pairs.loc[errors[errors > 0].sort_values(ascending=False, kind="stable").index]


def _open_clicked(counts: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """Choose the clicked cell, of the model that has more images in it."""
    true, predicted = clickable.choice_of(keys.CELL_BUTTONS).split()
    a, b = (table.to_numpy()[EMOTIONS.index(true), EMOTIONS.index(predicted)] for table in counts)
    panel.choose_cell(true, predicted, "B" if b > a else "A")


def _show_both(models: Models, found: Comparison, content: str) -> None:
    """Show both matrices as charts, which can be saved as images."""
    for side, name, table, column in zip("AB", models, found.counts, st.columns(2), strict=True):
        shares = metrics.row_shares(table)
        both = confusion.count_and_share_texts(table, shares)
        texts = both if content == COUNTS else confusion.share_texts(shares)
        figure = confusion.confusion_heatmap(shares, texts, f"{side}: {one_line(name, LONGEST_NAME)}")
        alt = f"Confusion matrix of {side}, {name}. {confusion.finding(table)}"
        with column:
            _show_matrix(figure, alt, side, confusion.cell_table(both))


def _show_matrix(figure: go.Figure, alt: str, side: str, table: pd.DataFrame) -> None:
    key = keys.per_item("confusion", side.lower())
    displays.show(figure, alt, key, table, on_select=partial(_open_selected, key, side), selection_mode="points")


def _open_selected(key: str, side: str) -> None:
    """Choose the cell that was clicked in the chart of one model. A click outside the cells chooses none."""
    cell = confusion.clicked_cell(st.session_state[key])
    if cell and set(cell) <= set(EMOTIONS):
        panel.choose_cell(*cell, side)
