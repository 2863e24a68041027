"""Gaps in the lines of the Live page's chart."""

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from dashboard.pages.live import chart


def probability_rows(times: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"time_s": times} | dict.fromkeys(EMOTIONS, 1 / 7))


def test_the_line_is_interrupted_at_a_pause() -> None:
    times = [0.1 * frame for frame in range(10)] + [8.0 + 0.1 * frame for frame in range(10)]
    line = chart.probability_lines(probability_rows(times), 30).data[0]
    gaps = [x for x, y in zip(line.x, line.y, strict=True) if pd.isna(y)]
    assert gaps == [pytest.approx(-0.9, abs=0.01)]  # just before the first frame after the pause
    assert list(line.x) == sorted(line.x)


def test_the_line_is_not_interrupted_at_a_low_frame_rate() -> None:
    line = chart.probability_lines(probability_rows([0.5 * frame for frame in range(20)]), 30).data[0]
    assert not pd.isna(list(line.y)).any()
