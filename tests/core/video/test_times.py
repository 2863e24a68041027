"""Times in words, and ticks of time axes of any length."""

import pytest

from core.video.times import clock, ticks


@pytest.mark.parametrize(
    ("time_s", "text"),
    [
        (0, "0:00.0"),
        (7.36, "0:07.4"),
        (59.96, "1:00.0"),
        (754.3, "12:34.3"),
        (3599.96, "1:00:00.0"),
        (7510, "2:05:10.0"),
    ],
)
def test_times_have_minutes_seconds_and_tenths(time_s: float, text: str) -> None:
    assert clock(time_s) == text


@pytest.mark.parametrize(
    ("start_s", "end_s", "unit", "texts"),
    [
        (0, 2.5, "s", ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (3, 41, "s", ["5", "10", "15", "20", "25", "30", "35", "40"]),
        (0, 90, "min:s", ["0:00", "0:10", "0:20", "0:30", "0:40", "0:50", "1:00", "1:10", "1:20", "1:30"]),
        (65, 65.2, "min:s", [f"1:05.{n:02}" for n in range(0, 21, 2)]),
        (0, 3000, "min:s", ["0:00", "5:00", *(f"{n}:00" for n in range(10, 51, 5))]),
        (3600, 3660, "h:min:s", [*(f"1:00:{n:02}" for n in range(0, 60, 10)), "1:01:00"]),
        (0, 7200, "h:min", ["0:00", "0:15", "0:30", "0:45", "1:00", "1:15", "1:30", "1:45", "2:00"]),
    ],
)
def test_ticks_are_at_round_times_in_a_unit_that_suits_the_axis(
    start_s: float, end_s: float, unit: str, texts: list[str]
) -> None:
    axis = ticks(start_s, end_s)
    assert (axis.unit, axis.texts) == (unit, texts)


@pytest.mark.parametrize("end_s", [0, 0.001, 0.04, 0.5, 1, 7, 59, 61, 599, 3599, 3601, 40_000, 400_000, 3e7])
def test_any_axis_has_between_one_and_twelve_different_ticks_within_it(end_s: float) -> None:
    axis = ticks(0, end_s)
    assert 1 <= len(axis.times_s) <= 12
    assert len(set(axis.texts)) == len(axis.times_s)
    assert axis.times_s[0] == 0 and axis.times_s[-1] <= max(end_s, 0.01)
