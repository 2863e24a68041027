"""The pace of a stream: how late its frames are, how long each stage takes, how many come a second."""

import math
from collections.abc import Mapping

DRIFT = 1e-4
"""Seconds a second by which the two clocks may drift apart: an early fastest frame is trusted less with time."""

STAGE_MEMORY = 0.9
"""Share of the earlier average in a stage's milliseconds: about the last ten frames count."""


class Delays:
    """How late frames are, by two clocks that have nothing in common but their pace, about.

    The fastest frame so far is taken for one that did not wait. (The fastest of late would not do: in a queue that
    stands, all have waited.)
    """

    def __init__(self) -> None:
        self._fastest_s, self._since_s = math.inf, 0.0

    def arrived(self, sent_s: float, now_s: float) -> None:
        """A frame has come in at `now_s` that carries the camera's time `sent_s`."""
        if now_s - sent_s <= self._floor_s(now_s):
            self._fastest_s, self._since_s = now_s - sent_s, now_s

    def delay_s(self, sent_s: float, now_s: float) -> float:
        """How much later than the fastest frame one is at `now_s`; at least one has come in."""
        return max(0.0, now_s - sent_s - self._floor_s(now_s))

    def _floor_s(self, now_s: float) -> float:
        return self._fastest_s + DRIFT * (now_s - self._since_s)


def by_stage(stage_ms: Mapping[str, float]) -> dict[str, float]:
    """`ReadFrame.stage_ms` -> detect, classify (all models together), draw."""
    totals: dict[str, float] = {}
    for name, spent_ms in stage_ms.items():
        stage = name.partition(" ")[0]
        totals[stage] = totals.get(stage, 0.0) + spent_ms
    return totals


def averaged(earlier_ms: Mapping[str, float], spent_ms: Mapping[str, float]) -> dict[str, float]:
    """Milliseconds per stage, each averaged with what it took in the frames before."""
    return {
        stage: STAGE_MEMORY * earlier_ms.get(stage, spent) + (1 - STAGE_MEMORY) * spent
        for stage, spent in spent_ms.items()
    }


def rate(times_s: list[float]) -> float:
    """Events per second of a row of times; 0 where there are too few to tell."""
    if len(times_s) < 2 or times_s[-1] <= times_s[0]:
        return 0.0
    return (len(times_s) - 1) / (times_s[-1] - times_s[0])
