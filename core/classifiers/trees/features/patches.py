"""Small patches of gray levels, normalised for brightness and contrast (Coates and Ng 2011)."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.vision.crops import Faces

CONTRAST_OFFSET = 10.0
"""Added to a patch's variance, in squared gray levels, before normalisation, so that flat patches stay nearly flat."""


def patches(faces: Faces, side: int, stride: int) -> NDArray[np.float32]:
    """(n, 48, 48) uint8 -> (n, g, g, side * side) float32: patches with mean 0 and variance below 1, `stride` apart."""
    windows = sliding_window_view(faces.astype(np.float32), (side, side), axis=(1, 2))[:, ::stride, ::stride]
    flat = windows.reshape(*windows.shape[:3], side * side)
    centred = flat - flat.mean(axis=-1, keepdims=True)
    return np.asarray(
        centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(CONTRAST_OFFSET)), np.float32
    )
