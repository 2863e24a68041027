"""Accuracy on faces of turned heads, if their crops are turned upright and if they are not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pandas as pd

from core.benchmarks.framing import with_border
from core.callbacks import Progress, no_progress
from core.classifiers.base import LabelledFaces, SupportsPredictProba
from core.vision.crops import FACE_SIZE, Faces, crop_face
from core.vision.detectors.base import Detector
from core.vision.faces import Face
from core.vision.images import Image

ANGLES = (0, 20, 30, 45, 60)
"""Degrees by which the images are turned; every other image clockwise."""

COLUMNS = ("angle", "images", "found", "right_upright", "right_turned")
"""Columns of the results, one row per angle.

`found` is the number of faces found. `right_upright` is the number of correct predictions for their upright crops;
`right_turned` that for crops that are turned as the box is, without regard to the eyes.
"""


def accuracy_by_angle(
    classifier: SupportsPredictProba,
    data: LabelledFaces,
    detector: Detector,
    angles: Sequence[int] = ANGLES,
    on_progress: Progress = no_progress,
) -> pd.DataFrame:
    """Turn each image with its border, detect its largest face and predict both crops; return a `COLUMNS` table."""
    rows = []
    for index, angle in enumerate(angles):
        images = _turned_images(data.faces, angle)
        found: list[int] = []
        upright, as_turned = [], []
        for number, image in enumerate(images):
            if faces := detector.detect(image):
                found.append(number)
                upright.append(crop_face(image, faces[0], detector.margin))
                as_turned.append(crop_face(image, _without_angle(faces[0]), detector.margin))
            on_progress(index * len(data.faces) + number + 1, len(angles) * len(data.faces))
        labels = data.labels[found]
        right = [
            int((classifier.predict_proba(_batch(crops)).argmax(axis=1) == labels).sum())
            for crops in (upright, as_turned)
        ]
        rows.append([angle, len(data.faces), len(found), *right])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _turned_images(faces: Faces, angle: int) -> Iterator[Image]:
    """Yield each image enlarged, with its border, and turned: (384, 384, 3) uint8 RGB."""
    for number, face in enumerate(faces):
        image = with_border(face)
        middle = (image.shape[0] - 1) / 2
        matrix = cv2.getRotationMatrix2D((middle, middle), angle if number % 2 else -angle, 1)
        turned = cv2.warpAffine(image, matrix, image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        yield np.asarray(turned, np.uint8)


def _without_angle(face: Face) -> Face:
    return replace(face, eyes=None, angle=None)


def _batch(crops: Sequence[np.ndarray]) -> Faces:
    return np.array(crops, np.uint8).reshape(len(crops), FACE_SIZE, FACE_SIZE)
