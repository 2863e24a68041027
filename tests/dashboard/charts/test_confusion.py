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


def test_cells_without_images_show_no_percentage() -> None:
    assert confusion.count_and_share_texts(constant(0), constant(float("nan"))).loc["sad", "sad"] == "0<br>"


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


def test_click_returns_the_true_and_the_predicted_label() -> None:
    assert confusion.clicked_cell({"selection": {"points": [{"x": "sad", "y": "fear"}]}}) == ("fear", "sad")


@pytest.mark.parametrize("selection", [{}, {"selection": {"points": []}}])
def test_without_a_click_there_is_no_cell(selection: dict) -> None:
    assert confusion.clicked_cell(selection) is None


def test_the_finding_names_the_best_and_the_worst_recall_and_the_most_frequent_error() -> None:
    counts = pd.DataFrame(0, index=EMOTIONS, columns=EMOTIONS)
    counts.loc["happy", "happy"], counts.loc["fear", "fear"], counts.loc["fear", "sad"] = 10, 1, 3
    assert confusion.finding(counts) == (
        "The best recall is that of happy, 100.0 %, the worst that of fear, 25.0 %. "
        "The most frequent error is fear predicted as sad, 3 images."
    )
    counts.loc["fear", "sad"] = 0
    assert confusion.finding(counts).endswith("There are no errors.")
    assert confusion.finding(counts * 0) == "There are no images."


def test_the_finding_of_a_difference_names_its_largest_cell() -> None:
    differences = constant(0.0)
    differences.loc["fear", "sad"] = -0.094
    assert confusion.difference_finding(differences) == (
        "The largest difference: of the faces labelled fear, A predicts 9.4 percentage points fewer as sad than B does."
    )
    assert confusion.difference_finding(constant(float("nan"))) == "There are no images."
    assert confusion.difference_finding(constant(0.0)) == "A and B have equal shares in every row."


def test_the_table_of_cells_has_the_texts_on_one_line() -> None:
    table = confusion.cell_table(confusion.count_and_share_texts(constant(2), constant(float("nan"))))
    assert list(table) == ["true label", *EMOTIONS]
    assert set(table["sad"]) == {"2"}
    assert confusion.cell_table(constant("2<br>5 %")).loc[0, "sad"] == "2, 5 %"


def test_the_title_of_a_matrix_stands_above_it() -> None:
    with_title = confusion.confusion_heatmap(constant(0.5), constant(""), "A: cnn").layout
    without = confusion.confusion_heatmap(constant(0.5), constant("")).layout
    assert with_title.title.text == "A: cnn"
    assert with_title.margin.t - without.margin.t == with_title.height - without.height > 0
