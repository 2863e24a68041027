"""A found face, and the one crop that detectors, photos, webcam and training images agree on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.images import Image as Image
from core.images import to_gray

Faces = NDArray[np.uint8]
"""(n, 48, 48) uint8 gray; n may be 0."""

FACE_SIZE = 48

CROP_MARGIN = 0.0
"""Share of the box's longer side that is added on each side before cropping; docs/framing.md has the measurement."""


@dataclass(frozen=True)
class Face:
    """A box around a face, in pixels of its image."""

    xyxy: tuple[int, int, int, int]
    """Left, top, right, bottom; half-open (right and bottom are one past the last pixel), inside the image."""

    confidence: float | None = None
    """The detector's own score in 0..1; None where the detector gives none (Haar), never an invented number."""

    @property
    def size_wh(self) -> tuple[int, int]:
        left, top, right, bottom = self.xyxy
        return right - left, bottom - top

    @property
    def area(self) -> int:
        """Square pixels."""
        width, height = self.size_wh
        return width * height


def whole_image(image: Image) -> Face:
    """The whole (H, W, 3) image as one face, for pictures that are already a cut-out face."""
    height, width = image.shape[:2]
    return Face((0, 0, width, height))


def clipped_face(edges: Sequence[float], size_wh: tuple[int, int], confidence: float | None = None) -> Face:
    """Left, top, right, bottom, anywhere -> the part inside an image of that size; of area 0 where there is none."""
    left, top, right, bottom = (min(max(round(edge), 0), limit) for edge, limit in zip(edges, size_wh * 2, strict=True))
    return Face((left, top, max(left, right), max(top, bottom)), confidence)


def is_among(face: Face, known: Iterable[Face]) -> bool:
    """Whether it is one of these, found a second time: the centre of one lies in the other."""
    return any(centre_in(face, other) or centre_in(other, face) for other in known)


def centre_in(first: Face, second: Face) -> bool:
    """Whether the centre of the first box lies in the second."""
    x, y = (first.xyxy[0] + first.xyxy[2]) / 2, (first.xyxy[1] + first.xyxy[3]) / 2
    left, top, right, bottom = second.xyxy
    return left <= x < right and top <= y < bottom


def crop_face(image: Image, face: Face, margin: float = CROP_MARGIN) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB and a box -> (48, 48) uint8 gray, as the classifiers expect it.

    A square about the box's centre, its side the box's longer one plus `margin` on each side; where it leaves the image
    the border is replicated. Gray by OpenCV's weights (ITU-R BT.601), INTER_AREA down and INTER_LINEAR up.
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
    """(H, W, 3) uint8 RGB and n boxes -> (n, 48, 48) uint8 gray, also for no box at all."""
    crops = np.array([crop_face(image, face) for face in faces], np.uint8)
    return crops.reshape(len(faces), FACE_SIZE, FACE_SIZE)
