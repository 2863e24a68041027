"""Detect faces in video.

Fast detectors search every frame. Slow ones search a whole frame now and then, and otherwise only around known faces.
"""

import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from core.video.every_frame import MIN_NEW_SCORE, EveryFrameDetector
from core.video.video_detector import DetectorState, VideoDetector
from core.vision.detectors import DETECTORS, make_detector
from core.vision.detectors.base import Detector, SweepingDetector
from core.vision.faces import Face, largest_first, matches_any
from core.vision.images import Image

FULL_SEARCH_EVERY = 10
"""FollowingDetector searches the whole of every tenth frame, so at 30 frames per second it finds new faces in 1/3 s."""

SWEEP_EVERY_S = 4.0
"""Minimum seconds from the start of one sweep to the start of the next.

A sweep is a search of the whole frame that is spread over several frames. A slow sweep is completed first, and
then half as many frames pass without a sweep. A lost face or a changed frame size starts a sweep at once.
"""

SWEEP_SHARE = 0.1
"""Maximum share of a stream's time spent on sweeps while faces are known.

If many streams share the CPU, each part of a sweep takes longer. The pauses between sweeps then grow.
"""

PARTS_WITHOUT_FACES = 2
"""Parts of a sweep per frame while no face is known. No time is then needed for following and reading faces."""

SEARCH_SQUARE_FACTOR = 1.8
"""Side of the square searched around a known face, as a multiple of the face's longer side."""

MAX_FACE_SIDE = 56
"""Search squares of larger faces are shrunk until the face's longer side has this many pixels.

The detectors find faces of 30 pixels or more. A face may therefore shrink from 56 to 30 pixels between two frames.
"""


class FollowingDetector:
    """Make any detector several times faster on the frames of one video. Each stream needs its own object.

    The whole frame is searched if no face is known, if a known face is lost, if the frame size changes, and in every
    tenth frame.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._known: list[Face] = []
        self._size: tuple[int, ...] = ()
        self._frames_since_search = 0

    @property
    def margin(self) -> float:
        """Margin that `crop_face` adds to the boxes."""
        return self._detector.margin

    @property
    def searched(self) -> bool:
        """Whether the whole of the latest frame was searched."""
        return self._frames_since_search == 0

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of the next frame, (H, W, 3) uint8 RGB, the largest first."""
        self._known = self._follow(image) or self._search(image)
        return list(self._known)

    def _search(self, image: Image) -> list[Face]:
        self._frames_since_search, self._size = 0, image.shape
        return self._detector.detect(image)

    def _follow(self, image: Image) -> list[Face]:
        """Return the known faces at their new positions, or an empty list if the whole frame must be searched."""
        self._frames_since_search += 1
        if self._frames_since_search >= FULL_SEARCH_EVERY or image.shape != self._size:
            return []
        faces = follow_faces(image, self._known, self._detector)
        return faces if len(faces) == len(self._known) else []

    def state(self) -> DetectorState:
        """Return what the results for later frames depend on."""
        return DetectorState(tuple(self._known), self._size, self._frames_since_search)

    def restore(self, state: DetectorState) -> None:
        """Go on after the frames that another detector of this kind has seen."""
        self._known, self._size = list(state.known), state.frame_shape
        self._frames_since_search = state.frames_since_search


class SweepingFollower:
    """Follow faces like FollowingDetector, with a detector that can spread a full search over several frames (a sweep).

    While no face is known, `PARTS_WITHOUT_FACES` parts of a sweep run on every frame. While faces are known, one part
    runs on each frame until the sweep is complete. A new sweep starts every `SWEEP_EVERY_S` seconds, or later if
    sweeps are slow. A lost face starts a sweep at once. Faces found by a sweep are added to the known faces.
    """

    def __init__(self, detector: SweepingDetector, clock: Callable[[], float] = time.monotonic) -> None:
        self._detector = detector
        self._clock = clock
        self._known: list[Face] = []
        self._size: tuple[int, ...] = ()
        self._frames_since_sweep = 0
        self._sweep_start_s = clock()
        self._sweep_duration_s = 0.0
        self.searched = False
        """Whether parts of a sweep ran on the latest frame."""

    @property
    def margin(self) -> float:
        """Margin that `crop_face` adds to the boxes."""
        return self._detector.margin

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
            self._sweep_duration_s += self._clock() - start_s
        self._frames_since_sweep += 1
        self._known = largest_first(faces)
        return list(self._known)

    def _begin_sweep(self) -> None:
        # Forget what an earlier sweep has found: the faces have moved since.
        self._detector.reset_sweep()
        self._frames_since_sweep = 0
        self._sweep_start_s = self._clock()
        self._sweep_duration_s = 0.0

    def _sweep_is_due(self) -> bool:
        if self._frames_since_sweep < 1.5 * self._detector.sweep_length:
            return False
        return self._clock() - self._sweep_start_s >= max(SWEEP_EVERY_S, self._sweep_duration_s / SWEEP_SHARE)

    def state(self) -> DetectorState:
        """Return what the results for later frames depend on."""
        return DetectorState(
            tuple(self._known),
            self._size,
            self._frames_since_sweep,
            self._sweep_start_s,
            self._sweep_duration_s,
            self._detector.sweep_state(),
        )

    def restore(self, state: DetectorState) -> None:
        """Go on after the frames that another detector of this kind has seen."""
        self._known, self._size = list(state.known), state.frame_shape
        self._frames_since_sweep = state.frames_since_search
        self._sweep_start_s, self._sweep_duration_s = state.sweep_start_s, state.sweep_duration_s
        if state.sweep is not None:
            self._detector.restore_sweep(state.sweep)


def follow_faces(image: Image, known: Sequence[Face], detector: Detector) -> list[Face]:
    """Return the known faces at their new positions, the largest first, without lost faces and duplicates."""
    followed: list[Face] = []
    for face in known:
        moved = _find_near(image, face, detector)
        if moved is not None and not matches_any(moved, followed):
            followed.append(moved)
    return largest_first(followed)


def _find_near(image: Image, face: Face, detector: Detector) -> Face | None:
    """Return the largest face in the search square around a known face, or None."""
    left, top, right, bottom = face.xyxy
    half_side = round(max(face.size_wh) * SEARCH_SQUARE_FACTOR / 2)
    x0, y0 = max(0, (left + right) // 2 - half_side), max(0, (top + bottom) // 2 - half_side)
    square = image[y0 : (top + bottom) // 2 + half_side, x0 : (left + right) // 2 + half_side]
    factor = min(1.0, MAX_FACE_SIDE / max(face.size_wh))
    size_wh = round(square.shape[1] * factor), round(square.shape[0] * factor)
    shrunk_square = np.asarray(cv2.resize(square, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
    if isinstance(detector, SweepingDetector):
        found = detector.detect_near(shrunk_square, max(face.size_wh) * factor)
    else:
        found = detector.detect(shrunk_square)
    moved = _in_frame_pixels(found[0], 1 / factor, (x0, y0), square.shape) if found else None
    return moved if moved and moved.area else None


def _in_frame_pixels(face: Face, factor: float, origin: tuple[int, int], shape: tuple[int, ...]) -> Face:
    """Convert a face from pixels of the shrunk search square to pixels of the frame, clipped to the square.

    `factor`: the side of the square divided by its shrunk side. `origin`: the upper left corner of the square in the
    frame. `shape`: the shape of the square before it was shrunk.
    """
    limits = (shape[1], shape[0]) * 2
    edges = [min(round(edge * factor), limit) for edge, limit in zip(face.xyxy, limits, strict=True)]
    left, top, right, bottom = (edge + start for edge, start in zip(edges, origin * 2, strict=True))
    return Face((left, top, right, bottom), face.confidence)


def make_video_detector(name: str, clock: Callable[[], float] = time.monotonic) -> VideoDetector:
    """Make a detector for the frames of one video. It remembers the faces that it has found.

    `clock` returns the current time in seconds, or the time in the video if the video was recorded.
    """
    if name in DETECTORS and (make_for_frames := DETECTORS[name].make_for_frames):
        return EveryFrameDetector(make_for_frames(), MIN_NEW_SCORE)
    detector = make_detector(name)
    return SweepingFollower(detector, clock) if isinstance(detector, SweepingDetector) else FollowingDetector(detector)
