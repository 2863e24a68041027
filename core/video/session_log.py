"""What a webcam session has read so far, as data: times, boxes and probabilities, never a picture."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.recognition.reading import Reading

FRAMES_KEPT = 9_000
"""The newest frames: five minutes at 30 frames/s, about 15 MB with one face and two models."""

COLUMNS = (
    *("time_s", "face", "left", "top", "right", "bottom", "model", "predicted_label", "confidence", "certain"),
    *PROBABILITY_COLUMNS,
)
"""Of the table: one row per frame, face and model."""


@dataclass(frozen=True)
class Entry:
    """One frame."""

    time_s: float
    """Seconds since the log was begun."""
    readings: tuple[Reading, ...]


class SessionLog:
    """The newest frames' readings of one session; written by the video's thread, read by the page's."""

    def __init__(self, frames_kept: int = FRAMES_KEPT) -> None:
        self._lock = threading.Lock()
        self._entries = deque[Entry](maxlen=frames_kept)
        self._begun_s: float | None = None

    def add(self, readings: Sequence[Reading], now_s: float) -> None:
        """Keep a frame's readings; `now_s` by the clock that all frames of the session have in common."""
        with self._lock:
            if self._begun_s is None:
                self._begun_s = now_s
            self._entries.append(Entry(now_s - self._begun_s, tuple(readings)))

    def entries(self, last_s: float | None = None) -> list[Entry]:
        """All kept frames, or those of the last seconds before the newest one; oldest first."""
        with self._lock:
            entries = list(self._entries)
        if last_s is None or not entries:
            return entries
        return [entry for entry in entries if entry.time_s >= entries[-1].time_s - last_s]

    def table(self) -> pd.DataFrame:
        """`COLUMNS`: one row per frame, face and model; boxes in pixels, half-open, probabilities over time."""
        rows = [
            (
                *(round(entry.time_s, 3), reading.number, *reading.face.xyxy, model),
                *(reading.label(model), reading.confidence(model), reading.is_certain(model), *probabilities),
            )
            for entry in self.entries()
            for reading in entry.readings
            for model, probabilities in reading.probabilities.items()
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def course(self, model: str, last_s: float) -> pd.DataFrame:
        """The largest face's probabilities over the last seconds: time_s and one column per emotion; NaN without it."""
        nothing = (float("nan"),) * len(EMOTIONS)
        rows = [(entry.time_s, *_largest(entry, model, nothing)) for entry in self.entries(last_s)]
        return pd.DataFrame(rows, columns=["time_s", *EMOTIONS])


def _largest(entry: Entry, model: str, nothing: tuple[float, ...]) -> tuple[float, ...]:
    return entry.readings[0].probabilities.get(model, nothing) if entry.readings else nothing
