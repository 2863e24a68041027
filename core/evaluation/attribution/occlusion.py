"""Occlusion (Zeiler and Fergus 2014): cover a square of the face, and measure how the prediction changes.

It needs only `predict_proba`, so it explains networks, trees and the models of others in the same way.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.classifiers.calibrated import Calibrated
from core.emotions import EMOTIONS
from core.evaluation.attribution.explanation import Face
from core.evaluation.attribution.fills import filled
from core.vision.crops import FACE_SIZE

SIDE, STRIDE = 12, 6
"""Side of the square, and distance between its neighbouring positions, in pixels."""

FILL = "blur"
"""What covers the square, a key of `FILLS`."""

SMALLEST_PROBABILITY = 1e-6
"""Lower bound of probabilities before the logarithm, which is infinite at 0."""


def occlusion(classifier: Calibrated, face: Face, labels: Sequence[str]) -> NDArray[np.float32]:
    """(48, 48) uint8 and labels -> (labels, 48, 48) float32.

    The value of a square is log p(face) - log p(face with this square covered). A pixel has the mean of the values of
    all squares that cover it. All copies of the face are predicted in one call.
    """
    masks = squares(SIDE, STRIDE)
    covered = np.where(masks, filled(face[None], FILL), face[None])
    probabilities = classifier.predict_proba(np.concatenate([face[None], covered])).astype(np.float64)
    logarithms = np.log(probabilities[:, [EMOTIONS.index(label) for label in labels]].clip(min=SMALLEST_PROBABILITY))
    drops = logarithms[:1] - logarithms[1:]  # (squares, labels)
    weights = masks.reshape(len(masks), -1).astype(np.float64)
    maps = drops.T @ weights / weights.sum(axis=0)
    return np.asarray(maps.reshape(-1, FACE_SIZE, FACE_SIZE), np.float32)


@cache
def squares(side: int, stride: int) -> NDArray[np.bool_]:
    """(squares, 48, 48) bool: the pixels of each square.

    Squares also lie partly outside the face, so that every pixel is covered equally often if `stride` divides `side`.
    """
    starts = np.arange(stride - side, FACE_SIZE, stride)
    pixels = np.arange(FACE_SIZE)
    on_axis = (pixels >= starts[:, None]) & (pixels < starts[:, None] + side)
    return np.asarray((on_axis[:, None, :, None] & on_axis[None, :, None, :]).reshape(-1, FACE_SIZE, FACE_SIZE))
