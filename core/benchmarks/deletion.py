"""How well explanations find the pixels that matter: accuracy after their deletion (Samek et al. 2017).

A face is divided into squares of `CELL` x `CELL` pixels, and a share of them is filled. The explanation of the label
that the model predicts chooses the squares with the largest sums. "Random" draws equally many of the same squares,
without replacement and with a fixed seed. Both thus remove equally many pixels in squares of the same size, and differ
only in the choice. The true label is used for the accuracy alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.callbacks import Progress, no_progress
from core.classifiers.base import LabelledFaces
from core.classifiers.calibrated import Calibrated
from core.emotions import EMOTIONS
from core.evaluation.attribution.fills import filled
from core.evaluation.attribution.methods import explain, methods_for
from core.evaluation.predictions import predicted_classes
from core.vision.crops import FACE_SIZE, Faces

SHARE = 0.2
"""Share of the squares that are filled."""

CELL = 4
"""Side of a square in pixels: a face has 12x12 squares."""

SEED = 42


@dataclass(frozen=True)
class Accuracy:
    """Shares of correct labels, 0..1."""

    all: float
    """On the whole faces."""
    random: float
    """Without randomly drawn squares."""
    attribution: float
    """Without the squares that speak most for the predicted label."""


@dataclass(frozen=True)
class Deletion:
    """Output of `python -m core explain --deletion --json`."""

    model: str
    method: str
    faces: int
    """Number of faces."""
    fill: str
    """What takes the place of removed pixels, a key of `FILLS`."""
    share: float
    accuracy: Accuracy


def measure(
    model: str,
    classifier: Calibrated,
    data: LabelledFaces,
    fill: str,
    method: str | None = None,
    on_progress: Progress = no_progress,
) -> Deletion:
    """Measure one method, by default the best that suits the classifier, on at least one face.

    Raises InputError as `explain`.
    """
    name = method or methods_for(classifier)[0]
    sums = _sums_of_explanations(classifier, data.faces, name, on_progress)
    random = np.random.default_rng(SEED).random(sums.shape)
    whole, with_random, with_strongest = (
        float((predicted_classes(classifier, faces) == data.labels).mean())
        for faces in (
            data.faces,
            delete(data.faces, random, SHARE, fill),
            delete(data.faces, sums, SHARE, fill),
        )
    )
    return Deletion(model, name, len(data.labels), fill, SHARE, Accuracy(whole, with_random, with_strongest))


def delete(faces: Faces, sums: NDArray[np.floating], share: float, fill: str) -> Faces:
    """Fill the squares with the largest sums of each face: (n, 48, 48) uint8 and (n, squares) -> (n, 48, 48) uint8."""
    per_side = FACE_SIZE // CELL
    strongest = np.argsort(-sums, axis=1, kind="stable")[:, : round(share * per_side**2)]
    is_deleted = np.zeros(sums.shape, bool)
    np.put_along_axis(is_deleted, strongest, values=True, axis=1)
    pixels = is_deleted.reshape(-1, per_side, per_side).repeat(CELL, axis=1).repeat(CELL, axis=2)
    return np.where(pixels, filled(faces, fill), faces)


def _sums_of_explanations(
    classifier: Calibrated, faces: Faces, method: str, on_progress: Progress
) -> NDArray[np.float64]:
    """Return the sum of each square in the explanation of the predicted label, (n, 48, 48) -> (n, squares)."""
    per_side = FACE_SIZE // CELL
    sums = np.empty((len(faces), per_side**2))
    for row, (face, class_id) in enumerate(zip(faces, predicted_classes(classifier, faces), strict=True)):
        (explanation,) = explain(classifier, face, (EMOTIONS[class_id],), method)
        cells = explanation.values.astype(np.float64).reshape(per_side, CELL, per_side, CELL)
        sums[row] = cells.sum(axis=(1, 3)).ravel()
        on_progress(row + 1, len(faces))
    return sums
