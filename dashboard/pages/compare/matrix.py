"""The difference matrix and the ranked pairs of the Compare page as HTML, with a button for each cell and each pair."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from core.evaluation.two_models.wording import cell_title
from core.exchange.figures import confusion, heat_table
from dashboard.components import clickable, wording

MOST_PAIRS = 10
"""Number of pairs that are shown; the CSV has all."""


def difference_html(counts: tuple[pd.DataFrame, pd.DataFrame]) -> str:
    """Return the 7x7 differences between the shares of the rows, A minus B, as a table of buttons."""
    delta = heat_table.differences(counts)
    return (
        '<div class="ferscope-matrix"><h3>Difference matrix</h3>'
        f'<p class="ferscope-note">{heat_table.DIFFERENCE_LEAD} Press a cell to see its faces.</p>'
        f'<table role="grid" aria-label="Difference matrix. {confusion.difference_finding(delta)}">'
        f"{heat_table.rows_html(heat_table.difference_cells(counts), _button)}</table></div>"
    )


def _button(cell: heat_table.Cell) -> str:
    attributes = f'title="{cell.title}" aria-label="{cell.title}, {cell.text}" style="{cell.style}"'
    # Tab reaches one cell; the arrow keys reach the others.
    tab_stop = f'{attributes} tabindex="{0 if cell.is_first else -1}"'
    return f'<td role="gridcell">{clickable.button_html(f"{cell.true} {cell.predicted}", cell.text, tab_stop)}</td>'


def pairs_html(pairs: pd.DataFrame) -> str:
    """Return the first rows of `comparison.confused_pairs` as a table, in which each pair is a button."""
    if pairs.empty:
        return '<div class="ferscope-pairs"><h3>Most confused pairs</h3><p>There are no errors.</p></div>'
    rows = "".join(map(_pair_row, pairs.head(MOST_PAIRS).to_dict("records")))
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Labelled → predicted", "A", "B", "A − B"))
    return (
        '<div class="ferscope-pairs"><h3>Most confused pairs</h3>'
        '<p class="ferscope-note">Most frequent first, with shares of the label\'s images and their difference in '
        "points. Press a pair to see its faces.</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _pair_row(row: Mapping[Hashable, Any]) -> str:
    cell = (row["true_label"], row["predicted_label"])
    button = clickable.button_html(" ".join(cell), f"{cell[0]} → {cell[1]}", f'aria-label="{cell_title(*cell)}"')
    counts = "".join(
        f"<td>{row[side]:,} <small>{wording.percent(row[f'share_{side}'], 0)}</small></td>" for side in "ab"
    )
    return f'<tr><th scope="row">{button}</th>{counts}<td>{wording.points(row["delta"])}</td></tr>'
