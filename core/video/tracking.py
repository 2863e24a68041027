"""Track faces from frame to frame and smooth their probabilities over time.

A classifier's probabilities jump from frame to frame even if the face hardly moves. Therefore:

- Boxes that overlap in successive frames count as the same face, which keeps its number.
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
from core.recognition.reading import Reading
from core.vision.faces import Face

HALF_LIFE_S = 0.25
"""Seconds after which an old reading has half its weight. After one second, newer readings have 94 % of the weight."""

LEAD = 0.08
"""Another label replaces the held label if its averaged probability is higher by at least this."""

LEEWAY = 0.04
"""A label that was certain stays certain until its confidence is more than this below the model's threshold."""

MAX_ABSENCE_S = 0.5
"""A face that was not found for more seconds than this is forgotten. If it returns, it gets a new number."""

MAX_ABSENCE_PER_FRAME_S = 0.2
"""Each frame without the face adds the time since the previous frame to its absence, but at most this many seconds.

On a busy machine, seconds may pass between two frames. Such a pause does not show that the face was absent meanwhile.
"""

MAX_GAP_S = 5.0
"""After more than this many seconds without a frame, all faces are forgotten."""

MIN_IOU = 0.3
"""Minimum intersection over union of two boxes of the same face in successive frames."""


@dataclass(frozen=True)
class Track:
    """A known face."""

    reading: Reading
    """The latest smoothed reading of the face."""
    seen_s: float
    """Time of this reading in seconds, by the caller's clock."""
    missed_s: float = 0.0
    """Seconds for which the face has been missing since this reading."""


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
        this frame are not returned, but they are remembered for `max_absence_s` seconds in case they come back.
        """
        gap_s, self._updated_s = time_s - self._updated_s, time_s
        missed_s = min(gap_s, MAX_ABSENCE_PER_FRAME_S)
        known = self._tracks if gap_s <= MAX_GAP_S else []
        tracks = [replace(track, missed_s=track.missed_s + missed_s) for track in known]
        tracks = [track for track in tracks if track.missed_s <= self._max_absence_s]
        pairs = match_faces([track.reading.face for track in tracks], [reading.face for reading in readings])
        smoothed = [
            self._smooth(reading, tracks[pairs[index]], time_s) if index in pairs else self._number_new_face(reading)
            for index, reading in enumerate(readings)
        ]
        missed = [track for index, track in enumerate(tracks) if index not in pairs.values()]
        self._tracks = [Track(reading, time_s) for reading in smoothed] + missed
        return smoothed

    def mirror(self, width: int) -> None:
        """Mirror the boxes of all known faces. Call this when the mirroring of frames is switched on or off."""
        self._tracks = [
            replace(track, reading=replace(track.reading, face=mirrored(track.reading.face, width)))
            for track in self._tracks
        ]

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
        return replace(reading, probabilities=averaged, number=track.reading.number, held=held, thresholds=thresholds)

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
    """Return whether, in the reading `before`, the model predicted this label and was certain of it."""
    return model in before.probabilities and before.label(model) == label and before.is_certain(model)


def decay(elapsed_s: float, half_life_s: float) -> float:
    """Return the weight left after `elapsed_s` seconds: 1 at 0 s, 0.5 after one half-life, 0 if the half-life is 0."""
    return 0.5 ** (elapsed_s / half_life_s) if half_life_s > 0 else 0.0


def blend(old: tuple[float, ...], new: tuple[float, ...], old_weight: float) -> tuple[float, ...]:
    """Return the weighted average of two sets of probabilities. It sums to 1 if both do."""
    return tuple(old_weight * before + (1 - old_weight) * now for before, now in zip(old, new, strict=True))


def mirrored(face: Face, width: int) -> Face:
    """Return the face as it appears in the mirror image of an image of this width."""
    left, top, right, bottom = face.xyxy
    return replace(face, xyxy=(width - right, top, width - left, bottom))


def match_faces(old: Sequence[Face], new: Sequence[Face], min_iou: float = MIN_IOU) -> dict[int, int]:
    """Return the matched faces as a dictionary from the index in `new` to the index in `old`.

    The two faces that overlap most are matched first. Each face is matched at most once.
    """
    pairs: dict[int, int] = {}
    for overlap, new_index, old_index in sorted(_overlaps(old, new), key=lambda triple: -triple[0]):
        if overlap >= min_iou and new_index not in pairs and old_index not in pairs.values():
            pairs[new_index] = old_index
    return pairs


def _overlaps(old: Sequence[Face], new: Sequence[Face]) -> Iterator[tuple[float, int, int]]:
    """Yield for each pair of faces the intersection over union, the index in `new` and the index in `old`."""
    for new_index, new_face in enumerate(new):
        for old_index, old_face in enumerate(old):
            yield iou(old_face, new_face), new_index, old_index


def iou(a: Face, b: Face) -> float:
    """Return the intersection over union of two boxes, 0..1."""
    width = min(a.xyxy[2], b.xyxy[2]) - max(a.xyxy[0], b.xyxy[0])
    height = min(a.xyxy[3], b.xyxy[3]) - max(a.xyxy[1], b.xyxy[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (a.area + b.area - shared)
