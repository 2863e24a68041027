"""Reliability diagrams: only bins with images are drawn."""

import pandas as pd

from dashboard.charts import reliability


def test_empty_bins_are_left_out() -> None:
    bins = pd.DataFrame({"n": [0, 4], "confidence": [float("nan"), 0.9], "accuracy": [float("nan"), 0.75]})
    diagonal, line = reliability.reliability_lines({"A: one": bins}).data
    assert diagonal.name == "perfectly calibrated"
    assert (list(line.x), list(line.y)) == ([0.9], [0.75])


def test_model_without_images_has_a_line_without_points() -> None:
    bins = pd.DataFrame({"n": [0], "confidence": [float("nan")], "accuracy": [float("nan")]})
    assert len(reliability.reliability_lines({"A: one": bins}).data[1].x) == 0
