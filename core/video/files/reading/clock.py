"""The times of frames, from the time stamps of a film."""

from fractions import Fraction
from math import lcm

NUDGE_S = 0.001
"""Distance that a frame gets from the one before if both have the same time stamp."""

MAX_NUDGES = 3
"""A time stamp that is too early by up to this many usual distances is disorder. Beyond that, it is a jump back.

At most this many frames in a row count as disorder.
"""


class FilmClock:
    """Turn time stamps into seconds since the beginning of a film, strictly ascending."""

    def __init__(self, time_base: Fraction, zero: Fraction, step_s: float, rate_is_known: bool) -> None:
        self._common = lcm(time_base.denominator, zero.denominator)
        self._factor = time_base.numerator * (self._common // time_base.denominator)
        self._zero = zero.numerator * (self._common // zero.denominator)
        self.step_s, self._rate_is_known = step_s, rate_is_known
        self._offset_s, self._nudges = 0.0, 0
        self._last_s: float | None = None
        self._counted_from: tuple[float, int] | None = None
        self._stamped = self._unstamped = 0  # frames with and without a time stamp
        self.jumps = 0
        """Number of places at which the time stamps jump back, so far."""

    def raw_s(self, pts: int) -> float:
        """Return the seconds of a time stamp, whatever came before."""
        return float((pts * self._factor - self._zero) / self._common)

    def expected_s(self, pts: int | None) -> float | None:
        """Return the time that a frame with this time stamp would get, without counting it."""
        return self._last_s if pts is None else self.raw_s(pts) + self._offset_s

    def time_s(self, pts: int | None) -> float:
        """Return the time of the next frame in the order of display."""
        time_s = self._counted() if pts is None else self._ordered(self.raw_s(pts))
        self._last_s = time_s
        return time_s

    def _counted(self) -> float:
        """Return the time of a frame without a time stamp, from the number of such frames."""
        self._unstamped += 1
        if self._counted_from is None:
            self._counted_from = 0.0 if self._last_s is None else self._last_s + self.step_s, 0
        start_s, count = self._counted_from
        self._counted_from = start_s, count + 1
        return start_s + count * self.step_s

    def _ordered(self, raw_s: float) -> float:
        self._stamped += 1
        self._counted_from = None
        time_s, last_s = raw_s + self._offset_s, self._last_s
        if last_s is None:
            self._offset_s = max(0.0, -raw_s)  # no frame is before the beginning
            return raw_s + self._offset_s
        if time_s > last_s:
            self._nudges = 0
            return time_s
        if last_s - time_s <= MAX_NUDGES * self.step_s and self._nudges < MAX_NUDGES:
            self._nudges += 1
            return last_s + min(NUDGE_S, self.step_s / 8)
        self._nudges = 0
        self.jumps += 1
        self._offset_s = last_s + self.step_s - raw_s
        return last_s + self.step_s

    def notes(self) -> list[str]:
        """Return sentences about time stamps that are missing or jump back."""
        notes = []
        if self._unstamped:
            rate = f"{1 / self.step_s:.4g} frames per second"
            assumed = rate if self._rate_is_known else f"{rate}, because the file does not say how many there are"
            what = "Some frames have no time stamps" if self._stamped else "The film has no time stamps"
            notes.append(f"{what}; times are counted at {assumed}.")
        if self.jumps:
            places = "in one place" if self.jumps == 1 else f"in {self.jumps:,} places"
            notes.append(f"The time stamps of the film jump back {places}; its times go on from the frame before.")
        return notes
