"""Detection in video: search the whole frame now and then, and between, only around the faces of the last frame."""

import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from core.vision.detectors import make_detector
from core.vision.detectors.base import Detector, SweepingDetector
from core.vision.faces import Face, is_among
from core.vision.images import Image

FULL_SEARCH_EVERY = 10
"""Frames; a new face is found after a third of a second at 30 frames/s."""

SWEEP_EVERY_S = 4.0
"""Seconds from the start of one sweep to that of the next, at least, while faces are known. A sweep is never cut short,
and half as many frames as it took follow before the next."""

SWEEP_SHARE = 0.1
"""Of a stream's time that sweeps take while faces are known, at most: where many streams share the processor, each part
takes longer, and the next sweep waits for longer."""

PARTS_WITHOUT_FACES = 2
"""Parts of a sweep in one frame where no face has to be followed or read: its time is theirs."""

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

    @property
    def searched(self) -> bool:
        """Whether the latest frame was searched as a whole."""
        return self._frames_since_full == 0

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
        faces = followed(image, self._known, self._detector)
        return faces if len(faces) == len(self._known) else []


class SweepingFollower:
    """The same for a detector whose full search is spread over frames: no frame waits for a whole one.

    Without a known face every frame has its parts of the search; with one, a sweep begins every `SWEEP_EVERY_S`
    seconds, later where it takes long, and at once where a face is lost; what it finds joins the faces that are
    followed.
    """

    def __init__(self, detector: SweepingDetector, clock: Callable[[], float] = time.monotonic) -> None:
        self._detector = detector
        self._clock = clock
        self._known: list[Face] = []
        self._size: tuple[int, ...] = ()
        self._frames_since_sweep = 0
        self._sweep_began_s = clock()
        self._sweeping_s = 0.0
        self.searched = False
        """Whether the latest frame had its part of a search of the whole."""

    def detect(self, image: Image) -> list[Face]:
        """(H, W, 3) uint8 RGB, the next frame -> faces, largest first."""
        if image.shape != self._size:
            self._known, self._size = [], image.shape
            self._begin_sweep()
        faces = followed(image, self._known, self._detector)
        if len(faces) < len(self._known) or self._sweep_is_due():
            self._begin_sweep()
        self.searched = not faces or self._frames_since_sweep < self._detector.sweep_length
        if self.searched:
            began_s = self._clock()
            for _ in range(1 if faces else PARTS_WITHOUT_FACES):
                found = self._detector.sweep(image)
                faces += [face for face in found if not is_among(face, faces)]
            self._sweeping_s += self._clock() - began_s
        self._frames_since_sweep += 1
        self._known = _largest_first(faces)
        return list(self._known)

    def _begin_sweep(self) -> None:
        # What was found a second ago has moved on.
        self._detector.rest()
        self._frames_since_sweep = 0
        self._sweep_began_s = self._clock()
        self._sweeping_s = 0.0

    def _sweep_is_due(self) -> bool:
        if self._frames_since_sweep < 1.5 * self._detector.sweep_length:
            return False
        return self._clock() - self._sweep_began_s >= max(SWEEP_EVERY_S, self._sweeping_s / SWEEP_SHARE)


def followed(image: Image, known: Sequence[Face], detector: Detector) -> list[Face]:
    """The known faces at their new places, each once, largest first; lost ones are left out."""
    kept: list[Face] = []
    for face in known:
        moved = _near(image, face, detector)
        if moved is not None and not is_among(moved, kept):
            kept.append(moved)
    return _largest_first(kept)


def _near(image: Image, face: Face, detector: Detector) -> Face | None:
    """The largest face in the neighbourhood of a known one."""
    left, top, right, bottom = face.xyxy
    reach = round(max(face.size_wh) * NEIGHBOURHOOD / 2)
    x0, y0 = max(0, (left + right) // 2 - reach), max(0, (top + bottom) // 2 - reach)
    around = image[y0 : (top + bottom) // 2 + reach, x0 : (left + right) // 2 + reach]
    factor = min(1.0, REDUCED_FACE / max(face.size_wh))
    size_wh = round(around.shape[1] * factor), round(around.shape[0] * factor)
    reduced = np.asarray(cv2.resize(around, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
    if isinstance(detector, SweepingDetector):
        found = detector.near(reduced, max(face.size_wh) * factor)
    else:
        found = detector.detect(reduced)
    moved = _enlarged(found[0], 1 / factor, (x0, y0), around.shape) if found else None
    return moved if moved and moved.area else None


def _largest_first(faces: Sequence[Face]) -> list[Face]:
    return sorted(faces, key=lambda face: face.area, reverse=True)


def _enlarged(face: Face, factor: float, origin: tuple[int, int], shape: tuple[int, ...]) -> Face:
    """A face of the reduced neighbourhood in the pixels of the frame, inside it."""
    limits = (shape[1], shape[0]) * 2
    places = [min(round(value * factor), limit) for value, limit in zip(face.xyxy, limits, strict=True)]
    left, top, right, bottom = (place + start for place, start in zip(places, origin * 2, strict=True))
    return Face((left, top, right, bottom), face.confidence)


def make_video_detector(name: str, clock: Callable[[], float] = time.monotonic) -> FollowingDetector | SweepingFollower:
    """The same for the frames of one video, where it follows the faces that it has found; `clock` gives the seconds at
    which frames come."""
    detector = make_detector(name)
    return SweepingFollower(detector, clock) if isinstance(detector, SweepingDetector) else FollowingDetector(detector)
