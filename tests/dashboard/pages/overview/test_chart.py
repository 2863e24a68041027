"""The accuracy chart of the Overview page."""

import pandas as pd

from dashboard.pages.overview import chart


def test_each_model_has_one_dot_per_slice_on_an_axis_that_contains_all_intervals() -> None:
    rows = [("m", "All test images", 100, 0.5, 0.4, 0.6), ("m", "Leak-free", 90, 0.45, 0.35, 0.55)]
    table = pd.DataFrame(rows, columns=["model", "slice", "n", "accuracy", "low", "high"])
    figure = chart.accuracy_dots(table, show_human_accuracy=True)
    assert [(dots.name, list(dots.x)) for dots in figure.data] == [
        ("All test images", [0.5]),
        ("Leak-free", [0.45]),
    ]
    assert list(figure.layout.yaxis.ticktext) == ["m"]
    low, high = figure.layout.xaxis.range
    assert low < 0.35 < chart.HUMAN_ACCURACY[1] < high


def test_the_accuracy_of_people_is_not_drawn_if_show_human_accuracy_is_false() -> None:
    table = pd.DataFrame([("m", "All", 10, 0.5, 0.4, 0.55)], columns=["model", "slice", "n", "accuracy", "low", "high"])
    figure = chart.accuracy_dots(table, show_human_accuracy=False)
    assert not figure.layout.shapes and not figure.layout.annotations
    assert figure.layout.xaxis.range[1] < chart.HUMAN_ACCURACY[0]
