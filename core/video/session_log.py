"""The readings of a webcam session as data: times, boxes and probabilities, but no images."""

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from core.emotions import EMOTIONS
from core.recognition.reading import FACE_COLUMNS, MODEL_COLUMNS, Reading

FRAMES_KEPT = 9_000
"""Maximum number of frames kept: five minutes at 30 frames per second, about 15 MB with one face and two models."""

MAX_RECENT_FACES = 4
"""Maximum number of faces that `SessionLog.recent_faces` returns."""

COLUMNS = ("time_s", "face", *FACE_COLUMNS, "model", *MODEL_COLUMNS)
"""Columns of `SessionLog.table`."""


@dataclass(frozen=True)
class Entry:
    """The readings of one frame."""

    time_s: float
    """Seconds since the first frame of the log."""
    readings: tuple[Reading, ...]


class SessionLog:
    """The readings of one session's newest frames. The stream's thread adds frames; the page's thread reads them."""

    def __init__(self, frames_kept: int = FRAMES_KEPT) -> None:
        self._lock = threading.Lock()
        self._entries = deque[Entry](maxlen=frames_kept)
        self._start_s: float | None = None

    def add(self, readings: Sequence[Reading], now_s: float) -> None:
        """Add a frame's readings. All frames of a session must take `now_s` from the same clock."""
        with self._lock:
            if self._start_s is None:
                self._start_s = now_s
            self._entries.append(Entry(now_s - self._start_s, tuple(readings)))

    def entries(self, last_s: float | None = None) -> list[Entry]:
        """Return the entries, oldest first; with `last_s`, only those at most `last_s` s older than the newest."""
        with self._lock:
            entries = list(self._entries)
        if last_s is None or not entries:
            return entries
        return [entry for entry in entries if entry.time_s >= entries[-1].time_s - last_s]

    def table(self) -> pd.DataFrame:
        """Return a table with the columns `COLUMNS` and one row per frame, face and model.

        Boxes are in pixels of the frame. Probabilities, brightness and sharpness are averaged over time.
        """
        rows = [
            row
            for entry in self.entries()
            for reading in entry.readings
            for row in reading.rows(round(entry.time_s, 3), reading.number)
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def recent_faces(self, last_s: float) -> list[int]:
        """Return the numbers of the `MAX_RECENT_FACES` faces most often seen in the last `last_s` seconds, sorted."""
        frames = Counter(reading.number for entry in self.entries(last_s) for reading in entry.readings)
        return sorted(number for number, _ in frames.most_common(MAX_RECENT_FACES))

    def recent_probabilities(self, model: str, last_s: float, face: int) -> pd.DataFrame:
        """Return the probabilities of a face in the last `last_s` seconds, one row per frame.

        The columns are `time_s` and the emotions. The probabilities are NaN for frames without the face or this model.
        """
        missing = (float("nan"),) * len(EMOTIONS)
        rows = [
            (
                entry.time_s,
                *next((r.probabilities.get(model, missing) for r in entry.readings if r.number == face), missing),
            )
            for entry in self.entries(last_s)
        ]
        return pd.DataFrame(rows, columns=["time_s", *EMOTIONS])
