"""What takes the place of removed pixels: the face's mean gray level, or a strongly blurred copy of the face."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.crops import Faces

BLUR_SIGMA = 6.0
"""Standard deviation of the blur in pixels: an eighth of a face's side, so eyes and mouth disappear."""


def filled(faces: Faces, fill: str) -> Faces:
    """(n, 48, 48) uint8 -> (n, 48, 48) uint8: the faces without detail; n may be 0. `fill` is a key of `FILLS`."""
    return np.array([FILLS[fill](face) for face in faces], np.uint8).reshape(faces.shape)


def _mean(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.full_like(face, round(float(face.mean())))


def _blurred(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(face, (0, 0), BLUR_SIGMA, borderType=cv2.BORDER_REPLICATE), np.uint8)


FILLS: dict[str, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {"mean": _mean, "blur": _blurred}
"""Name of a fill -> the function that removes all detail from one face, (48, 48) uint8."""
