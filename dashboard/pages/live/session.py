"""Data of one visitor's camera session, kept in memory until the tab is closed."""

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import streamlit as st

from core.recognition.reading import Reading
from core.video.guided_round import GuidedRound
from core.video.session_log import SessionLog
from core.vision.crops import Faces
from dashboard import keys


@dataclass
class LiveSession:
    """Log, guided round and face numbers of one visitor. STOP and START do not reset them."""

    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Identifies the session in the camera queue."""
    log: SessionLog = field(default_factory=SessionLog)
    guided: GuidedRound = field(default_factory=partial(GuidedRound, time.monotonic))
    face_numbers: Iterator[int] = field(default_factory=partial(count, 1))
    """Numbers for new faces, unique across all streams of the session."""
    last_camera_visit: int | None = None
    """Number of the latest page visit in which the camera ran. None if it has not run yet."""

    def add_readings(self, readings: Sequence[Reading], crops: Faces, now_s: float, age_s: float) -> None:
        """Add the readings of a frame that was taken `age_s` seconds ago. The stream's thread calls this.

        The log gets all faces, the guided round only the largest.
        """
        self.log.add(readings, now_s)
        self.guided.feed(next(iter(readings), None), next(iter(crops), None), age_s)


def current_session() -> LiveSession:
    """Return this visitor's session. Create it at the first call."""
    session: LiveSession = st.session_state.setdefault(keys.LIVE_SESSION, LiveSession())
    return session
