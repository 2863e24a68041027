"""Crop faces to 48 x 48 gray pixels: in photos, in videos, and in imported images that are not yet 48 x 48 gray."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.faces import Face
from core.vision.images import Image, to_gray

Faces = NDArray[np.uint8]
"""Pixels of cropped faces, (n, 48, 48) uint8 gray; n may be 0. A `Face` is only a box in an image."""

FACE_SIZE = 48

CROP_MARGIN = 0.0
"""Margin added at each edge of a box before cropping, as a share of its longer side.

docs/framing.md explains the value.
"""


def crop_face(image: Image, face: Face, margin: float = CROP_MARGIN) -> NDArray[np.uint8]:
    """Crop a face from an image, (H, W, 3) uint8 RGB, to (48, 48) uint8 gray, the input of the classifiers.

    The crop is a square around the centre of the box. Its side is the longer side of the box, extended at both ends by
    `margin` times its length. Where the square extends beyond the image, the image's border pixels are repeated.
    Gray levels are computed with the weights of ITU-R BT.601. Large squares are shrunk with OpenCV's INTER_AREA, small
    ones are enlarged with INTER_LINEAR.
    """
    left, top, right, bottom = face.xyxy
    side = max(1, round(max(face.size_wh) * (1 + 2 * margin)))
    x0 = round((left + right - side) / 2)
    y0 = round((top + bottom - side) / 2)
    height, width = image.shape[:2]
    inside = image[max(y0, 0) : min(y0 + side, height), max(x0, 0) : min(x0 + side, width)]
    square = cv2.copyMakeBorder(
        to_gray(inside),
        top=max(-y0, 0),
        bottom=max(y0 + side - height, 0),
        left=max(-x0, 0),
        right=max(x0 + side - width, 0),
        borderType=cv2.BORDER_REPLICATE,
    )
    interpolation = cv2.INTER_AREA if side > FACE_SIZE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (FACE_SIZE, FACE_SIZE), interpolation=interpolation), np.uint8)


def crop_faces(image: Image, faces: Sequence[Face]) -> Faces:
    """Crop all faces of an image, (H, W, 3) uint8 RGB, to (n, 48, 48) uint8 gray; n may be 0."""
    crops = np.array([crop_face(image, face) for face in faces], np.uint8)
    return crops.reshape(len(faces), FACE_SIZE, FACE_SIZE)
