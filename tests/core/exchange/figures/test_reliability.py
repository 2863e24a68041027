"""Reliability diagrams: only bins with images are drawn."""

import pandas as pd

from core.exchange.figures import reliability


def test_empty_bins_are_left_out() -> None:
    bins = pd.DataFrame({"n": [0, 4], "confidence": [float("nan"), 0.9], "accuracy": [float("nan"), 0.75]})
    diagonal, line = reliability.reliability_lines({"A: one": bins}).data
    assert diagonal.name == "perfectly calibrated"
    assert (list(line.x), list(line.y)) == ([90], [75])


def test_the_finding_compares_the_mean_confidence_with_the_accuracy() -> None:
    bins = pd.DataFrame({"n": [1, 3], "confidence": [0.5, 0.9], "accuracy": [0.6, 0.8]})
    assert reliability.finding({"A: one": bins, "B: two": bins.assign(n=0)}) == (
        "A: one: confidence 80.0 % on average, accuracy 75.0 %; 5.0 points too high. B: two: no images."
    )


def test_the_table_has_one_row_per_bin_and_dashes_for_empty_ones() -> None:
    columns = {"bin_low": [0, 0.5], "bin_high": [0.5, 1], "n": [0, 1234], "accuracy": [float("nan"), 0.75]}
    texts = reliability.bin_texts({"A": pd.DataFrame(columns)})
    assert texts.to_numpy().tolist() == [["0 to 50 %", "0", "–"], ["50 to 100 %", "1,234", "75.0 %"]]


def test_model_without_images_has_a_line_without_points() -> None:
    bins = pd.DataFrame({"n": [0], "confidence": [float("nan")], "accuracy": [float("nan")]})
    assert len(reliability.reliability_lines({"A: one": bins}).data[1].x) == 0
