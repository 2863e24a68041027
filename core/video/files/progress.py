"""How fast a film is read, and how long the rest will take."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_S = 10.0
"""Seconds over which the speed is measured."""


@dataclass(frozen=True)
class FilmProgress:
    """How much of a film has been read."""

    done_s: float
    """Seconds of film that are done."""
    total_s: float | None
    """Seconds of film to read, or None if the film does not tell its length."""
    frames_per_s: float
    """Frames read per second of real time over the last `WINDOW_S` seconds."""
    left_s: float | None
    """Seconds of real time that the rest will take at this speed, or None if unknown."""

    @property
    def share(self) -> float | None:
        """The part of the film that has been read, 0..1; None if the length of the film is unknown."""
        return min(max(self.done_s / self.total_s, 0.0), 1.0) if self.total_s else None


class Speedometer:
    """Measure the speed of reading over the last seconds."""

    def __init__(self, total_s: float | None, clock: Callable[[], float]) -> None:
        self._total_s = total_s
        self._clock = clock
        self._marks = deque[tuple[float, int, float]]()  # real time, frames read, seconds of film done

    def progress(self, read: int, done_s: float) -> FilmProgress:
        """Return the progress after so many frames and seconds of film."""
        now = self._clock()
        self._marks.append((now, read, done_s))
        while len(self._marks) > 2 and now - self._marks[0][0] > WINDOW_S:
            self._marks.popleft()
        then, read_then, done_then_s = self._marks[0]
        elapsed_s = now - then
        if elapsed_s <= 0:
            return FilmProgress(done_s, self._total_s, 0.0, None)
        film_s_per_s = (done_s - done_then_s) / elapsed_s
        left_s = None
        if self._total_s is not None and film_s_per_s > 0:
            left_s = max(0.0, self._total_s - done_s) / film_s_per_s
        return FilmProgress(done_s, self._total_s, (read - read_then) / elapsed_s, left_s)
