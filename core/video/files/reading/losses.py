"""The time that is lost where a film is damaged."""

from collections import deque

LONG_GAP_S = 10.0
"""Seconds without frames that are worth a note."""

NEAR_S = 1.0
"""A gap is a loss if the decoder reports an error at most this many seconds before or after it."""

REGULAR_FRAMES = 20
"""After so many frames at the usual distance, and no others, a film counts as one of a constant rate."""

REGULAR_WITHIN_S = 0.002
"""Largest difference from the usual distance, in seconds, at which a frame still counts as being at it."""


class Losses:
    """Add up the time between `start_s` and `end_s` of which there are no frames because the film is damaged."""

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

    def add_packet(self, time_s: float | None) -> None:
        """Note a packet, from which a frame of this time should be decoded."""
        if time_s is not None:
            if self._last_s is None:
                self._first_packet_s = min(time_s, self._first_packet_s if self._first_packet_s is not None else time_s)
            self._last_packet_s = max(time_s, self._last_packet_s if self._last_packet_s is not None else time_s)

    def add_error(self, time_s: float | None) -> None:
        """Note that something near this time could not be decoded."""
        if time_s is not None:
            self._errors_s.append(time_s)

    def add_frame(self, time_s: float) -> None:
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

    def add_missing_end(self, from_s: float, to_s: float) -> None:
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
