"""Track faces from frame to frame and smooth their probabilities over time.

A classifier's probabilities jump from frame to frame even if the face hardly moves. Boxes that overlap in successive
frames are the same face, which keeps its number. Its probabilities are an exponential average over time. The half-life
is in seconds, so readings are as steady at 10 frames per second as at 30. A label is held until another label clearly
leads. So the label does not flicker between two emotions of similar probability, nor between a label and "uncertain".
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
"""Seconds after which an old reading has half its weight. A new expression has 94 % of the weight after one second."""

LEAD = 0.08
"""Another label replaces the held one if its averaged probability is higher by at least this."""

LEEWAY = 0.04
"""A label that was certain stays certain until its confidence is more than this below the model's threshold."""

ABSENCE_S = 0.5
"""A face missed for more seconds than this is forgotten. The next face in its place gets a new number."""

LONGEST_STEP_S = 0.2
"""Maximum seconds that one frame adds to a face's absence.

On a busy machine seconds may pass between two frames. A face was not absent during them: no frame was searched.
"""

LONGEST_GAP_S = 5.0
"""After this many seconds without a frame, all faces are forgotten."""

MIN_IOU = 0.3
"""Minimum intersection over union of two boxes of the same face in successive frames."""


@dataclass(frozen=True)
class Track:
    """The last reading of a face."""

    reading: Reading
    """The smoothed reading."""
    seen_s: float
    """Time of that reading in seconds, by the caller's clock."""
    missed_s: float = 0.0
    """Seconds for which the face has been missing since then."""


class Tracker:
    """Smooth the readings of one stream. Each stream needs its own tracker, called from one thread."""

    def __init__(
        self,
        half_life_s: float = HALF_LIFE_S,
        absence_s: float = ABSENCE_S,
        numbers: Iterator[int] | None = None,
    ) -> None:
        """`numbers` gives new faces their numbers; without it they count from 1."""
        self._half_life_s = half_life_s
        self._absence_s = absence_s
        self._tracks: list[Track] = []
        self._updated_s = -math.inf
        self._numbers = numbers or count(1)

    def update(self, readings: Sequence[Reading], time_s: float) -> list[Reading]:
        """Return the frame's readings in the same order, with face numbers and smoothed probabilities.

        `time_s` is the frame's time in seconds, by any clock that does not run backwards. Faces not found in this frame
        are not returned, but they are remembered for `absence_s` seconds in case they come back.
        """
        gap_s, self._updated_s = time_s - self._updated_s, time_s
        step_s = min(gap_s, LONGEST_STEP_S)
        tracks = [replace(track, missed_s=track.missed_s + step_s) for track in self._tracks if gap_s <= LONGEST_GAP_S]
        tracks = [track for track in tracks if track.missed_s <= self._absence_s]
        pairs = match_faces([track.reading.face for track in tracks], [reading.face for reading in readings])
        steady = [
            self._smooth(reading, tracks[pairs[row]], time_s) if row in pairs else self._number_new_face(reading)
            for row, reading in enumerate(readings)
        ]
        missed = [track for row, track in enumerate(tracks) if row not in pairs.values()]
        self._tracks = [Track(reading, time_s) for reading in steady] + missed
        return steady

    def mirror(self, width: int) -> None:
        """Mirror the boxes of all known faces. Call this if mirroring of the frames is switched on or off."""
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
            model: limit - LEEWAY if was_certain(track.reading, model, held.get(model)) else limit
            for model, limit in reading.thresholds.items()
        }
        return replace(reading, probabilities=averaged, number=track.reading.number, held=held, thresholds=thresholds)

    def _number_new_face(self, reading: Reading) -> Reading:
        return replace(reading, number=next(self._numbers))


def hold_label(before: Reading, model: str, probabilities: Sequence[float]) -> str:
    """Return the label for these averaged probabilities: the one of `before`, unless another leads by `LEAD`."""
    leading = EMOTIONS[int(np.argmax(probabilities))]
    if model not in before.probabilities:
        return leading
    label = before.label(model)
    return leading if max(probabilities) >= probabilities[EMOTIONS.index(label)] + LEAD else label


def was_certain(before: Reading, model: str, label: str | None) -> bool:
    """Return whether the model predicted this label before and was certain of it."""
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
    """Map positions in `new` to positions in `old` of the same face.

    The best overlap is matched first, and each face at most once.
    """
    pairs: dict[int, int] = {}
    for overlap, new_row, old_row in sorted(_overlaps(old, new), key=lambda triple: -triple[0]):
        if overlap >= min_iou and new_row not in pairs and old_row not in pairs.values():
            pairs[new_row] = old_row
    return pairs


def _overlaps(old: Sequence[Face], new: Sequence[Face]) -> Iterator[tuple[float, int, int]]:
    for new_row, new_face in enumerate(new):
        for old_row, old_face in enumerate(old):
            yield iou(old_face, new_face), new_row, old_row


def iou(a: Face, b: Face) -> float:
    """Return the intersection over union of two boxes, 0..1."""
    width = min(a.xyxy[2], b.xyxy[2]) - max(a.xyxy[0], b.xyxy[0])
    height = min(a.xyxy[3], b.xyxy[3]) - max(a.xyxy[1], b.xyxy[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (a.area + b.area - shared)
