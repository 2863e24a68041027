"""The cells of confusion matrices and of their difference."""

import numpy as np
import pandas as pd

from core.emotions import EMOTIONS
from core.exchange.figures import heat_table


def counts_of(values: dict[tuple[str, str], int]) -> pd.DataFrame:
    counts = pd.DataFrame(0, index=list(EMOTIONS), columns=list(EMOTIONS))
    for cell, count in values.items():
        counts.loc[cell] = count
    return counts


A = counts_of({("fear", "fear"): 3, ("fear", "sad"): 1, ("happy", "happy"): 1200})
B = counts_of({("fear", "fear"): 1, ("fear", "sad"): 3, ("happy", "happy"): 1200})


def cell(cells: list[heat_table.Cell], true: str, predicted: str) -> heat_table.Cell:
    [found] = [each for each in cells if (each.true, each.predicted) == (true, predicted)]
    return found


def test_counts_have_their_share_of_the_row_and_a_title_in_words() -> None:
    found = cell(heat_table.count_cells(A, "a"), "fear", "sad")
    assert (found.text, found.title) == ("1 · 25 %", "fear predicted as sad: 1 image")
    assert cell(heat_table.count_cells(A, "a"), "happy", "happy").text == "1,200 · 100 %"


def test_rows_without_images_have_no_share_and_no_colour() -> None:
    found = cell(heat_table.count_cells(A, "a"), "angry", "sad")
    assert (found.text, found.strength) == ("0", 0)
    assert cell(heat_table.difference_cells((A, B)), "angry", "sad").text == ""


def test_a_difference_has_the_colour_of_the_model_that_predicts_it_more_often() -> None:
    cells = heat_table.difference_cells((A, B))
    right, wrong = cell(cells, "fear", "fear"), cell(cells, "fear", "sad")
    assert (right.text, right.side, right.strength) == ("+50.0", "a", heat_table.STRONGEST)
    assert (wrong.text, wrong.side, wrong.strength) == ("−50.0", "b", heat_table.STRONGEST)
    assert wrong.title == "fear predicted as sad: A 1, B 3 images"


def test_cells_are_in_rows_of_true_labels() -> None:
    html = heat_table.rows_html(heat_table.count_cells(A, "a"), lambda each: f"<td>{each.true}-{each.predicted}</td>")
    rows = html.split("<tbody>")[1].split("<tr>")[1:]
    assert [row.count(f"<td>{true}-") for row, true in zip(rows, EMOTIONS, strict=True)] == [len(EMOTIONS)] * 7
    assert np.array_equal([row.split("</th>")[0].rpartition(">")[2] for row in rows], EMOTIONS)
