"""Detect faces by the votes of three Haar cascades, which find more faces than one cascade alone.

Each pass runs one cascade on the upright, turned or mirrored image and reports every window that looks like a face. A
group of similar windows is a face if it has enough votes from all passes together. The votes of each pass are limited.
So several unsure passes can find a face together, but a single pass cannot, however many windows it reports.
"""

from collections import deque
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.detectors.haar import CONTRAST_LIMIT, MIN_SIDE, SCALE_STEP, cascade
from core.vision.faces import Face, clipped_face, matches_any
from core.vision.images import Image, shrunk, to_gray

FRONTAL, FRONTAL_2, PROFILE = "frontalface_default", "frontalface_alt2", "profileface"

TURN = 20
"""Rotation of the turned passes, in degrees to either side. A cascade itself tolerates about 10."""

PADDING = 0.12
"""Width of the replicated border, as a share of the shorter side. It helps to find faces cut by the image border."""

GROUPING_TOLERANCE = 0.2
"""Largest difference in position and size within a group of windows, as a share of their side (`groupRectangles`)."""

MAX_SIZE_RATIO = 1.45
"""A known face may grow or shrink by at most this factor from one frame to the next."""

MAX_VOTES_PER_WINDOW = 2

VOTES_NEAR_KNOWN_FACE = 5
"""Votes for a face near its position in the previous frame."""

Windows = NDArray[np.float64]
"""(n, 4) float64: centre x, centre y and side, in pixels, and the index of the pass in `PASSES`."""


@dataclass(frozen=True)
class Pass:
    """One search of the whole image with one cascade."""

    cascade: str
    turn: int = 0
    """Rotation of the image before the search, in degrees counterclockwise."""
    mirrored: bool = False

    @property
    def votes(self) -> int:
        """Votes per window. FRONTAL_2 has more because it is the most accurate."""
        return MAX_VOTES_PER_WINDOW if self.cascade == FRONTAL_2 else 1


PASSES = (
    Pass(FRONTAL_2),
    Pass(FRONTAL),
    Pass(FRONTAL_2, TURN),
    Pass(FRONTAL_2, -TURN),
    Pass(PROFILE),
    Pass(PROFILE, mirrored=True),
    Pass(FRONTAL, TURN),
    Pass(FRONTAL, -TURN),
)
"""All passes, those that find the most faces first. A video runs them in this order."""

SIZES: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    FRONTAL_2: (((90, 0), (72, 90), (58, 72)), ((51, 58), (44, 51)), ((37, 44),), ((MIN_SIDE, 37),)),
    FRONTAL: (((110, 0), (80, 110), (66, 80), (58, 66)), ((51, 58), (44, 51)), ((37, 44),), ((MIN_SIDE, 37),)),
    PROFILE: (
        ((100, 0), (80, 100), (66, 80), (58, 66)),
        ((54, 58), (51, 54), (48, 51), (44, 48)),
        ((40, 44), (37, 40)),
        ((MIN_SIDE, 37),),
    ),
}
"""Cascade -> ranges of window sizes in pixels, in four groups from large to small.

A range includes its first size but not its second; a second size of 0 means no limit. One range takes at most about
10 ms of one core on an image of 320 x 240 (`python -m core bench --video`). Ranges of medium size are narrow because
OpenCV tests every position if a window is at least twice the cascade's own size, and every second one otherwise.
"""

SWEEP = tuple((each, sizes) for group in range(4) for each in PASSES for sizes in SIZES[each.cascade][group])
"""Parts of a full search in a video. Each part is one pass with one range of window sizes."""


class MultiHaarDetector:
    """Detect frontal, turned and half-profile faces, without a confidence. Use each object for one stream only."""

    sweep_length = len(SWEEP)

    def __init__(self, working_side: int, votes: int, max_windows_per_pass: int) -> None:
        """`working_side`: larger images are shrunk to this longer side, in pixels. `votes`: votes that a face needs
        from all passes together. `max_windows_per_pass`: largest number of windows of one pass that vote for the same
        face. docs/detection.md has the measurements for these values."""
        self.working_side = working_side
        self.votes = votes
        self.max_windows_per_pass = max_windows_per_pass
        self._contrast = cv2.createCLAHE(CONTRAST_LIMIT, (8, 8))
        self._cascades = {name: cascade(name) for name in (FRONTAL, FRONTAL_2, PROFILE)}
        self._parts = cycle(SWEEP)
        self._found = deque[Windows](maxlen=len(SWEEP))

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first.

        The list is empty if there are no faces or if the image is too small.
        """
        return faces_from_windows(self.windows(image), self.votes, self.max_windows_per_pass, image)

    def windows(self, image: Image) -> list[Windows]:
        """Return the windows that look like a face to each of `PASSES`, in pixels of the image."""
        working = self._working(image)
        return [_in_image_pixels(self._windows(working, each), image, working) for each in PASSES]

    def sweep_part(self, image: Image) -> list[Face]:
        """Search one frame of a video with the next part of `SWEEP`; return the faces of the latest parts together.

        `sweep_length` calls search as much as one call of `detect`. Large faces are found in the first parts.
        """
        working = self._working(image)
        search, (smallest, largest) = next(self._parts)
        self._found.append(_in_image_pixels(self._windows(working, search, smallest, largest), image, working))
        return faces_from_windows(list(self._found), self.votes, self.max_windows_per_pass, image)

    def reset_sweep(self) -> None:
        """Forget the parts so far and start the sweep again."""
        self._found.clear()
        self._parts = cycle(SWEEP)

    def detect_near(self, image: Image, side: float) -> list[Face]:
        """Return the faces in a small image cut around the last position of a face about `side` pixels wide.

        The passes run until there are enough votes for a face.
        """
        working = np.asarray(self._contrast.apply(to_gray(image)), np.uint8)
        at_border = min(image.shape[:2]) < 1.5 * side
        smallest, largest = max(MIN_SIDE, round(side / MAX_SIZE_RATIO)), round(side * MAX_SIZE_RATIO) + 1
        windows: list[Windows] = []
        for each in PASSES[:4]:
            windows.append(self._windows(working, each, smallest, largest, padded=at_border))
            if found := faces_from_windows(windows, VOTES_NEAR_KNOWN_FACE, VOTES_NEAR_KNOWN_FACE, image):
                return found
        return []

    def _working(self, image: Image) -> NDArray[np.uint8]:
        """The shrunk gray image with equalised contrast."""
        return np.asarray(self._contrast.apply(shrunk(to_gray(image), self.working_side)), np.uint8)

    def _windows(
        self, gray: NDArray[np.uint8], search: Pass, smallest: int = MIN_SIDE, largest: int = 0, padded: bool = True
    ) -> Windows:
        """Return the windows that look like a face to the cascade; empty if the image is smaller than a window.

        Their sides are from `smallest` up to, but not including, `largest`; 0 means no limit.
        """
        if min(gray.shape) < smallest:
            return np.empty((0, 4))
        border = round(PADDING * min(gray.shape)) if padded else 0
        searched = cv2.copyMakeBorder(gray, border, border, border, border, cv2.BORDER_REPLICATE)
        middle = (searched.shape[1] - 1) / 2, (searched.shape[0] - 1) / 2
        rotation = cv2.getRotationMatrix2D(middle, search.turn, 1)
        if search.turn:
            searched = cv2.warpAffine(searched, rotation, searched.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        if search.mirrored:
            searched = cv2.flip(searched, 1)
        largest_side = max(0, largest - 1)  # OpenCV includes the limit
        found = self._cascades[search.cascade].detectMultiScale(
            searched, SCALE_STEP, 0, minSize=(smallest, smallest), maxSize=(largest_side, largest_side)
        )
        left, top, side, _ = np.reshape(found, (-1, 4)).astype(np.float64).T
        centres = np.stack([left + side / 2, top + side / 2])
        if search.mirrored:
            centres[0] = searched.shape[1] - centres[0]
        back = cv2.invertAffineTransform(rotation)
        x, y = back[:, :2] @ centres + back[:, 2:] - border
        return np.stack([x, y, side, np.full_like(x, PASSES.index(search))], axis=1)


def _in_image_pixels(windows: Windows, image: Image, working: NDArray[np.uint8]) -> Windows:
    """Scale windows of the shrunk image to pixels of the original image."""
    factor = image.shape[1] / working.shape[1]
    return windows * (factor, factor, factor, 1)


def faces_from_windows(windows: list[Windows], votes: int, max_windows_per_pass: int, image: Image) -> list[Face]:
    """Group the windows of an image and return the groups with at least `votes` votes as faces, largest first.

    At most `max_windows_per_pass` windows of each pass count for one face. If two groups overlap, the one with more
    votes is kept.
    """
    x, y, side, pass_ids = np.concatenate(windows).T
    boxes = np.stack([x - side / 2, y - side / 2, side, side], axis=1).round().astype(int)
    min_windows = max(2, -(-votes // MAX_VOTES_PER_WINDOW))  # fewer windows cannot have enough votes
    groups, _ = cv2.groupRectangles(boxes.tolist(), min_windows - 1, GROUPING_TOLERANCE)
    pass_ids = pass_ids.astype(int)
    vote_counts = [_votes(np.asarray(group), boxes, pass_ids, max_windows_per_pass) for group in groups]
    kept: list[Face] = []
    for index in np.argsort(vote_counts, kind="stable")[::-1]:
        left, top, width, height = groups[index]
        face = clipped_face((left, top, left + width, top + height), (image.shape[1], image.shape[0]))
        if vote_counts[index] >= votes and face.area and not matches_any(face, kept):
            kept.append(face)
    return sorted(kept, key=lambda face: face.area, reverse=True)


def _votes(
    group: NDArray[np.int_], boxes: NDArray[np.int_], pass_ids: NDArray[np.int_], max_windows_per_pass: int
) -> int:
    """Count the votes of the windows close to the mean window of a group, within `GROUPING_TOLERANCE`."""
    corners, mean_corners = _corners(boxes), _corners(group[None])
    tolerance = GROUPING_TOLERANCE * np.minimum(boxes[:, 2], group[2])
    close = (np.abs(corners - mean_corners) <= tolerance[:, None]).all(axis=1)
    windows = np.bincount(pass_ids[close], minlength=len(PASSES)).clip(max=max_windows_per_pass)
    return sum(int(n) * each.votes for n, each in zip(windows, PASSES, strict=True))


def _corners(boxes: NDArray[Any]) -> NDArray[Any]:
    """Convert (n, 4) boxes from left, top, width, height to left, top, right, bottom."""
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
