"""Charts of curves: risk and coverage with the models' thresholds, ROC, precision and recall."""

import pandas as pd

from core.evaluation.curves import Selection
from core.exchange.figures import curves

RISK = pd.DataFrame({"coverage": [0.5, 1.0], "risk": [0.1, 0.25], "confidence": [0.8, 0.3]})
ROC = pd.DataFrame({"emotion": "fear", "false_positive_rate": [0.0, 1.0], "true_positive_rate": [0.0, 1.0]})


def test_risk_is_drawn_over_coverage_in_percent_with_a_marker_at_the_threshold() -> None:
    tables = {"A: one": RISK, "B: two": RISK}
    figure = curves.risk_coverage(tables, [Selection(0.8, 0.2), None], "Risk")
    line_a, marker_a, line_b = figure.data
    assert (line_a.name, list(line_a.x), list(line_a.y)) == ("A: one", [50, 100], [10, 25])
    assert (marker_a.mode, list(marker_a.x), list(marker_a.y)) == ("markers", [80], [20])
    assert (line_b.name, line_b.mode) == ("B: two", "lines")


def test_the_models_can_be_told_apart_without_colour() -> None:
    figure = curves.risk_coverage({"A: one": RISK, "B: two": RISK}, [None, None], "Risk")
    assert [trace.line.dash for trace in figure.data] == ["solid", "dash"]


def test_only_the_roc_curve_has_a_line_of_chance() -> None:
    roc = curves.one_vs_rest({"A: one": ROC}, "false_positive_rate", "true_positive_rate", "ROC, fear")
    assert [trace.name for trace in roc.data] == ["chance", "A: one"]
    table = pd.DataFrame({"recall": [0.0, 1.0], "precision": [1.0, 0.2]})
    precision = curves.one_vs_rest({"A: one": table}, "recall", "precision", "Precision")
    assert [trace.name for trace in precision.data] == ["A: one"]
    assert (precision.layout.xaxis.title.text, precision.layout.yaxis.title.text) == ("recall", "precision")


def test_names_of_models_are_shown_as_they_are() -> None:
    figure = curves.risk_coverage({"A: <b>": RISK}, [None], "Risk")
    assert figure.data[0].name == "A: &lt;b&gt;"
    assert "&lt;b&gt;" in figure.data[0].hovertemplate
