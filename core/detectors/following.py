"""Detection in video: search the whole frame now and then, and between, only around the faces of the last frame."""

from itertools import combinations

import cv2
import numpy as np

from core.detectors.base import Detector
from core.faces import Face
from core.images import Image

FULL_SEARCH_EVERY = 10
"""Frames; a new face is found after a third of a second at 30 frames/s."""

NEIGHBOURHOOD = 1.8
"""Side of the searched square, in sides of the known face."""

REDUCED_FACE = 56
"""Pixels that a known face is shrunk to before the search: large enough for the cascade's window of 24 to 30."""


class FollowingDetector:
    """Any detector, made several times faster for the frames of one video; one object serves one stream.

    A face that is lost, or another frame size, leads to a full search at once.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._known: list[Face] = []
        self._size: tuple[int, ...] = ()
        self._frames_since_full = 0

    def detect(self, image: Image) -> list[Face]:
        """(H, W, 3) uint8 RGB, the next frame -> faces, largest first."""
        self._known = self._follow(image) or self._search(image)
        return list(self._known)

    def _search(self, image: Image) -> list[Face]:
        self._frames_since_full, self._size = 0, image.shape
        return self._detector.detect(image)

    def _follow(self, image: Image) -> list[Face]:
        """The known faces at their new places; empty where the whole frame has to be searched."""
        self._frames_since_full += 1
        if self._frames_since_full >= FULL_SEARCH_EVERY or image.shape != self._size:
            return []
        found = [self._near(image, face) for face in self._known]
        faces = sorted((face for face in found if face is not None), key=lambda face: face.area, reverse=True)
        return faces if len(faces) == len(found) and not any(_overlap(a, b) for a, b in combinations(faces, 2)) else []

    def _near(self, image: Image, face: Face) -> Face | None:
        """The largest face in the neighbourhood of a known one."""
        left, top, right, bottom = face.xyxy
        reach = round(max(face.size_wh) * NEIGHBOURHOOD / 2)
        x0, y0 = max(0, (left + right) // 2 - reach), max(0, (top + bottom) // 2 - reach)
        around = image[y0 : (top + bottom) // 2 + reach, x0 : (left + right) // 2 + reach]
        factor = min(1.0, REDUCED_FACE / max(face.size_wh))
        size_wh = round(around.shape[1] * factor), round(around.shape[0] * factor)
        reduced = np.asarray(cv2.resize(around, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
        found = self._detector.detect(reduced)
        moved = _enlarged(found[0], 1 / factor, (x0, y0), around.shape) if found else None
        return moved if moved and moved.area else None


def _overlap(first: Face, second: Face) -> bool:
    """Whether the centre of the second lies in the first: the same face, found from two neighbourhoods."""
    left, top, right, bottom = first.xyxy
    x, y = (second.xyxy[0] + second.xyxy[2]) / 2, (second.xyxy[1] + second.xyxy[3]) / 2
    return left <= x < right and top <= y < bottom


def _enlarged(face: Face, factor: float, origin: tuple[int, int], shape: tuple[int, ...]) -> Face:
    """A face of the reduced neighbourhood in the pixels of the frame, inside it."""
    limits = (shape[1], shape[0]) * 2
    places = [min(round(value * factor), limit) for value, limit in zip(face.xyxy, limits, strict=True)]
    left, top, right, bottom = (place + start for place, start in zip(places, origin * 2, strict=True))
    return Face((left, top, right, bottom), face.confidence)
