"""How tightly FER2013 crops its faces compared with a detector's boxes, and how the crop margin affects accuracy.

A classifier works best if faces from photos are cropped like those of the data set. So each image gets a wide
replicated border, and the detector searches it for the face.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import Progress, no_progress
from core.classifiers.base import LabelledFaces, SupportsPredictProba
from core.evaluation.intervals import wilson_interval
from core.vision.crops import FACE_SIZE, Faces, crop_face
from core.vision.detectors.base import Detector
from core.vision.faces import Face
from core.vision.images import Image, to_rgb

SCALE = 4
"""Enlargement of each image before detection, because detectors miss faces below about 30 pixels."""

BORDER = FACE_SIZE * SCALE // 2
"""Width of the replicated border on each side of the enlarged image, in pixels."""

MARGINS = (-0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
"""Candidates for `crops.CROP_MARGIN`, as shares of the box's side."""


@dataclass(frozen=True)
class Framing:
    """Detected boxes, measured in shares of the image's side."""

    n: int
    """Number of images, including those without a detected face."""
    sides: NDArray[np.float64]
    """(found,) sides of the boxes; 1 is the whole image."""
    centres: NDArray[np.float64]
    """(found, 2) offsets of the boxes' centres from the image's centre, to the right and down."""

    @property
    def margin(self) -> float:
        """Margin on each side that extends the median box to the whole image, as a share of the box's side."""
        return float((1 / np.median(self.sides) - 1) / 2)


def with_border(face: NDArray[np.uint8]) -> Image:
    """(48, 48) uint8 -> (384, 384, 3) uint8: the image enlarged four times, inside its replicated border."""
    side = FACE_SIZE * SCALE
    enlarged = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)
    gray = cv2.copyMakeBorder(enlarged, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_REPLICATE)
    return to_rgb(np.asarray(gray, np.uint8))


def detect_largest(faces: Faces, detector: Detector, on_progress: Progress = no_progress) -> list[Face | None]:
    """Detect the largest face in each image, after adding a border; None if there is none.

    `faces` are (n, 48, 48) uint8; boxes are in pixels of the image with its border.
    """
    found: list[Face | None] = []
    for done, face in enumerate(faces, start=1):
        found.append(next(iter(detector.detect(with_border(face))), None))
        on_progress(done, len(faces))
    return found


def measure_framing(found: Sequence[Face | None]) -> Framing:
    """Convert the boxes of `detect_largest` from pixels to shares of the image's side."""
    boxes = np.array([face.xyxy for face in found if face], float).reshape(-1, 2, 2)
    side = FACE_SIZE * SCALE
    return Framing(
        n=len(found),
        sides=(boxes[:, 1] - boxes[:, 0]).max(axis=1) / side,
        centres=(boxes.mean(axis=1) - (BORDER + side / 2)) / side,
    )


def accuracy_by_margin(
    classifier: SupportsPredictProba, data: LabelledFaces, found: Sequence[Face | None]
) -> pd.DataFrame:
    """Return one row for the images as they are (margin NaN), then one row per margin.

    The columns are margin, right, n, accuracy, low and high (95 % Wilson interval). Every row counts the same images:
    those in which a face was found.
    """
    rows = [i for i, face in enumerate(found) if face]
    labels = data.labels[rows]
    crops = np.empty((len(MARGINS), len(rows), FACE_SIZE, FACE_SIZE), np.uint8)
    for row, i in enumerate(rows):
        image = with_border(data.faces[i])  # one at a time: all of them would take a gigabyte
        for margin, crops_at_margin in zip(MARGINS, crops, strict=True):
            crops_at_margin[row] = crop_face(image, found[i], margin)  # type: ignore[arg-type]
    faces_by_margin: dict[float, Faces] = {np.nan: data.faces[rows], **dict(zip(MARGINS, crops, strict=True))}
    table = []
    for margin, faces in faces_by_margin.items():
        right = int((classifier.predict_proba(faces).argmax(axis=1) == labels).sum())
        low, high = wilson_interval(right, len(rows))
        table.append([margin, right, len(rows), right / max(len(rows), 1), low, high])
    return pd.DataFrame(table, columns=["margin", "right", "n", "accuracy", "low", "high"])
