"""Figures as SVG: marks stand where the numbers say, and foreign names stay text."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.exchange.figures import class_bars, curves, reliability, style
from core.exchange.figures.svg import svg

HOSTILE = '<script>alert("x")</script> & <b>'


def drawn(figure: go.Figure) -> ElementTree.Element:
    """Return the parsed SVG. Parsing fails if it is no XML."""
    return ElementTree.fromstring(svg(figure, "caption"))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter("text")]


def ticks(root: ElementTree.Element, anchor: str) -> dict[float, float]:
    """Return value -> coordinate of the labels of one axis: those in the middle are of x, those at the end of y."""
    found = {}
    for text in root.iter("text"):
        number = re.fullmatch(r"([\d.]+)(?: %)?", "".join(text.itertext()))
        if number and text.get("text-anchor") == anchor:
            span = next(text.iter("tspan"))
            found[float(number[1])] = float(span.get("x" if anchor == "middle" else "y", "")) - 4 * (anchor == "end")
    return found


def risk_figure() -> go.Figure:
    table = pd.DataFrame({"coverage": [0.2, 0.6, 1.0], "risk": [0.1, 0.2, 0.4], "confidence": [0.9, 0.5, 0.2]})
    return curves.risk_coverage({HOSTILE: table, "other": table}, [(0.6, 0.2), None], "Risk")


def test_a_marker_stands_at_its_values_by_the_labels_of_both_axes() -> None:
    root = drawn(risk_figure())
    [circle] = root.iter("circle")  # the threshold: 60 % answered, 20 % of them wrong
    x, y = ticks(root, "middle"), ticks(root, "end")
    assert float(circle.get("cx", "")) == pytest.approx(x[60], abs=0.1)
    assert float(circle.get("cy", "")) == pytest.approx(y[20], abs=0.1)
    assert x[0] < x[60] < x[100] and y[0] > y[20]


def test_the_second_line_is_dashed_and_names_are_text() -> None:
    root = drawn(risk_figure())
    lines = [path for path in root.iter("path") if path.get("fill") == "none"]
    assert ["stroke-dasharray" in line.attrib for line in lines] == [False, True]
    assert not list(root.iter("script"))
    assert HOSTILE in texts(root)


def test_the_figure_names_the_element_that_describes_it_and_needs_no_other_file() -> None:
    text = svg(risk_figure(), "caption")
    assert 'role="img" aria-labelledby="caption"' in text
    assert "href" not in text and "http" not in text


def test_bars_are_as_long_as_their_values_and_undefined_ones_are_left_out() -> None:
    emotions = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
    recalls = [0.25, math.nan, 0.5, 0.75, 1.0, 0.0, 0.1]
    side = pd.DataFrame({"emotion": emotions, "support": 40, "recall": recalls})
    side = side.assign(recall_low=side["recall"] - 0.1, recall_high=side["recall"] + 0.1)
    table = pd.concat([side.assign(model=name) for name in "AB"])
    root = drawn(class_bars.per_class_bars(table, "recall", ("one", "two")))
    bars = [bar for bar in root.iter("rect") if bar.find("title") is not None]
    assert len(bars) == 2 * 6
    lengths = np.array([float(bar.get("width", "")) for bar in bars[:6]])
    x = ticks(root, "middle")
    assert lengths / (x[100] - x[0]) == pytest.approx(np.array(recalls)[~np.isnan(recalls)], abs=1e-3)
    assert len([path for path in root.iter("path") if path.get("class") == "error"]) == 12
    assert "".join(bars[0].itertext()) == "25.0 % (15.0 to 35.0)"
    assert "angryn = 40" in texts(root)


def test_bins_without_images_have_no_marker() -> None:
    bins = pd.DataFrame({"n": [0, 4, 9], "confidence": [np.nan, 0.5, 0.9], "accuracy": [np.nan, 0.4, 0.8]})
    root = drawn(reliability.reliability_lines({"one": bins}))
    assert len(list(root.iter("circle"))) == 2 + 1  # and one in the legend


def test_a_figure_that_cannot_be_drawn_is_an_error_and_not_an_empty_picture() -> None:
    figure = style.style(go.Figure(go.Scatterpolar(r=[1], theta=[0])), 300)
    with pytest.raises(ValueError, match="scatterpolar"):
        svg(figure, "caption")
