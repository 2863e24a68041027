"""How many cameras may run at once on this server, and who is next when all places are taken."""

import os
import threading
import time
from collections.abc import Callable
from typing import Protocol

from core.exceptions import InputError

LIMIT_VARIABLE = "FERSCOPE_MAX_STREAMS"
DEFAULT_LIMIT = 8
"""Streams; README.md says how four and eight do on two cores."""

CORE_FRAMES_PER_S = 24
"""Frames that a processor core receives, reads and sends back in a second, about. What comes in and is not read any
more has cost its decoding for nothing."""

EASY_STREAMS = 2 / 3
"""Streams a core that leave it time to renew pages as often as it pleases the eye."""

MOST_FRAMES_PER_S, FEWEST_FRAMES_PER_S = 30.0, 5.0
"""Between what cameras give and what still moves."""

SILENT_S = 35.0
"""A stream without a frame for so long has ended; streamlit-webrtc notices a closed tab after 31 s."""

GRACE_S = 30.0
"""So long a place is kept for somebody who has not pressed START yet."""

PATIENCE_S = 10.0
"""Who has not asked for so long has left the queue."""


class Stream(Protocol):
    """What holds a place: it tells how long ago its last frame was, and whether it is over."""

    ended: bool

    def silence_s(self) -> float | None: ...


class CameraQueue:
    """Places for streams, and a queue for those who come when all are taken; shared by all sessions."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic, cores: int | None = None) -> None:
        self.limit = limit
        self._cores = cores or os.cpu_count() or 1
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[Stream | None, float]] = {}
        """Session -> its stream, None before START, and when the place was given."""
        self._queue: dict[str, float] = {}
        """Session -> when it asked last, in the order of coming."""

    def ask(self, session: str) -> int:
        """0 for a session that has a place or gets one now; else its place in the queue, from 1. Ask again soon."""
        with self._lock:
            self._tidy()
            now = self._clock()
            if session in self._taken:
                return 0
            self._queue[session] = now
            position = list(self._queue).index(session)
            if position < self.limit - len(self._taken):
                del self._queue[session]
                self._taken[session] = None, now
                return 0
            return position - (self.limit - len(self._taken)) + 1

    def start(self, session: str, stream: Stream) -> bool:
        """Whether the session's camera may run; then the place is its own until the stream falls silent."""
        with self._lock:
            self._tidy()
            if session not in self._taken and len(self._taken) >= self.limit:
                return False
            self._taken[session] = stream, self._clock()
            return True

    def holds(self, session: str) -> bool:
        """Whether the session has a place; unlike `ask` this takes none."""
        with self._lock:
            self._tidy()
            return session in self._taken

    def frames_per_s(self) -> float:
        """What one more camera should send, so that all places taken share the processor and none waits in line."""
        with self._lock:
            self._tidy()
            share = CORE_FRAMES_PER_S * self._cores / max(len(self._taken), 1)
        return min(max(share, FEWEST_FRAMES_PER_S), MOST_FRAMES_PER_S)

    def crowding(self) -> float:
        """So many times longer the pages take to renew what they say: 1 up to `EASY_STREAMS` a core."""
        return max(1.0, self.streams() / (EASY_STREAMS * self._cores))

    def streams(self) -> int:
        """How many cameras run now."""
        with self._lock:
            self._tidy()
            return sum(stream is not None for stream, _ in self._taken.values())

    def _tidy(self) -> None:
        now = self._clock()
        self._taken = {session: place for session, place in self._taken.items() if self._alive(*place, now)}
        self._queue = {session: asked for session, asked in self._queue.items() if now - asked <= PATIENCE_S}

    def _alive(self, stream: Stream | None, since: float, now: float) -> bool:
        if stream is None:
            return now - since <= GRACE_S
        if stream.ended:
            return False
        silence_s = stream.silence_s()
        return (now - since if silence_s is None else silence_s) <= SILENT_S


def limit_from_environment() -> int:
    """`FERSCOPE_MAX_STREAMS`, 8 where it is not set; raises InputError where it is no positive whole number."""
    text = os.environ.get(LIMIT_VARIABLE) or str(DEFAULT_LIMIT)
    if not text.isdigit() or int(text) < 1:
        raise InputError(f"{LIMIT_VARIABLE} is {text!r}, which is no positive whole number; write for example 8.")
    return int(text)
