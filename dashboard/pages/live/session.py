"""Data of one visitor's camera session, kept in memory until the tab is closed."""

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import streamlit as st

from core.recognition.drawing import draw_prompt
from core.recognition.reading import Reading
from core.video.guided_round import GuidedRound
from core.video.session_log import SessionLog
from core.vision.crops import Faces
from core.vision.images import Image
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
    last_stream_visit: int | None = None
    """Number of the latest page visit in which a stream began. None if none has begun yet."""
    silence_at_end_s: float | None = None
    """Seconds between the newest frame of the latest stream and its end. None if it had no frame, or has not ended."""

    def begin_stream(self, visit: int) -> None:
        """Note that a stream begins during this visit to the page."""
        self.last_stream_visit, self.silence_at_end_s = visit, None

    def end_stream(self, silence_s: float | None) -> None:
        """Note that the stream has ended, so many seconds after its newest frame; None if it had no frame."""
        self.silence_at_end_s = silence_s

    def add_readings(self, readings: Sequence[Reading], crops: Faces, now_s: float, age_s: float) -> None:
        """Add the readings of a frame that was taken `age_s` seconds ago. The stream's thread calls this.

        The log gets all faces, the guided round only the largest.
        """
        self.log.add(readings, now_s)
        self.guided.feed(next(iter(readings), None), next(iter(crops), None), age_s)

    def draw_round(self, image: Image) -> Image:
        """Return a copy with what the guided round asks for, or the image itself if no round runs.

        The stream's thread calls this.
        """
        state = self.guided.state()
        return draw_prompt(image, state.prompt()) if state.running else image


def current_session() -> LiveSession:
    """Return this visitor's session. Create it at the first call."""
    session: LiveSession = st.session_state.setdefault(keys.LIVE_SESSION, LiveSession())
    return session
