"""The times of frames, and the time that is lost where a film is damaged."""

from collections import deque
from fractions import Fraction
from math import lcm

NUDGE_S = 0.001
"""Distance that a frame gets from the one before if both have the same time stamp."""

MAX_NUDGES = 3
"""Frames in a row, and usual distances, up to which time stamps that are too early count as disorder, not as a jump."""

LONG_GAP_S = 10.0
"""Seconds without frames that are worth a note."""

NEAR_S = 1.0
"""Seconds between an error of the decoder and a gap up to which they belong together."""


REGULAR_FRAMES = 20
"""Frames at the usual distance, and no others, after which a film counts as one of a constant rate."""

REGULAR_WITHIN_S = 0.002


class FilmClock:
    """Turns time stamps into seconds since the beginning of a film, strictly ascending."""

    def __init__(self, time_base: Fraction, zero: Fraction, step_s: float, rate_is_known: bool) -> None:
        self._common = lcm(time_base.denominator, zero.denominator)
        self._factor = time_base.numerator * (self._common // time_base.denominator)
        self._zero = zero.numerator * (self._common // zero.denominator)
        self.step_s, self._rate_is_known = step_s, rate_is_known
        self._offset_s, self._nudges = 0.0, 0
        self._last_s: float | None = None
        self._counted_from: tuple[float, int] | None = None
        self.jumps = self.unstamped = self.stamped = 0

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
        self.unstamped += 1
        if self._counted_from is None:
            self._counted_from = 0.0 if self._last_s is None else self._last_s + self.step_s, 0
        start_s, count = self._counted_from
        self._counted_from = start_s, count + 1
        return start_s + count * self.step_s

    def _ordered(self, raw_s: float) -> float:
        self.stamped += 1
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
        if self.unstamped:
            rate = f"{1 / self.step_s:.4g} frames per second"
            assumed = rate if self._rate_is_known else f"{rate}, because the file does not say how many there are"
            what = "Some frames have no time stamps" if self.stamped else "The film has no time stamps"
            notes.append(f"{what}; times are counted at {assumed}.")
        if self.jumps:
            places = "in one place" if self.jumps == 1 else f"in {self.jumps:,} places"
            notes.append(f"The time stamps of the film jump back {places}; its times go on from the frame before.")
        return notes


class Losses:
    """Adds up the time between `start_s` and `end_s` of which there are no frames because the film is damaged."""

    def __init__(self, step_s: float, start_s: float, end_s: float | None) -> None:
        self._step_s, self._start_s = step_s, start_s
        self._end_s = float("inf") if end_s is None else end_s
        self._errors_s: deque[float] = deque(maxlen=1000)
        self._regular = 0  # frames at the usual distance; -1 after any other distance
        self._last_s: float | None = None
        self._first_packet_s: float | None = None
        self._last_packet_s: float | None = None
        self.lost_s, self.parts, self.missing_s = 0.0, 0, 0.0
        self.long_gaps, self.longest_gap_s = 0, 0.0

    def packet(self, time_s: float | None) -> None:
        """Note the time of a frame that should come."""
        if time_s is not None:
            if self._last_s is None:
                self._first_packet_s = min(time_s, self._first_packet_s if self._first_packet_s is not None else time_s)
            self._last_packet_s = max(time_s, self._last_packet_s if self._last_packet_s is not None else time_s)

    def error(self, time_s: float | None) -> None:
        """Note that something near this time could not be decoded."""
        if time_s is not None:
            self._errors_s.append(time_s)

    def good_frame(self, time_s: float) -> None:
        """Note a frame that was decoded, in the order of display."""
        if self._last_s is None:
            if self._first_packet_s is not None:
                self._lose(max(self._first_packet_s, 0.0), time_s)
        else:
            self._compare(self._last_s, time_s)
        while self._errors_s and self._errors_s[0] < time_s - NEAR_S:
            self._errors_s.popleft()
        self._last_s = time_s

    def _compare(self, last_s: float, time_s: float) -> None:
        """Find out whether frames are missing between two that were decoded one after the other."""
        due_s = last_s + self._step_s
        is_near_error = any(last_s - NEAR_S <= error_s <= time_s + NEAR_S for error_s in self._errors_s)
        # Some formats skip damaged parts without an error, but at a constant rate each frame is due.
        if is_near_error or (self._regular >= REGULAR_FRAMES and time_s - due_s > self._step_s):
            self._lose(due_s, time_s)
        elif time_s - due_s >= LONG_GAP_S and self._start_s <= time_s < self._end_s:
            self.long_gaps += 1
            self.longest_gap_s = max(self.longest_gap_s, time_s - last_s)
        elif abs(time_s - due_s) <= REGULAR_WITHIN_S and self._regular >= 0:
            self._regular += 1
        else:
            self._regular = -1

    def end_of_packets(self) -> float:
        """Count what the last packets lacked, and return when the last frame ended or should have ended."""
        ends = [time_s + self._step_s for time_s in (self._last_s, self._last_packet_s) if time_s is not None]
        end_s = max(ends, default=0.0)
        if self._last_s is not None:
            self._lose(self._last_s + self._step_s, end_s)
        return end_s

    def missing(self, from_s: float, to_s: float) -> None:
        """Count the end of a film that the file lacks."""
        self.missing_s = max(0.0, min(to_s, self._end_s) - max(from_s, self._start_s))
        self.lost_s += self.missing_s

    def _lose(self, from_s: float, to_s: float) -> None:
        seconds = min(to_s, self._end_s) - max(from_s, self._start_s)
        if seconds > self._step_s / 2:
            self.lost_s += seconds
            self.parts += 1

    def notes(self) -> list[str]:
        """Return sentences about what is missing."""
        notes = []
        if self.parts:
            what = "One part" if self.parts == 1 else f"{self.parts:,} parts"
            in_all = "" if self.parts == 1 else " in all"
            notes.append(f"{what} of the film could not be decoded, {self.lost_s - self.missing_s:,.1f} s{in_all}.")
        if self.missing_s:
            notes.append(f"The last {self.missing_s:,.1f} s of the film are missing: the file is incomplete.")
        if self.long_gaps:
            what = "a gap" if self.long_gaps == 1 else f"{self.long_gaps:,} gaps"
            notes.append(f"The film has {what} without frames, of up to {self.longest_gap_s:,.0f} s.")
        return notes
