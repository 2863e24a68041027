"""What one visitor's session with the camera keeps, in memory, until the tab is closed."""

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
    """Outlives single streams: STOP and START go on with the same log."""

    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    """By which the queue knows the session."""
    log: SessionLog = field(default_factory=SessionLog)
    guided: GuidedRound = field(default_factory=partial(GuidedRound, time.monotonic))
    numbers: Iterator[int] = field(default_factory=partial(count, 1))
    """Of faces: each that comes is a new one, whatever stream it comes in."""
    ran_in_visit: int | None = None
    """The latest visit of the page in which the camera ran."""

    def keep(self, readings: Sequence[Reading], crops: Faces, now_s: float, age_s: float) -> None:
        """The readings of a frame that was taken `age_s` ago; called by the stream's thread."""
        self.log.add(readings, now_s)
        self.guided.feed(next(iter(readings), None), next(iter(crops), None), age_s)


def current() -> LiveSession:
    """This visitor's session."""
    session: LiveSession = st.session_state.setdefault(keys.LIVE_SESSION, LiveSession())
    return session
