"""Crop faces to 48 x 48 gray pixels: in photos, in videos, and in imported images that are not yet 48 x 48 gray."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.faces import Face, Point, scaled
from core.vision.images import Image, shrunk, to_gray

Faces = NDArray[np.uint8]
"""Pixels of cropped faces, (n, 48, 48) uint8 gray; n may be 0. A `Face` is only a box in an image."""

FACE_SIZE = 48

TRAINED_ANGLE = 12.0
"""Faces turned by more degrees than this are turned upright when they are cropped.

The networks saw faces turned by up to 12 degrees in training (`rotation` in core/training/network_configs.py).
docs/framing.md shows what turning changes.
"""

LARGEST_SQUARE = 7_300
"""Squares with longer sides, in pixels, are cropped from a smaller copy of the image.

They occur only in very wide or high images, where most of the square would be border, of up to 400 MB.
"""


@dataclass(frozen=True)
class Square:
    """The part of an image that is cropped for one face."""

    centre: Point
    side: int
    """Side in pixels of the image, at least 1."""
    angle: float = 0.0
    """Degrees by which the square is turned counterclockwise; 0 unless the face is turned by over `TRAINED_ANGLE`."""

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The corners, from the face's upper left one clockwise."""
        (x, y), half = self.centre, self.side / 2
        cos, sin = half * math.cos(math.radians(self.angle)), half * math.sin(math.radians(self.angle))
        return (
            (x - cos - sin, y + sin - cos),
            (x + cos - sin, y - sin - cos),
            (x + cos + sin, y - sin + cos),
            (x - cos + sin, y + sin + cos),
        )


def square_of(face: Face, margin: float = 0.0) -> Square:
    """Return the square around a face: its side is the longer side of the box, extended at both ends by `margin`.

    `margin` is a share of the longer side. Each detector has the margin that was measured for its boxes.
    """
    side = max(1, round(max(face.size_wh) * (1 + 2 * margin)))
    is_turned = face.angle is not None and abs(face.angle) > TRAINED_ANGLE
    return Square(face.centre, side, face.angle if face.angle is not None and is_turned else 0.0)


def crop_face(image: Image, face: Face, margin: float = 0.0) -> NDArray[np.uint8]:
    """Crop a face from an image, (H, W, 3) uint8 RGB, to (48, 48) uint8 gray, the input of the classifiers.

    The crop is the square of `square_of`. If the face is turned by more than `TRAINED_ANGLE`, the crop is upright.
    Where the square extends beyond the image, the image's border pixels are repeated. Gray levels are computed with the
    weights of ITU-R BT.601. Large squares are shrunk with OpenCV's INTER_AREA, small ones are enlarged with
    INTER_LINEAR.
    """
    square = square_of(face, margin)
    if square.side > LARGEST_SQUARE:
        return _crop_from_smaller_copy(image, face, margin)
    pixels = _turned_pixels(image, square) if square.angle else _pixels(image, square)
    interpolation = cv2.INTER_AREA if square.side > FACE_SIZE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (FACE_SIZE, FACE_SIZE), interpolation=interpolation), np.uint8)


def _crop_from_smaller_copy(image: Image, face: Face, margin: float) -> NDArray[np.uint8]:
    """Crop a face whose square is larger than `LARGEST_SQUARE`, after shrinking the square to a quarter of that."""
    height, width = image.shape[:2]
    small = shrunk(image, max(1, max(height, width) * LARGEST_SQUARE // (4 * square_of(face, margin).side)))
    return crop_face(small, scaled(face, small.shape[1] / width, small.shape[0] / height), margin)


def _pixels(image: Image, square: Square) -> NDArray[np.uint8]:
    """Return the pixels of a square that is not turned, (side, side) uint8 gray."""
    (x, y), side = square.centre, square.side
    x0, y0 = round(x - side / 2), round(y - side / 2)
    height, width = image.shape[:2]
    inside = image[max(y0, 0) : min(y0 + side, height), max(x0, 0) : min(x0 + side, width)]
    return np.asarray(
        cv2.copyMakeBorder(
            to_gray(inside),
            top=max(-y0, 0),
            bottom=max(y0 + side - height, 0),
            left=max(-x0, 0),
            right=max(x0 + side - width, 0),
            borderType=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )


def _turned_pixels(image: Image, square: Square) -> NDArray[np.uint8]:
    """Return the pixels of a turned square in the square's own size, upright, (side, side) uint8 gray."""
    # An axis-aligned square around the turned one, so that only this part of a large photo is turned.
    # Its side is odd only if the square's side is odd. Otherwise, it would be half a pixel away.
    enclosing = Square(square.centre, square.side + 2 * math.ceil(square.side * (math.sqrt(2) - 1) / 2 + 1))
    pixels = _pixels(image, enclosing)
    middle = (enclosing.side - 1) / 2
    matrix = np.asarray(cv2.getRotationMatrix2D((middle, middle), -square.angle, 1), np.float64)
    matrix[:, 2] += np.float64(square.side - enclosing.side) / 2
    size_wh = square.side, square.side
    turned = cv2.warpAffine(pixels, matrix, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


def crop_faces(image: Image, faces: Sequence[Face], margin: float = 0.0) -> Faces:
    """Crop all faces of an image, (H, W, 3) uint8 RGB, to (n, 48, 48) uint8 gray; n may be 0."""
    crops = np.array([crop_face(image, face, margin) for face in faces], np.uint8)
    return crops.reshape(len(faces), FACE_SIZE, FACE_SIZE)
