"""Face detection for video: between searches of the whole frame, search only around the known faces."""

import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from core.vision.detectors import make_detector
from core.vision.detectors.base import Detector, SweepingDetector
from core.vision.faces import Face, matches_any
from core.vision.images import Image

FULL_SEARCH_EVERY = 10
"""Frames between two searches of the whole frame. At 30 frames per second a new face is found within 1/3 s."""

SWEEP_EVERY_S = 4.0
"""Minimum seconds between the starts of two sweeps while faces are known. A sweep is a full search spread over frames.

The timer does not cut a sweep short. After a sweep, at least half as many frames pass before the next one.
"""

SWEEP_SHARE = 0.1
"""Maximum share of a stream's time spent on sweeps while faces are known.

If many streams share the processor, each part of a sweep takes longer, and the next sweep starts later.
"""

PARTS_WITHOUT_FACES = 2
"""Parts of a sweep per frame while no face is known. No time is spent then on following and reading faces."""

NEIGHBOURHOOD = 1.8
"""Side of the square searched around a known face, as a multiple of the face's longer side."""

REDUCED_FACE = 56
"""Maximum side in pixels of a known face in its search square: well above the cascade's window of 24 to 30."""


class FollowingDetector:
    """Make any detector several times faster on the frames of one video. Each stream needs its own object.

    A lost face or a changed frame size causes a search of the whole frame at once.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._known: list[Face] = []
        self._size: tuple[int, ...] = ()
        self._frames_since_full = 0

    @property
    def searched(self) -> bool:
        """Whether the whole of the latest frame was searched."""
        return self._frames_since_full == 0

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of the next frame, (H, W, 3) uint8 RGB, the largest first."""
        self._known = self._follow(image) or self._search(image)
        return list(self._known)

    def _search(self, image: Image) -> list[Face]:
        self._frames_since_full, self._size = 0, image.shape
        return self._detector.detect(image)

    def _follow(self, image: Image) -> list[Face]:
        """Return the known faces at their new places, or an empty list if the whole frame must be searched."""
        self._frames_since_full += 1
        if self._frames_since_full >= FULL_SEARCH_EVERY or image.shape != self._size:
            return []
        faces = follow_faces(image, self._known, self._detector)
        return faces if len(faces) == len(self._known) else []


class SweepingFollower:
    """Like FollowingDetector, for a detector that can spread a full search over several frames (a sweep).

    While no face is known, every frame runs a part of the sweep. While faces are known, a new sweep starts every
    `SWEEP_EVERY_S` seconds, or later if sweeps are slow. A lost face starts a sweep at once. Faces found by a sweep
    are added to the known faces.
    """

    def __init__(self, detector: SweepingDetector, clock: Callable[[], float] = time.monotonic) -> None:
        self._detector = detector
        self._clock = clock
        self._known: list[Face] = []
        self._size: tuple[int, ...] = ()
        self._frames_since_sweep = 0
        self._sweep_start_s = clock()
        self._sweep_spent_s = 0.0
        self.searched = False
        """Whether a part of a sweep ran on the latest frame."""

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of the next frame, (H, W, 3) uint8 RGB, the largest first."""
        if image.shape != self._size:
            self._known, self._size = [], image.shape
            self._begin_sweep()
        faces = follow_faces(image, self._known, self._detector)
        if len(faces) < len(self._known) or self._sweep_is_due():
            self._begin_sweep()
        self.searched = not faces or self._frames_since_sweep < self._detector.sweep_length
        if self.searched:
            start_s = self._clock()
            for _ in range(1 if faces else PARTS_WITHOUT_FACES):
                found = self._detector.sweep_part(image)
                faces += [face for face in found if not matches_any(face, faces)]
            self._sweep_spent_s += self._clock() - start_s
        self._frames_since_sweep += 1
        self._known = _largest_first(faces)
        return list(self._known)

    def _begin_sweep(self) -> None:
        # Faces found by an earlier sweep have moved since.
        self._detector.reset_sweep()
        self._frames_since_sweep = 0
        self._sweep_start_s = self._clock()
        self._sweep_spent_s = 0.0

    def _sweep_is_due(self) -> bool:
        if self._frames_since_sweep < 1.5 * self._detector.sweep_length:
            return False
        return self._clock() - self._sweep_start_s >= max(SWEEP_EVERY_S, self._sweep_spent_s / SWEEP_SHARE)


def follow_faces(image: Image, known: Sequence[Face], detector: Detector) -> list[Face]:
    """Return the known faces at their new places, the largest first, without lost faces and duplicates."""
    kept: list[Face] = []
    for face in known:
        moved = _find_near(image, face, detector)
        if moved is not None and not matches_any(moved, kept):
            kept.append(moved)
    return _largest_first(kept)


def _find_near(image: Image, face: Face, detector: Detector) -> Face | None:
    """Return the largest face in the search square around a known face, or None."""
    left, top, right, bottom = face.xyxy
    reach = round(max(face.size_wh) * NEIGHBOURHOOD / 2)
    x0, y0 = max(0, (left + right) // 2 - reach), max(0, (top + bottom) // 2 - reach)
    around = image[y0 : (top + bottom) // 2 + reach, x0 : (left + right) // 2 + reach]
    factor = min(1.0, REDUCED_FACE / max(face.size_wh))
    size_wh = round(around.shape[1] * factor), round(around.shape[0] * factor)
    reduced = np.asarray(cv2.resize(around, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
    if isinstance(detector, SweepingDetector):
        found = detector.detect_near(reduced, max(face.size_wh) * factor)
    else:
        found = detector.detect(reduced)
    moved = _in_frame_pixels(found[0], 1 / factor, (x0, y0), around.shape) if found else None
    return moved if moved and moved.area else None


def _largest_first(faces: Sequence[Face]) -> list[Face]:
    return sorted(faces, key=lambda face: face.area, reverse=True)


def _in_frame_pixels(face: Face, factor: float, origin: tuple[int, int], shape: tuple[int, ...]) -> Face:
    """Convert a face from the reduced search square to the pixels of the frame, clipped to the square."""
    limits = (shape[1], shape[0]) * 2
    places = [min(round(value * factor), limit) for value, limit in zip(face.xyxy, limits, strict=True)]
    left, top, right, bottom = (place + start for place, start in zip(places, origin * 2, strict=True))
    return Face((left, top, right, bottom), face.confidence)


def make_video_detector(name: str, clock: Callable[[], float] = time.monotonic) -> FollowingDetector | SweepingFollower:
    """Make a detector for the frames of one video that follows the faces it has found.

    `clock` returns the current time in seconds on the video's time scale.
    """
    detector = make_detector(name)
    return SweepingFollower(detector, clock) if isinstance(detector, SweepingDetector) else FollowingDetector(detector)
