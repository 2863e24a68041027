"""Numbers and results, formatted for the screen."""

import pytest

from core.evaluation.comparison import Difference
from dashboard.components import wording


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (wording.percent(0.62544), "62.5 %"),
        (wording.percent(None), "–"),
        (wording.percent(float("nan")), "–"),
        (wording.number(0.12345), "0.123"),
        (wording.number(None), "–"),
        (wording.percent_with_interval(0.625, [0.61, 0.644]), "62.5 % (61.0 to 64.4)"),
        (wording.percent_with_interval(None, None), "–"),
        (wording.points(-0.0312), "−3.1"),
        (wording.points_with_interval(Difference(0.03, -0.01, 0.07)), "+3.0 (−1.0 to +7.0)"),
        (wording.points_with_interval(Difference(0.03, float("nan"), float("nan"))), "+3.0"),
        (wording.p_value(0.00001), "p < 0.001"),
        (wording.p_value(0.25), "p = 0.250"),
        (wording.size(2_517_244), "2.5 MB"),
        (wording.size(None), "–"),
        (wording.duration(3723), "1 h 2 min 3 s"),
        (wording.duration(0.2), "0 s"),
    ],
)
def test_numbers_are_formatted_and_undefined_ones_are_dashes(text: str, expected: str) -> None:
    assert text == expected
