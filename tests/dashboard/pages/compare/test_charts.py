"""The per-class bar chart of the Compare page."""

import pandas as pd

from dashboard.pages.compare import charts

CLASSES = pd.DataFrame(
    {
        "emotion": ["fear", "fear"],
        "model": ["A", "B"],
        "support": [1024, 1024],
        "recall": [0.5, 0.25],
        "recall_low": [0.4, 0.2],
        "recall_high": [0.7, 0.3],
        "f1": [0.3, 0.2],
    }
)


def test_bars_have_the_model_name_and_the_number_of_images_and_the_value_and_its_interval() -> None:
    a, b = charts.per_class_bars(CLASSES, "recall", ("one", "two")).data
    assert (a.name, b.name) == ("A: one", "B: two")
    assert list(a.y) == ["fear<br>n = 1,024"]
    assert (list(a.x), list(a.error_x.array), list(a.error_x.arrayminus)) == ([0.5], [0.7 - 0.5], [0.5 - 0.4])


def test_metric_without_interval_columns_has_no_error_bars() -> None:
    assert charts.per_class_bars(CLASSES, "f1", ("one", "two")).data[0].error_x.array is None
