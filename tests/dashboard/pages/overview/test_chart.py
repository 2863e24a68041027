"""The picture of the Overview page: one point per model, the pair named, the band of people, and what it shows."""

import math

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.pages.overview import chart

FIGURES = ["megabytes", "accuracy", "low", "high", "n", "accuracy_text", "size", "ms_per_face"]
COLUMNS = ["model", "kind", "is_leading", *FIGURES]
PAIR = ("good", "trees")


def table(*rows: tuple[str, str, bool, float, float, float, float]) -> pd.DataFrame:
    """Return points as `tables.points` does: model, kind, is_leading, megabytes, accuracy, low and high."""
    texts = (100, "a share", "a size", "1.00")
    return pd.DataFrame([(*row, *texts) for row in rows], columns=COLUMNS)


THREE = table(
    ("good", "network", True, 2.0, 75.0, 73.0, 77.0),
    ("trees", "trees", True, 0.5, 55.0, 53.0, 57.0),
    ("other", "network", False, 8.0, 71.0, 69.0, 73.0),
)


def points_of(figure: go.Figure) -> dict[tuple[float, float], str]:
    """Return (x, y) -> the name written at the point."""
    return {(x, y): text for dots in figure.data for x, y, text in zip(dots.x, dots.y, dots.text, strict=True)}


def test_each_model_is_a_point_and_the_pair_is_named_with_its_accuracy() -> None:
    points = points_of(chart.accuracy_over_size(THREE, PAIR, show_human_accuracy=True))
    assert points == {(2, 75): "<b>good</b> 75.0 %", (0.5, 55): "<b>trees</b> 55.0 %", (8, 71): ""}


def test_each_kind_has_its_own_colour_and_marker() -> None:
    network, trees = chart.accuracy_over_size(THREE, PAIR, show_human_accuracy=True).data
    assert (network.name, trees.name) == ("network", "trees")
    assert network.marker.color != trees.marker.color and network.marker.symbol != trees.marker.symbol


def test_the_axes_contain_all_intervals_and_the_band_of_people() -> None:
    axes = chart.accuracy_over_size(THREE, PAIR, show_human_accuracy=True).layout
    low, high = axes.yaxis.range
    assert low < 53 and high > 77
    first, last = axes.xaxis.range
    assert first < math.log10(0.5) and last > math.log10(8)
    assert all(first <= math.log10(tick) <= last for tick in axes.xaxis.tickvals) and 1 in axes.xaxis.tickvals


def test_the_accuracy_of_people_is_neither_drawn_nor_told_if_show_human_accuracy_is_false() -> None:
    weak = table(("weak", "network", True, 1.0, 40.0, 38.0, 42.0))
    figure = chart.accuracy_over_size(weak, ("weak",), show_human_accuracy=False)
    assert not figure.layout.shapes and not figure.layout.annotations
    assert figure.layout.yaxis.range[1] < chart.HUMAN_ACCURACY[0]
    assert "People" not in chart.finding(weak, ("weak",), show_human_accuracy=False)


def test_accuracies_without_intervals_can_be_drawn() -> None:
    missing = table(("new", "network", True, 1.0, 40.0, math.nan, math.nan))
    assert points_of(chart.accuracy_over_size(missing, ("new",), show_human_accuracy=False)) == {
        (1, 40): "<b>new</b> 40.0 %"
    }


def test_the_finding_names_the_best_model_the_pair_and_how_many_models_exceed_people() -> None:
    assert chart.finding(THREE, PAIR, show_human_accuracy=True) == (
        "good is the most accurate of 3 models, 75.0 % with 2.0 MB. trees reaches 55.0 % with 0.5 MB. "
        "People reach 65 ± 5 %; models above this band: 2."
    )


@pytest.mark.parametrize("name", ["<b>bold</b>", "a" * 200])
def test_names_are_shown_as_they_are_and_short_enough_for_a_phone(name: str) -> None:
    [text] = points_of(
        chart.accuracy_over_size(table((name, "network", True, 1.0, 40.0, 38.0, 42.0)), (), show_human_accuracy=False)
    ).values()
    assert "<b>bold" not in text and len(text) <= 40
