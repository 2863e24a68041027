"""Faces turned, scaled and shifted in one resampling."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.crops import FACE_SIZE, Faces

Floats = NDArray[np.float64]

CENTRE = ((FACE_SIZE - 1) / 2, (FACE_SIZE - 1) / 2)
"""Between the four middle pixels; OpenCV counts from the middle of the first one."""


def warp(faces: Faces, degrees: Floats, scales: Floats, shifts: Floats) -> Faces:
    """(n, 48, 48) uint8 -> the same shape; bilinear, and the border is replicated as `crop_face` does it.

    Each face has its own turn about the middle (degrees, counterclockwise) and scale, both (n,), and its own shift to
    the right and down (pixels), (n, 2).
    """
    warped = np.empty_like(faces)
    for i, face in enumerate(faces):
        matrix = cv2.getRotationMatrix2D(CENTRE, float(degrees[i]), float(scales[i]))
        matrix[:, 2] += shifts[i]
        warped[i] = cv2.warpAffine(
            face, matrix, (FACE_SIZE, FACE_SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return warped
