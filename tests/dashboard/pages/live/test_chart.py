"""The Live page's chart: gaps in its lines, its numbers and its finding in words."""

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from dashboard.pages.live import chart


def probability_rows(times: list[float], **probabilities: float) -> pd.DataFrame:
    return pd.DataFrame({"time_s": times} | dict.fromkeys(EMOTIONS, 1 / 7) | probabilities)


def test_the_line_is_interrupted_at_a_pause() -> None:
    times = [0.1 * frame for frame in range(10)] + [8.0 + 0.1 * frame for frame in range(10)]
    line = chart.probability_lines(probability_rows(times), 30, "").data[0]
    gaps = [x for x, y in zip(line.x, line.y, strict=True) if pd.isna(y)]
    assert gaps == [pytest.approx(-0.9, abs=0.01)]  # just before the first frame after the pause
    assert list(line.x) == sorted(line.x)


def test_the_line_is_not_interrupted_at_a_low_frame_rate() -> None:
    line = chart.probability_lines(probability_rows([0.5 * frame for frame in range(20)]), 30, "").data[0]
    assert not pd.isna(list(line.y)).any()


def test_the_chart_shows_percentages_and_one_tooltip_for_all_lines() -> None:
    figure = chart.probability_lines(probability_rows([0.0, 0.1], happy=0.25), 30, "cnn, face 1: last 30 s")
    assert figure.layout.title.text == "cnn, face 1: last 30 s"
    assert figure.layout.hovermode == "x unified"
    assert figure.layout.yaxis.ticksuffix == " %"
    assert list(figure.data[EMOTIONS.index("happy")].y) == [25, 25]
    assert all("%{y:.0f} %" in line.hovertemplate for line in figure.data)
    assert len({line.line.dash for line in figure.data}) == len(EMOTIONS), "lines differ not only in colour"


def test_the_finding_names_the_expression_with_the_highest_average() -> None:
    assert chart.finding(probability_rows([0.0, 0.1], happy=0.724)) == "mostly happy, on average 72 %"
    assert chart.finding(probability_rows([0.0]) * float("nan")) == "no prediction"
