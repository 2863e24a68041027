"""Images that may show no face: no detector finds one, and no other image of the data set is like them.

Each sign alone is weak: detectors miss faces that fill the image, and unusual faces are far from all others. What both
find in FER2013 are mostly texts, signs and blank images, but faces too; docs/doubts.md has the counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import Progress, StageProgress, no_progress
from core.data.store import Import
from core.evaluation.neighbours import load_index, load_network
from core.evaluation.neighbours.embedding import Embedding
from core.vision.crops import FACE_SIZE, Faces
from core.vision.detectors import DETECTORS, make_detector
from core.vision.detectors.base import Detector
from core.vision.images import Image, to_rgb

FARTHEST = 0.02
"""Share of the images, those farthest from their neighbours, in which detectors look for a face."""

NEIGHBOUR = 5
"""The distance of an image is that to its fifth nearest other image, without its exact copies."""

LOOK_WITH = ("yunet", "libfacedetection", "haar")
"""The detectors, the one that finds most first; those that cannot be used here are left out."""

SCALE = 4
"""How much an image is enlarged before detection, because detectors miss faces below about 30 pixels."""

ROWS_AT_ONCE = 256
"""Images that are compared with all others at the same time, to save memory."""


@dataclass(frozen=True, eq=False)
class NotFaces:
    """The images that may show no face, and why the embedding could not be kept on the disk."""

    table: pd.DataFrame
    """Columns image_id, true_label and distance (1 minus the cosine of two embeddings), the largest distance first."""
    note: str | None = None


def not_faces(data: Import, on_progress: StageProgress = no_progress) -> NotFaces:
    """Return the images of an import that may show no face.

    The first call for an import computes its embedding, which takes minutes, and stores it beside the images. Raises
    InputError without a default network, and for damaged weights.
    """
    stored = load_index(data, load_network(), partial(on_progress, "Embed the images"))
    manifest, faces = data.manifest(), data.faces()
    groups = manifest["duplicate_group"].to_numpy()
    distances = distances_to_others(stored.index.vectors, groups, partial(on_progress, "Compare the images"))
    order = np.argsort(-distances, kind="stable")[: round(FARTHEST * len(distances))]
    detectors = [make_detector(name) for name in LOOK_WITH if DETECTORS[name].why_missing() is None]
    rows = order[~has_face(faces[order], detectors, partial(on_progress, "Look for faces"))]
    table = manifest.loc[rows, ["image_id", "true_label"]].assign(distance=distances[rows])
    return NotFaces(table.reset_index(drop=True), stored.note)


def distances_to_others(
    vectors: Embedding, groups: NDArray[np.integer], on_progress: Progress = no_progress
) -> NDArray[np.float32]:
    """Return the distance of each image to its fifth nearest other image, or to the farthest if there are fewer.

    `vectors` are (n, width) of length 1. Images of the same group, (n,), are exact copies, which do not count. The
    result is (n,) float32; 2 for an image without any others.
    """
    all_vectors = np.asarray(vectors, np.float32)
    found = np.full(len(vectors), 2, np.float32)
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        cosines = all_vectors[rows] @ all_vectors.T
        cosines[groups[rows, None] == groups] = -np.inf
        others = np.isfinite(cosines).sum(axis=1)
        nearest = -np.partition(-cosines, np.arange(min(NEIGHBOUR, len(vectors))), axis=1)[:, :NEIGHBOUR]
        last = np.minimum(others, NEIGHBOUR) - 1
        has_others = others > 0
        found[rows][has_others] = 1 - nearest[has_others, last[has_others]]
        on_progress(min(start + ROWS_AT_ONCE, len(vectors)), len(vectors))
    return found


def has_face(faces: Faces, detectors: Sequence[Detector], on_progress: Progress = no_progress) -> NDArray[np.bool_]:
    """Return whether any detector finds a face in each image, (n, 48, 48) uint8 -> (n,) bool."""
    found = np.zeros(len(faces), bool)
    for row, face in enumerate(faces):
        image = enlarged(np.asarray(face))
        found[row] = any(detector.detect(image) for detector in detectors)
        on_progress(row + 1, len(faces))
    return found


def enlarged(face: NDArray[np.uint8]) -> Image:
    """Enlarge an image, and repeat its edges around it, because detectors miss faces that fill an image.

    (48, 48) uint8 gray -> (384, 384, 3) uint8 RGB.
    """
    side = FACE_SIZE * SCALE
    larger = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)
    border = side // 2
    widened = cv2.copyMakeBorder(larger, border, border, border, border, cv2.BORDER_REPLICATE)
    return to_rgb(np.asarray(widened, np.uint8))
