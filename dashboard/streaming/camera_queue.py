"""A limit on the number of cameras that run on this server at once, and a queue of visitors who wait for a place."""

import os
import threading
import time
from collections.abc import Callable
from typing import Protocol

from core.exceptions import InputError

LIMIT_VARIABLE = "FERSCOPE_MAX_STREAMS"
DEFAULT_LIMIT = 8
"""Maximum number of streams at once. docs/performance.md has measurements of four and eight streams on two cores."""

FRAMES_PER_S_PER_CORE = 24
"""Approximate number of frames that one core can receive, read and send back per second.

Cameras should not send more frames, because even frames that are dropped take time to decode.
"""

FAST_REFRESH_STREAMS_PER_CORE = 2 / 3
"""Maximum streams per core at which pages refresh at their normal rate. With more streams, they refresh less often."""

MAX_FRAMES_PER_S, MIN_FRAMES_PER_S = 30.0, 5.0
"""Limits of the frame rate to request. Few cameras support more than 30, and fewer than 5 do not look like video."""

SILENT_S = 35.0
"""Seconds without a frame after which a stream loses its place. streamlit-webrtc notices a closed tab after 31 s."""

GRACE_S = 30.0
"""Seconds for which a place is kept for a visitor who has not pressed START yet."""

ASK_TIMEOUT_S = 10.0
"""A session that has not called `ask` for this many seconds has left the queue."""


class Stream(Protocol):
    """A camera's stream, which takes one of the places."""

    ended: bool

    def silence_s(self) -> float | None:
        """Return the seconds since the newest frame; None before the first frame."""
        ...


class CameraQueue:
    """Places for streams, and a queue of the sessions that wait for a place. All sessions share one object."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic, cores: int | None = None) -> None:
        self.limit = limit
        self._cores = cores or os.cpu_count() or 1
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[Stream | None, float]] = {}
        """Maps a session to its stream (None before START) and the time at which it got its place or called `start`."""
        self._queue: dict[str, float] = {}
        """Maps a session to the time of its last call of `ask`, in the order of the queue."""

    def ask(self, session: str) -> int:
        """Return 0 if the session has a place or gets one now, otherwise its position in the queue, from 1.

        A session in the queue must ask again within `ASK_TIMEOUT_S` seconds.
        """
        with self._lock:
            self._remove_ended()
            now = self._clock()
            if session in self._taken:
                return 0
            self._queue[session] = now
            index, free_places = list(self._queue).index(session), self.limit - len(self._taken)
            if index < free_places:
                del self._queue[session]
                self._taken[session] = None, now
                return 0
            return index - free_places + 1

    def start(self, session: str, stream: Stream) -> bool:
        """Give the stream its session's place or else a free one. Return whether there was such a place.

        The session loses the place when the stream has ended, or has received no frame for `SILENT_S` seconds.
        """
        with self._lock:
            self._remove_ended()
            if session not in self._taken and len(self._taken) >= self.limit:
                return False
            self._taken[session] = stream, self._clock()
            return True

    def has_place(self, session: str) -> bool:
        """Return whether the session has a place. Unlike `ask`, this never takes a place."""
        with self._lock:
            self._remove_ended()
            return session in self._taken

    def frames_per_s(self) -> float:
        """Return the frame rate to request from each camera, so that the CPU can read all their frames in time."""
        with self._lock:
            self._remove_ended()
            share = FRAMES_PER_S_PER_CORE * self._cores / max(len(self._taken), 1)
        return min(max(share, MIN_FRAMES_PER_S), MAX_FRAMES_PER_S)

    def refresh_slowdown(self) -> float:
        """Return the factor by which pages multiply their refresh interval: 1 up to `FAST_REFRESH_STREAMS_PER_CORE`."""
        return max(1.0, self.streams() / (FAST_REFRESH_STREAMS_PER_CORE * self._cores))

    def streams(self) -> int:
        """Return the number of cameras that run now."""
        with self._lock:
            self._remove_ended()
            return sum(stream is not None for stream, _ in self._taken.values())

    def _remove_ended(self) -> None:
        """Free the places of ended streams, and remove sessions that no longer ask."""
        now = self._clock()
        self._taken = {session: place for session, place in self._taken.items() if self._keeps_place(*place, now)}
        self._queue = {session: asked for session, asked in self._queue.items() if now - asked <= ASK_TIMEOUT_S}

    def _keeps_place(self, stream: Stream | None, taken_s: float, now: float) -> bool:
        if stream is None:
            return now - taken_s <= GRACE_S
        if stream.ended:
            return False
        silence_s = stream.silence_s()
        return (now - taken_s if silence_s is None else silence_s) <= SILENT_S


def limit_from_environment() -> int:
    """Return `FERSCOPE_MAX_STREAMS`, by default 8. Raises InputError if it is not a positive whole number."""
    text = os.environ.get(LIMIT_VARIABLE) or str(DEFAULT_LIMIT)
    if not text.isdigit() or int(text) < 1:
        raise InputError(f"{LIMIT_VARIABLE} is {text!r}, which is not a positive whole number; write for example 8.")
    return int(text)
