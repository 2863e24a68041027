"""How FER2013's pictures are cut, as a detector sees them, and what a model makes of other cuts.

A classifier should see a face of a photo as it saw those of the data set. So every picture is laid on a larger ground,
its border replicated, and the detector is asked where it finds the face in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import Progress, no_progress
from core.classifiers.base import LabelledFaces, Predicts
from core.evaluation.intervals import wilson_interval
from core.vision.crops import FACE_SIZE, Faces, crop_face
from core.vision.detectors.base import Detector
from core.vision.faces import Face
from core.vision.images import Image, to_rgb

ENLARGED = 4
"""Detectors look for faces of at least 30 pixels or so: each picture is shown to them at four times its size."""

GROUND = FACE_SIZE * ENLARGED // 2
"""Pixels of replicated border on each side of the enlarged picture."""

MARGINS = (-0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
"""Candidates for `crops.CROP_MARGIN`, as shares of the box's side."""


@dataclass(frozen=True)
class Framing:
    """Boxes that a detector found, in shares of the picture's side."""

    n: int
    """Pictures."""
    sides: NDArray[np.float64]
    """(found,) sides of the boxes; 1 is the whole picture."""
    centres: NDArray[np.float64]
    """(found, 2) their centres, right and down of the picture's middle."""

    @property
    def margin(self) -> float:
        """What has to be added on each side of the median box to give the whole picture, as a share of the box."""
        return float((1 / np.median(self.sides) - 1) / 2)


def on_ground(face: NDArray[np.uint8]) -> Image:
    """(48, 48) uint8 -> (384, 384, 3) uint8: the picture at four times its size, its border replicated about it."""
    side = FACE_SIZE * ENLARGED
    enlarged = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)
    gray = cv2.copyMakeBorder(enlarged, GROUND, GROUND, GROUND, GROUND, cv2.BORDER_REPLICATE)
    return to_rgb(np.asarray(gray, np.uint8))


def find(faces: Faces, detector: Detector, on_progress: Progress = no_progress) -> list[Face | None]:
    """(n, 48, 48) uint8 -> for each picture the largest face that is found on its ground, or None."""
    found: list[Face | None] = []
    for done, face in enumerate(faces, start=1):
        found.append(next(iter(detector.detect(on_ground(face))), None))
        on_progress(done, len(faces))
    return found


def framing(found: Sequence[Face | None]) -> Framing:
    """The boxes in the picture's own measure."""
    boxes = np.array([face.xyxy for face in found if face], float).reshape(-1, 2, 2)
    side = FACE_SIZE * ENLARGED
    return Framing(
        n=len(found),
        sides=(boxes[:, 1] - boxes[:, 0]).max(axis=1) / side,
        centres=(boxes.mean(axis=1) - (GROUND + side / 2)) / side,
    )


def accuracy_by_margin(classifier: Predicts, data: LabelledFaces, found: Sequence[Face | None]) -> pd.DataFrame:
    """A row a margin, and one without it for the pictures as they are: margin, right, n, accuracy, low, high.

    Only pictures in which a face was found count, the same ones in every row. The interval is 95 % (Wilson).
    """
    rows = [i for i, face in enumerate(found) if face]
    labels = data.labels[rows]
    crops = np.empty((len(MARGINS), len(rows), FACE_SIZE, FACE_SIZE), np.uint8)
    for row, i in enumerate(rows):
        ground = on_ground(data.faces[i])  # one at a time: all of them would take a gigabyte
        for margin, cut in zip(MARGINS, crops, strict=True):
            cut[row] = crop_face(ground, found[i], margin)  # type: ignore[arg-type]
    cuts: dict[float, Faces] = {np.nan: data.faces[rows], **dict(zip(MARGINS, crops, strict=True))}
    table = []
    for margin, faces in cuts.items():
        right = int((classifier.predict_proba(faces).argmax(axis=1) == labels).sum())
        low, high = wilson_interval(right, len(rows))
        table.append([margin, right, len(rows), right / max(len(rows), 1), low, high])
    return pd.DataFrame(table, columns=["margin", "right", "n", "accuracy", "low", "high"])
