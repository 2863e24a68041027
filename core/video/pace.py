"""Frame delays, time per stage and frame rate of a video stream."""

import math
from collections.abc import Mapping

CLOCK_DRIFT = 1e-4
"""Seconds per second by which the two clocks may drift apart. Such a drift is not measured as delay."""

OLD_AVERAGE_WEIGHT = 0.9
"""Weight of the old average of a stage's milliseconds when a new frame is added. With 0.9, about ten frames count."""


class Delays:
    """Delays of frames, measured with two clocks that run at about the same rate but have no common zero.

    The fastest frame of the whole stream is assumed to have no delay. A comparison with recent frames alone would be
    wrong: if frames queue up, all recent frames are late.
    """

    def __init__(self) -> None:
        self._min_difference_s, self._measured_s = math.inf, 0.0

    def add_arrival(self, sent_s: float, now_s: float) -> None:
        """Add a frame sent at `sent_s` (camera's clock) that arrived at `now_s` (our clock)."""
        if now_s - sent_s <= self._difference_without_delay_s(now_s):
            self._min_difference_s, self._measured_s = now_s - sent_s, now_s

    def delay_s(self, sent_s: float, now_s: float) -> float:
        """Return by how many seconds a frame is late, compared with the fastest frame. Call `add_arrival` first."""
        return max(0.0, now_s - sent_s - self._difference_without_delay_s(now_s))

    def _difference_without_delay_s(self, now_s: float) -> float:
        """Return the difference of the clocks for a frame without delay: the smallest so far plus possible drift."""
        return self._min_difference_s + CLOCK_DRIFT * (now_s - self._measured_s)


def sum_by_stage(stage_ms: Mapping[str, float]) -> dict[str, float]:
    """Sum `FrameReading.stage_ms` into detect, classify (all models together) and draw."""
    totals: dict[str, float] = {}
    for name, spent_ms in stage_ms.items():
        stage = name.partition(" ")[0]
        totals[stage] = totals.get(stage, 0.0) + spent_ms
    return totals


def update_average(average_ms: Mapping[str, float], frame_ms: Mapping[str, float]) -> dict[str, float]:
    """Return the average milliseconds per stage, updated with the milliseconds of the newest frame."""
    return {
        stage: OLD_AVERAGE_WEIGHT * average_ms.get(stage, ms) + (1 - OLD_AVERAGE_WEIGHT) * ms
        for stage, ms in frame_ms.items()
    }


def rate(times_s: list[float]) -> float:
    """Return the events per second, from their times in ascending order; 0 if all times are equal or there are none."""
    if len(times_s) < 2 or times_s[-1] <= times_s[0]:
        return 0.0
    return (len(times_s) - 1) / (times_s[-1] - times_s[0])
