"""The bars of recall, precision or F1."""

import pandas as pd

from core.exchange.figures import class_bars

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
    a, b = class_bars.per_class_bars(CLASSES, "recall", ("one", "two")).data
    assert (a.name, b.name) == ("A: one", "B: two")
    assert list(a.y) == ["fear<br>n = 1,024"]
    assert (list(a.x), list(a.error_x.array), list(a.error_x.arrayminus)) == ([50], [20], [10])
    assert list(a.customdata) == ["50.0 % (40.0 to 70.0)"]


def test_metric_without_interval_columns_has_no_error_bars() -> None:
    assert class_bars.per_class_bars(CLASSES, "f1", ("one", "two")).data[0].error_x.array is None


def test_f1_is_no_percentage() -> None:
    figure = class_bars.per_class_bars(CLASSES, "f1", ("one", "two"))
    assert (list(figure.data[0].x), list(figure.data[0].customdata)) == ([0.3], ["0.300"])
    assert figure.layout.xaxis.ticksuffix is None


def test_the_finding_counts_emotions_and_names_the_largest_difference() -> None:
    assert class_bars.finding(CLASSES, "recall", ("one", "two")) == (
        "Recall: A, one, is higher for 1 of 1 emotions, B, two, for 0. The largest difference is that of fear: "
        "one 50.0 % (40.0 to 70.0), two 25.0 % (20.0 to 30.0)."
    )


def test_undefined_values_have_a_sentence_of_their_own() -> None:
    undefined = CLASSES.assign(recall=float("nan"))
    assert class_bars.finding(undefined, "recall", ("one", "two")) == "No emotion has a value for both models."


def test_equal_values_have_no_largest_difference() -> None:
    equal = CLASSES.assign(recall=0.5)
    assert class_bars.finding(equal, "recall", ("one", "two")) == "Recall: A, one, and B, two, have equal values."
