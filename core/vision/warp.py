"""Rotate, scale and shift faces, with a single interpolation for all three."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.crops import FACE_SIZE, Faces

Floats = NDArray[np.float64]

CENTRE = ((FACE_SIZE - 1) / 2, (FACE_SIZE - 1) / 2)
"""Centre (x, y) of a face image, between its middle pixels. In OpenCV, (0, 0) is the centre of the first pixel."""


def warp(faces: Faces, degrees: Floats, scales: Floats, shifts: Floats) -> Faces:
    """Rotate, scale and shift faces, (n, 48, 48) uint8; the result has the same shape and dtype.

    The parameters have one value per face. `degrees`, (n,), are rotations around the centre, counterclockwise.
    `scales`, (n,), are factors; those above 1 enlarge. `shifts`, (n, 2), are pixels to the right and down.
    Interpolation is bilinear. Pixels from outside the face image repeat its border, as in `crop_face`.
    """
    warped = np.empty_like(faces)
    for i, face in enumerate(faces):
        matrix = cv2.getRotationMatrix2D(CENTRE, float(degrees[i]), float(scales[i]))
        matrix[:, 2] += shifts[i]
        warped[i] = cv2.warpAffine(
            face, matrix, (FACE_SIZE, FACE_SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return warped
