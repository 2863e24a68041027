"""Pictures as arrays: the only home of colour conversion."""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""(H, W, 3) uint8 RGB."""


def to_gray(image: Image) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB -> (H, W) uint8, by OpenCV's weights (ITU-R BT.601)."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
