"""Readings of successive frames -> steady readings: the same face, its probabilities smoothed over time.

A classifier's answer jumps from frame to frame although the face hardly moves. Each face is followed by the overlap
of its boxes and keeps its number, and its probabilities are an exponential average over time. The average's half-life
is in seconds, so the reading is as steady at 10 frames/s as at 30. A label is held until another one leads clearly, so
that two emotions of about the same probability do not take turns; nor do a label and "uncertain" about the threshold.
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
"""After this time an old reading counts half: a new expression has 94 % of the weight after one second."""

LEAD = 0.08
"""A label gives way to another when that one's averaged probability is higher by this."""

LEEWAY = 0.04
"""So far below the model's threshold may the confidence of a label fall that has been certain."""

ABSENCE_S = 0.5
"""A face that is missed for longer is forgotten: whoever comes next starts afresh."""

LONGEST_STEP_S = 0.2
"""What one frame adds to an absence at most. A busy machine leaves seconds between frames, and nobody was missed in
them: nobody looked."""

LONGEST_GAP_S = 5.0
"""After so long without a frame all faces are forgotten."""

MIN_IOU = 0.3
"""Boxes of successive frames that overlap less are different faces."""


@dataclass(frozen=True)
class Track:
    """A face as it was last seen."""

    reading: Reading
    """Its steady reading."""
    seen_s: float
    """When that was, in seconds of the caller's clock."""
    missed_s: float = 0.0
    """For how long it has been missed in the frames since."""


class Tracker:
    """Steady readings for one stream of frames; one object a stream, called from one thread."""

    def __init__(
        self,
        half_life_s: float = HALF_LIFE_S,
        absence_s: float = ABSENCE_S,
        numbers: Iterator[int] | None = None,
    ) -> None:
        """New faces are numbered by `numbers`, from 1 without."""
        self._half_life_s = half_life_s
        self._absence_s = absence_s
        self._tracks: list[Track] = []
        self._updated_s = -math.inf
        self._numbers = numbers or count(1)

    def update(self, readings: Sequence[Reading], time_s: float) -> list[Reading]:
        """The frame's readings, in their order, each numbered and averaged with what was read of the same face before.

        `time_s` is the frame's time in seconds by any clock that does not run backwards. Faces that were not found
        in this frame are not invented; they are remembered for `absence_s` in case they come back.
        """
        gap_s, self._updated_s = time_s - self._updated_s, time_s
        step_s = min(gap_s, LONGEST_STEP_S)
        tracks = [replace(track, missed_s=track.missed_s + step_s) for track in self._tracks if gap_s <= LONGEST_GAP_S]
        tracks = [track for track in tracks if track.missed_s <= self._absence_s]
        pairs = match_faces([track.reading.face for track in tracks], [reading.face for reading in readings])
        steady = [
            self._smooth(reading, tracks[pairs[row]], time_s) if row in pairs else self._newcomer(reading)
            for row, reading in enumerate(readings)
        ]
        missed = [track for row, track in enumerate(tracks) if row not in pairs.values()]
        self._tracks = [Track(reading, time_s) for reading in steady] + missed
        return steady

    def mirror(self, width: int) -> None:
        """From now on frames of this width come as mirror images: each face is looked for on the other side."""
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
        held = {model: hold(track.reading, model, new) for model, new in averaged.items()}
        thresholds = {
            model: limit - LEEWAY if was_certain(track.reading, model, held.get(model)) else limit
            for model, limit in reading.thresholds.items()
        }
        return replace(reading, probabilities=averaged, number=track.reading.number, held=held, thresholds=thresholds)

    def _newcomer(self, reading: Reading) -> Reading:
        return replace(reading, number=next(self._numbers))


def hold(before: Reading, model: str, probabilities: Sequence[float]) -> str:
    """The label of a face whose averaged probabilities are now these: the one before, until another has the `LEAD`."""
    leading = EMOTIONS[int(np.argmax(probabilities))]
    if model not in before.probabilities:
        return leading
    label = before.label(model)
    return leading if max(probabilities) >= probabilities[EMOTIONS.index(label)] + LEAD else label


def was_certain(before: Reading, model: str, label: str | None) -> bool:
    """Whether the model was certain of this very label."""
    return model in before.probabilities and before.label(model) == label and before.is_certain(model)


def decay(elapsed_s: float, half_life_s: float) -> float:
    """The weight left after `elapsed_s` seconds, 1 at once and 0.5 after one half-life; a half-life of 0 keeps none."""
    return 0.5 ** (elapsed_s / half_life_s) if half_life_s > 0 else 0.0


def blend(old: tuple[float, ...], new: tuple[float, ...], old_weight: float) -> tuple[float, ...]:
    """The average of two sets of probabilities; it sums to 1 where both do."""
    return tuple(old_weight * before + (1 - old_weight) * now for before, now in zip(old, new, strict=True))


def mirrored(face: Face, width: int) -> Face:
    """The face in the mirror image of a picture of this width."""
    left, top, right, bottom = face.xyxy
    return replace(face, xyxy=(width - right, top, width - left, bottom))


def match_faces(old: Sequence[Face], new: Sequence[Face], min_iou: float = MIN_IOU) -> dict[int, int]:
    """Position in `new` -> position in `old` of the same face; best overlap first, each face at most once."""
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
    """Intersection over union of two boxes, 0..1; 0 where they do not touch."""
    width = min(a.xyxy[2], b.xyxy[2]) - max(a.xyxy[0], b.xyxy[0])
    height = min(a.xyxy[3], b.xyxy[3]) - max(a.xyxy[1], b.xyxy[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (a.area + b.area - shared)
