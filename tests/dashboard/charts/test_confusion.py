"""Charts of confusion matrices: cell texts, positions, colour scale and clicks."""

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from dashboard.charts import confusion


def constant(value: float | str) -> pd.DataFrame:
    """Return a 7x7 table whose cells all have the same value."""
    return pd.DataFrame(value, index=EMOTIONS, columns=EMOTIONS)


def test_cell_text_has_the_count_and_the_percentage_of_the_row() -> None:
    cells = confusion.count_and_share_texts(constant(1234), constant(0.456))
    assert cells.loc["fear", "sad"] == "1,234<br>46 %"


def test_cells_without_images_show_no_percentage_and_no_difference() -> None:
    assert confusion.count_and_share_texts(constant(0), constant(float("nan"))).loc["sad", "sad"] == "0<br>"
    assert confusion.difference_texts(constant(float("nan"))).loc["sad", "sad"] == ""


def test_differences_in_percentage_points_have_a_sign() -> None:
    assert confusion.difference_texts(constant(0.031)).loc["sad", "sad"] == "+3.1"
    assert confusion.difference_texts(constant(-0.031)).loc["sad", "sad"] == "−3.1"


def test_each_cell_has_a_marker_with_its_text_at_its_true_and_predicted_label() -> None:
    texts = constant("").copy()
    texts.loc["fear", "sad"] = "here"
    markers = confusion.confusion_heatmap(constant(0.5), texts).data[1]
    cells = {(true, predicted): text for true, predicted, text in zip(markers.y, markers.x, markers.text, strict=True)}
    assert len(cells) == 49
    assert [cell for cell, text in cells.items() if text == "here"] == [("fear", "sad")]


def test_rows_are_true_labels_from_top_to_bottom() -> None:
    figure = confusion.confusion_heatmap(constant(0.5), constant(""))
    low, high = figure.layout.yaxis.range
    assert low > high
    assert figure.layout.yaxis.title.text == "true label"


def test_difference_colours_are_symmetric_about_zero() -> None:
    heatmap = confusion.difference_heatmap(constant(-0.4), constant("")).data[0]
    assert (heatmap.zmin, heatmap.zmax) == (-0.4, 0.4)


def test_undefined_differences_can_be_drawn() -> None:
    assert confusion.difference_heatmap(constant(float("nan")), constant("")).data[0].zmax == pytest.approx(0.1)


def test_click_returns_the_true_and_the_predicted_label() -> None:
    assert confusion.clicked_cell({"selection": {"points": [{"x": "sad", "y": "fear"}]}}) == ("fear", "sad")


@pytest.mark.parametrize("selection", [{}, {"selection": {"points": []}}])
def test_without_a_click_there_is_no_cell(selection: dict) -> None:
    assert confusion.clicked_cell(selection) is None
