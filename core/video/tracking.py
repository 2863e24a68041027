"""Track faces from frame to frame and smooth their probabilities over time.

A classifier's probabilities jump from frame to frame even if the face hardly moves. Therefore:

- One person keeps one number. A known face is recognized by its place, not by its looks: `match_people` decides.
- A face that is not found for up to a second keeps its number. A new number is given only if no known face is missing.
- Two people who cross may swap their numbers, because either may be the one that returns. There is no third number.
- The probabilities of a face are an exponential moving average. Its half-life is in seconds, so the smoothing does not
  depend on the frame rate.
- A label is held until another label is more probable by `LEAD`, so it does not flicker between similar emotions.
- If the label was certain in the last frame in which the face was found, it becomes uncertain only if its confidence is
  more than `LEEWAY` below the threshold. So the text does not flicker between certain and uncertain.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from core.emotions import EMOTIONS
from core.recognition.quality import Quality
from core.recognition.reading import Reading
from core.video.matching import difference, match_people
from core.vision.faces import Face, mirrored

HALF_LIFE_S = 0.25
"""Seconds after which an old reading has half its weight. After one second, newer readings have 94 % of the weight."""

LEAD = 0.08
"""Another label replaces the held label if its averaged probability is higher by at least this."""

LEEWAY = 0.04
"""A label that was certain stays certain until its confidence is more than this below the model's threshold."""

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


class Tracker:
    """Smooth the readings of one stream. Each stream needs its own tracker, called from one thread."""

    def __init__(
        self,
        half_life_s: float = HALF_LIFE_S,
        max_absence_s: float = MAX_ABSENCE_S,
        numbers: Iterator[int] | None = None,
    ) -> None:
        """`numbers` gives new faces their numbers; by default these count from 1. See above for the other defaults."""
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
            self._smooth(reading, matched[index], time_s) if index in matched else self._number_new_face(reading)
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

    def mirror(self, width: int) -> None:
        """Mirror the boxes of all known faces. Call this when the mirroring of frames is switched on or off."""
        self._tracks = [
            replace(track, reading=replace(track.reading, face=mirrored(track.reading.face, width)))
            for track in self._tracks
        ]

    def _tracks_at(self, time_s: float) -> list[Track]:
        """Return the faces that are still remembered at this time, as if none of them was found in its frame."""
        gap_s = time_s - self._updated_s
        if gap_s > MAX_GAP_S:
            return []
        missed_s = min(gap_s, MAX_ABSENCE_PER_FRAME_S)
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

    def _smooth(self, reading: Reading, track: Track, time_s: float) -> Reading:
        old_weight = decay(time_s - track.seen_s, self._half_life_s)
        old = track.reading.probabilities
        averaged = {
            model: blend(old[model], new, old_weight) if model in old else new
            for model, new in reading.probabilities.items()
        }
        held = {model: hold_label(track.reading, model, new) for model, new in averaged.items()}
        thresholds = {
            model: threshold - LEEWAY if was_certain(track.reading, model, held.get(model)) else threshold
            for model, threshold in reading.thresholds.items()
        }
        return replace(
            reading,
            probabilities=averaged,
            number=track.reading.number,
            held=held,
            thresholds=thresholds,
            quality=blend_quality(track.reading.quality, reading.quality, old_weight),
        )

    def _number_new_face(self, reading: Reading) -> Reading:
        return replace(reading, number=next(self._numbers))


def hold_label(before: Reading, model: str, probabilities: Sequence[float]) -> str:
    """Return the model's label in the reading `before`, or the most probable emotion if it leads by at least `LEAD`.

    `probabilities` are the new averaged probabilities. If `before` does not have the model, return the most probable
    emotion.
    """
    most_probable = EMOTIONS[int(np.argmax(probabilities))]
    if model not in before.probabilities:
        return most_probable
    label = before.label(model)
    return most_probable if max(probabilities) >= probabilities[EMOTIONS.index(label)] + LEAD else label


def was_certain(before: Reading, model: str, label: str | None) -> bool:
    """Return whether, in the reading `before`, the model predicted this label with enough confidence."""
    return model in before.probabilities and before.label(model) == label and before.is_confident(model)


def decay(elapsed_s: float, half_life_s: float) -> float:
    """Return the weight left after `elapsed_s` seconds: 1 at 0 s, 0.5 after one half-life, 0 if the half-life is 0."""
    return 0.5 ** (elapsed_s / half_life_s) if half_life_s > 0 else 0.0


def blend(old: tuple[float, ...], new: tuple[float, ...], old_weight: float) -> tuple[float, ...]:
    """Return the weighted average of two sets of values. Probabilities that sum to 1 still do."""
    return tuple(old_weight * before + (1 - old_weight) * now for before, now in zip(old, new, strict=True))


def blend_quality(old: Quality | None, new: Quality | None, old_weight: float) -> Quality | None:
    """Return the new quality, with averages of brightness and sharpness, so that `flaw` does not flicker."""
    if old is None or new is None:
        return new
    brightness, sharpness = blend((old.brightness, old.sharpness), (new.brightness, new.sharpness), old_weight)
    return Quality(new.side, brightness, sharpness)
