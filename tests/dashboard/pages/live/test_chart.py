"""The Live page's course: where its lines break."""

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from dashboard.pages.live import chart


def course_rows(times: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"time_s": times} | dict.fromkeys(EMOTIONS, 1 / 7))


def test_no_line_leads_over_a_pause() -> None:
    times = [0.1 * frame for frame in range(10)] + [8.0 + 0.1 * frame for frame in range(10)]
    line = chart.course(course_rows(times), 30).data[0]
    broken = [x for x, y in zip(line.x, line.y, strict=True) if pd.isna(y)]
    assert broken == [pytest.approx(-0.9, abs=0.01)]
    assert list(line.x) == sorted(line.x)


def test_a_slow_stream_has_a_line() -> None:
    line = chart.course(course_rows([0.5 * frame for frame in range(20)]), 30).data[0]
    assert not pd.isna(list(line.y)).any()
