"""How tightly FER2013 crops its faces compared with a detector's boxes, and how the crop margin affects accuracy.

A classifier works best if faces in photos are cropped like its training data. To compare FER2013's crops with a
detector's boxes, each image is enlarged and gets a wide border, which repeats the pixels at its edges. The detector
then searches the result for the face.
"""

from collections.abc import Mapping, Sequence
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
"""Enlargement factor of each image before detection, because detectors miss faces below about 30 pixels."""

BORDER = FACE_SIZE * SCALE // 2
"""Width of the border on each side of the enlarged image, in pixels."""

MARGINS = (-0.1, -0.05, -0.025, 0.0, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3)
"""Values to try for the margin of a detector, as fractions of the box's side."""


@dataclass(frozen=True)
class Framing:
    """Sizes and positions of the detected boxes. The unit is the side length of the image without its border."""

    n: int
    """Number of images, including those without a detected face."""
    sides: NDArray[np.float64]
    """Longer sides of the boxes, one per detected face, (k,). A box of side 1 is as large as the image."""
    centres: NDArray[np.float64]
    """Offsets of the boxes' centres from the image's centre, to the right and down, (k, 2)."""

    @property
    def margin(self) -> float:
        """Margin to add at each edge of the median box to make it as large as the image.

        It is a fraction of the box's side length.
        """
        return float((1 / np.median(self.sides) - 1) / 2)


def with_border(face: NDArray[np.uint8]) -> Image:
    """Enlarge an image four times and add its border: (48, 48) uint8 gray -> (384, 384, 3) uint8 RGB."""
    side = FACE_SIZE * SCALE
    enlarged = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)
    gray = cv2.copyMakeBorder(enlarged, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_REPLICATE)
    return to_rgb(np.asarray(gray, np.uint8))


def detect_largest_faces(faces: Faces, detector: Detector, on_progress: Progress = no_progress) -> list[Face | None]:
    """Add the border to each image and return its largest detected face, or None if no face is detected.

    `faces` are (n, 48, 48) uint8. Boxes are in pixels of the enlarged image with its border.
    """
    largest_faces: list[Face | None] = []
    for done, face in enumerate(faces, start=1):
        largest_faces.append(next(iter(detector.detect(with_border(face))), None))
        on_progress(done, len(faces))
    return largest_faces


def measure_framing(largest_faces: Sequence[Face | None]) -> Framing:
    """Convert the boxes of `detect_largest_faces` from pixels to fractions of the image's side."""
    corners = np.array([face.xyxy for face in largest_faces if face], float).reshape(-1, 2, 2)
    side = FACE_SIZE * SCALE
    return Framing(
        n=len(largest_faces),
        sides=(corners[:, 1] - corners[:, 0]).max(axis=1) / side,
        centres=(corners.mean(axis=1) - (BORDER + side / 2)) / side,
    )


def accuracy_by_margin(
    classifier: SupportsPredictProba, data: LabelledFaces, largest_faces: Sequence[Face | None]
) -> pd.DataFrame:
    """Return one row for the images as they are (margin NaN), then one row per margin of `MARGINS`.

    `largest_faces` is the result of `detect_largest_faces` for `data.faces`. Every row uses the images in which a face
    was detected. The columns are margin, right (number of correct predictions), n (number of images), accuracy, low
    and high (95 % Wilson interval of the accuracy).
    """
    detected = [index for index, face in enumerate(largest_faces) if face]
    labels = data.labels[detected]
    crops = np.empty((len(MARGINS), len(detected), FACE_SIZE, FACE_SIZE), np.uint8)
    for row, index in enumerate(detected):
        image = with_border(data.faces[index])  # one at a time, because all of them together take a gigabyte
        for margin, crops_at_margin in zip(MARGINS, crops, strict=True):
            crops_at_margin[row] = crop_face(image, largest_faces[index], margin)  # type: ignore[arg-type]
    faces_by_margin: dict[float, Faces] = {np.nan: data.faces[detected], **dict(zip(MARGINS, crops, strict=True))}
    rows = []
    for margin, faces in faces_by_margin.items():
        correct = int((classifier.predict_proba(faces).argmax(axis=1) == labels).sum())
        low, high = wilson_interval(correct, len(detected))
        rows.append([margin, correct, len(detected), correct / max(len(detected), 1), low, high])
    return pd.DataFrame(rows, columns=["margin", "right", "n", "accuracy", "low", "high"])


def accuracy_on_common_faces(
    classifier: SupportsPredictProba, data: LabelledFaces, largest_faces: Mapping[str, tuple[float, list[Face | None]]]
) -> tuple[int, dict[str, float]]:
    """Return the number of faces that all detectors find, and the accuracy on the crops of each, 0 without any.

    `largest_faces` has the margin of each detector and the result of `detect_largest_faces` for `data.faces`.
    """
    found_by_all = [all(found) for found in zip(*(found for _, found in largest_faces.values()), strict=True)]
    rows = np.flatnonzero(found_by_all)
    accuracies = {}
    for name, (margin, found) in largest_faces.items():
        crops = [crop_face(with_border(data.faces[row]), face, margin) for row in rows if (face := found[row])]
        predicted = classifier.predict_proba(np.array(crops, np.uint8).reshape(-1, FACE_SIZE, FACE_SIZE)).argmax(axis=1)
        accuracies[name] = float((predicted == data.labels[rows]).mean()) if len(rows) else 0.0
    return len(rows), accuracies
