"""Track faces from frame to frame and smooth their probabilities over time.

- One person keeps one number. A known face is recognized by its place, not by its looks: `match_people` decides.
- A face that is not found for up to a second keeps its number. A new number is given only if no known face is missing.
- Two people who cross may swap their numbers, because either may be the one that returns. There is no third number.
- The probabilities of a face are averaged over time, see `core.video.smoothing`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from core.recognition.reading import Reading
from core.video.matching import difference, match_people
from core.video.smoothing import HALF_LIFE_S, smooth
from core.vision.faces import Face, mirrored

MAX_ABSENCE_S = 1.45
"""A face that was not found for more seconds than this is forgotten. If it returns, it gets a new number.

A face may be missed for a second: from the first to the last frame without it. The absence is counted from the frame
before to the frame after, which adds two frames of up to `MAX_ABSENCE_PER_FRAME_S`. The rest is slack for rounding.
"""

MAX_ABSENCE_PER_FRAME_S = 0.2
"""Each frame without the face adds the time since the previous frame to its absence, but at most this many seconds.

On a busy machine, seconds may pass between two frames. Such a pause does not show that the face was absent meanwhile.
"""

MAX_GAP_S = 5.0
"""After more than this many seconds without a frame, all faces are forgotten."""

DOUBT_PER_S = 2.0
"""Doubt about a missing face for each second of its absence.

Half a second more counts as much as twice the distance, see `match_people`.
"""

BRIEF_S = 0.3
"""A face that was known for less than this many seconds when it was lost may have been a false detection."""

DOUBT_ABOUT_BRIEF = 2.0
"""Additional doubt about such a face: as much as for another second of absence."""

MIXED_UP = 1.6
"""Two missing faces may be mixed up if their `difference` from the returned face differs by less than this.

So a face that returns to its old place is mixed up with missing faces of its size up to two sides away.
"""


@dataclass(frozen=True)
class Track:
    """A known face."""

    reading: Reading
    """The latest smoothed reading of the face."""
    first_s: float
    """Time of the first reading of the face in seconds, by the caller's clock."""
    seen_s: float
    """Time of the latest reading."""
    limit_s: float
    """The face is forgotten when it has been missing for more than this many seconds."""
    missed_s: float = 0.0
    """Seconds for which the face has been missing since the latest reading."""

    @property
    def face(self) -> Face:
        """The box of the latest reading."""
        return self.reading.face

    @property
    def doubt(self) -> float:
        """How doubtful it is that the face comes back, see `match_people`."""
        is_brief = self.seen_s - self.first_s < BRIEF_S
        return DOUBT_PER_S * self.missed_s + (DOUBT_ABOUT_BRIEF if is_brief else 0.0)


@dataclass(frozen=True)
class TrackerState:
    """What a tracker remembers between two frames, as plain values that can be stored."""

    tracks: tuple[Track, ...]
    updated_s: float | None
    """Time of the latest frame; None before the first."""


class Tracker:
    """Smooth the readings of one stream. Each stream needs its own tracker, called from one thread."""

    def __init__(
        self,
        half_life_s: float = HALF_LIFE_S,
        max_absence_s: float = MAX_ABSENCE_S,
        numbers: Iterator[int] | None = None,
        max_gap_s: float = MAX_GAP_S,
        max_absence_per_frame_s: float = MAX_ABSENCE_PER_FRAME_S,
    ) -> None:
        """`numbers` gives new faces their numbers; by default these count from 1. See above for the other defaults.

        If `half_life_s` is 0, each reading stands alone: nothing is averaged, and no label is held.
        """
        self._max_gap_s, self._max_absence_per_frame_s = max_gap_s, max_absence_per_frame_s
        self._half_life_s = half_life_s
        self._max_absence_s = max_absence_s
        self._tracks: list[Track] = []
        self._updated_s = -math.inf
        self._numbers = numbers or count(1)

    def update(self, readings: Sequence[Reading], time_s: float) -> list[Reading]:
        """Return the frame's readings in the same order, with face numbers and smoothed probabilities.

        `time_s` is the frame's time in seconds, by any clock that does not run backwards. Faces that are missing in
        this frame are not returned, but they are remembered for `max_absence_s` seconds in case they come back. A face
        that may be mixed up with another one is remembered for up to twice as long.
        """
        tracks, previous_s = self._tracks_at(time_s), self._updated_s
        new_faces = [reading.face for reading in readings]
        pairs = match_people([track.face for track in tracks], new_faces, [track.doubt for track in tracks])
        matched = {index: tracks[known] for index, known in pairs.items()}
        smoothed = [
            self._follow(reading, matched[index], time_s) if index in matched else self._number_new_face(reading)
            for index, reading in enumerate(readings)
        ]
        found = [
            Track(reading, matched[index].first_s if index in matched else time_s, time_s, self._max_absence_s)
            for index, reading in enumerate(smoothed)
        ]
        returned = [(track, new_faces[index]) for index, track in matched.items() if track.seen_s < previous_s]
        missing = [track for index, track in enumerate(tracks) if index not in pairs.values()]
        self._tracks = found + [self._wait_longer(track, returned) for track in missing]
        self._updated_s = time_s
        return smoothed

    def state(self) -> TrackerState:
        """Return what later readings depend on, apart from the numbers of new faces."""
        return TrackerState(tuple(self._tracks), None if math.isinf(self._updated_s) else self._updated_s)

    def restore(self, state: TrackerState) -> None:
        """Go on after the frames that another tracker with the same settings has seen."""
        self._tracks = list(state.tracks)
        self._updated_s = -math.inf if state.updated_s is None else state.updated_s

    def mirror(self, width: int) -> None:
        """Mirror the boxes of all known faces. Call this when the mirroring of frames is switched on or off."""
        self._tracks = [
            replace(track, reading=replace(track.reading, face=mirrored(track.reading.face, width)))
            for track in self._tracks
        ]

    def _tracks_at(self, time_s: float) -> list[Track]:
        """Return the faces that are still remembered at this time, as if none of them was found in its frame."""
        gap_s = time_s - self._updated_s
        if gap_s > self._max_gap_s:
            return []
        missed_s = min(gap_s, self._max_absence_per_frame_s)
        tracks = [replace(track, missed_s=track.missed_s + missed_s) for track in self._tracks]
        return [track for track in tracks if track.missed_s <= track.limit_s]

    def _wait_longer(self, missing: Track, returned: Sequence[tuple[Track, Face]]) -> Track:
        """Return the missing track, with a later limit if it may be mixed up with a returned one.

        `returned` are the tracks that were missing and are matched now, with their new faces. Two people may both be
        lost, one after the other. When one of them returns, it may be either. So the other one may have been lost as
        late as the returned track, and is waited for as long. The sum of two absences is the longest useful limit.
        """
        limits_s = [
            self._max_absence_s + missing.missed_s - track.missed_s
            for track, face in returned
            if difference(missing.face, face) < difference(track.face, face) + MIXED_UP
        ]
        return replace(missing, limit_s=min(max([missing.limit_s, *limits_s]), 2 * self._max_absence_s))

    def _follow(self, reading: Reading, track: Track, time_s: float) -> Reading:
        smoothed = smooth(reading, track.reading, time_s - track.seen_s, self._half_life_s)
        return replace(smoothed, number=track.reading.number)

    def _number_new_face(self, reading: Reading) -> Reading:
        return replace(reading, number=next(self._numbers))
