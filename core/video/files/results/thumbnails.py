"""Small square pictures of faces in a frame."""

import math

import cv2
import numpy as np

from core.vision.crops import square_of
from core.vision.faces import Face
from core.vision.images import Image

SIDE = 112
"""Side of a thumbnail in pixels."""

MARGIN = 0.3
"""The square extends beyond the face's box by this share of its longer side, so that hair and chin are in it."""


def thumbnail(image: Image, face: Face) -> Image:
    """Return a face of an image, (H, W, 3) uint8 RGB, and what is around it: (112, 112, 3) uint8 RGB.

    A face that is turned in the image is upright in the thumbnail. Where the square extends beyond the image, the
    image's border pixels are repeated.
    """
    square = square_of(face, MARGIN)
    xs, ys = zip(*square.corners, strict=True)
    height, width = image.shape[:2]
    left, right = _inside(min(xs), max(xs), width)
    top, bottom = _inside(min(ys), max(ys), height)
    part = image[top:bottom, left:right]
    # The part is shrunk first, because warpAffine would skip pixels instead of averaging them.
    factor = min(1.0, SIDE / square.side)
    size_wh = max(1, round((right - left) * factor)), max(1, round((bottom - top) * factor))
    small = cv2.resize(part, size_wh, interpolation=cv2.INTER_AREA) if factor < 1 else part
    factors = np.array([size_wh[0] / (right - left), size_wh[1] / (bottom - top)])
    cos, sin = math.cos(math.radians(square.angle)), math.sin(math.radians(square.angle))
    axes = np.array([[cos, sin], [-sin, cos]]) * square.side / SIDE  # pixels of the thumbnail -> pixels of the image
    origin = np.array(square.centre) - axes @ np.full(2, (SIDE - 1) / 2) - (left, top)  # centre of the first pixel
    matrix = factors[:, np.newaxis] * np.column_stack((axes, origin))
    matrix[:, 2] -= 0.5  # OpenCV counts from the centre of the first pixel
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    pixels = cv2.warpAffine(small, matrix, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(pixels, np.uint8)


def _inside(low: float, high: float, length: int) -> tuple[int, int]:
    """Return the pixels, first and one past the last, from `low` to `high` that are inside the image; at least one."""
    first = min(max(math.floor(low), 0), length - 1)
    return first, max(first + 1, min(math.ceil(high), length))
