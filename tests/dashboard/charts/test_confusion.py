"""Confusion matrices of tiny tables: what stands in the cells, and which one was clicked."""

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from dashboard.charts import confusion


def square(value: float) -> pd.DataFrame:
    """7x7, all the same."""
    return pd.DataFrame(value, index=EMOTIONS, columns=EMOTIONS)


def test_cells_hold_count_and_share() -> None:
    cells = confusion.counts_and_shares(square(1234), square(0.456))
    assert cells.loc["fear", "sad"] == "1,234<br>46 %"


def test_a_label_that_does_not_occur_has_no_share() -> None:
    assert confusion.counts_and_shares(square(0), square(float("nan"))).loc["sad", "sad"] == "0<br>"
    assert confusion.differences_only(square(float("nan"))).loc["sad", "sad"] == ""


def test_differences_carry_their_sign() -> None:
    assert confusion.differences_only(square(0.031)).loc["sad", "sad"] == "+3.1"
    assert confusion.differences_only(square(-0.031)).loc["sad", "sad"] == "−3.1"


def test_each_cell_has_a_marker_at_its_true_and_predicted_label() -> None:
    texts = square("").copy()
    texts.loc["fear", "sad"] = "here"
    markers = confusion.confusion_heatmap(square(0.5), texts).data[1]
    cells = {(true, predicted): text for true, predicted, text in zip(markers.y, markers.x, markers.text, strict=True)}
    assert len(cells) == 49
    assert [cell for cell, text in cells.items() if text == "here"] == [("fear", "sad")]


def test_rows_are_true_labels_from_the_top() -> None:
    figure = confusion.confusion_heatmap(square(0.5), square(""))
    low, high = figure.layout.yaxis.range
    assert low > high
    assert figure.layout.yaxis.title.text == "true label"


def test_difference_is_symmetric_about_zero() -> None:
    heatmap = confusion.difference_heatmap(square(-0.4), square("")).data[0]
    assert (heatmap.zmin, heatmap.zmax) == (-0.4, 0.4)


def test_difference_of_nothing_can_be_drawn() -> None:
    assert confusion.difference_heatmap(square(float("nan")), square("")).data[0].zmax == pytest.approx(0.1)


def test_clicked_cell() -> None:
    assert confusion.clicked_cell({"selection": {"points": [{"x": "sad", "y": "fear"}]}}) == ("fear", "sad")


@pytest.mark.parametrize("selection", [{}, {"selection": {"points": []}}])
def test_no_click(selection: dict) -> None:
    assert confusion.clicked_cell(selection) is None
