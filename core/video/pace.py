"""Frame delays, time per stage and frame rate of a video stream."""

import math
from collections.abc import Mapping

CLOCK_DRIFT = 1e-4
"""Seconds per second by which the two clocks may drift apart. The older the fastest frame, the less exact it is."""

STAGE_MEMORY = 0.9
"""Weight of the earlier average in a stage's milliseconds. It averages over about ten frames."""


class Delays:
    """Delays of frames, measured with two clocks that run at about the same rate but have no common zero.

    The fastest frame of the whole stream is assumed to have no delay. The fastest of the recent frames would be wrong:
    if frames queue up, all recent frames are late.
    """

    def __init__(self) -> None:
        self._fastest_s, self._since_s = math.inf, 0.0

    def arrived(self, sent_s: float, now_s: float) -> None:
        """Register a frame sent at `sent_s` (camera's clock) that arrived at `now_s` (our clock)."""
        if now_s - sent_s <= self._lower_bound_s(now_s):
            self._fastest_s, self._since_s = now_s - sent_s, now_s

    def delay_s(self, sent_s: float, now_s: float) -> float:
        """Return the seconds by which a frame is later than the fastest frame. Call `arrived` first."""
        return max(0.0, now_s - sent_s - self._lower_bound_s(now_s))

    def _lower_bound_s(self, now_s: float) -> float:
        return self._fastest_s + CLOCK_DRIFT * (now_s - self._since_s)


def sum_by_stage(stage_ms: Mapping[str, float]) -> dict[str, float]:
    """Sum `ReadFrame.stage_ms` into detect, classify (all models together) and draw."""
    totals: dict[str, float] = {}
    for name, spent_ms in stage_ms.items():
        stage = name.partition(" ")[0]
        totals[stage] = totals.get(stage, 0.0) + spent_ms
    return totals


def update_average(average_ms: Mapping[str, float], spent_ms: Mapping[str, float]) -> dict[str, float]:
    """Return the average milliseconds per stage, updated with those of the newest frame."""
    return {
        stage: STAGE_MEMORY * average_ms.get(stage, spent) + (1 - STAGE_MEMORY) * spent
        for stage, spent in spent_ms.items()
    }


def rate(times_s: list[float]) -> float:
    """Return the events per second of a list of ascending times; 0 if fewer than two times differ."""
    if len(times_s) < 2 or times_s[-1] <= times_s[0]:
        return 0.0
    return (len(times_s) - 1) / (times_s[-1] - times_s[0])
