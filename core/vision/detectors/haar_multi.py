"""Detect faces by the votes of three Haar cascades, which find more faces than one cascade alone.

Each pass runs one cascade on the upright, rotated or mirrored image and reports every window that looks like a face.
Similar windows are grouped, and a group counts as a face if its windows have enough votes. The votes of each pass are
limited, because agreement between passes is better evidence than many windows of one pass.
"""

from collections import deque
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.detectors.base import SweepState
from core.vision.detectors.haar import CONTRAST_LIMIT, MIN_SIDE, SCALE_STEP, cascade
from core.vision.detectors.haar_passes import (
    FRONTAL,
    FRONTAL_2,
    MAX_VOTES_PER_WINDOW,
    PASSES,
    PROFILE,
    SWEEP,
    Pass,
)
from core.vision.faces import Face, clipped_face, largest_first, matches_any
from core.vision.images import Image, shrunk, to_gray

PADDING = 0.12
"""Width of a border of repeated edge pixels added to the image, as a share of the shorter side of the image.

It helps to find faces that are cut by the image border.
"""

GROUPING_TOLERANCE = 0.2
"""Windows are similar if their edges differ by at most this share of their side (`eps` of OpenCV's groupRectangles)."""

MAX_SIZE_RATIO = 1.45
"""A face of the previous frame may have grown or shrunk by at most this factor."""

VOTES_NEAR_KNOWN_FACE = 5
"""Votes needed to find a face again near its position in the previous frame."""

Windows = NDArray[np.float64]
"""(n, 4) float64, one row per window: centre x, centre y and side in pixels, and the index of its pass in `PASSES`."""


class MultiHaarDetector:
    """Detect frontal, rotated and half-profile faces. Their confidence is None.

    Use each object for one video only, because it keeps the windows found by the latest parts of the sweep.
    """

    margin = 0.0
    sweep_length = len(SWEEP)

    def __init__(self, shrunk_side: int, votes: int, max_windows_per_pass: int) -> None:
        """Create a detector. docs/detection.md explains how the values of its parameters were chosen.

        Larger images are shrunk until their longer side has `shrunk_side` pixels. A face needs `votes` votes from all
        passes together. At most `max_windows_per_pass` windows of each pass vote for the same face.
        """
        self.shrunk_side = shrunk_side
        self.votes = votes
        self.max_windows_per_pass = max_windows_per_pass
        self._clahe = cv2.createCLAHE(CONTRAST_LIMIT, (8, 8))
        self._cascades = {name: cascade(name) for name in (FRONTAL, FRONTAL_2, PROFILE)}
        self._next_part = 0  # index in SWEEP
        self._latest_windows = deque[Windows](maxlen=len(SWEEP))

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first.

        The list is empty if there are no faces or if the image is too small.
        """
        return faces_from_windows(self.windows(image), self.votes, self.max_windows_per_pass, image)

    def windows(self, image: Image) -> list[Windows]:
        """Return the windows that look like a face, in pixels of the image: one array for each pass of `PASSES`."""
        working = self._shrunk_and_equalised(image)
        return [_in_image_pixels(self._run_pass(working, pass_), image, working) for pass_ in PASSES]

    def sweep_part(self, image: Image) -> list[Face]:
        """Run the next part of `SWEEP` on a frame; return the faces found by the latest `sweep_length` parts together.

        `sweep_length` calls search as much as one call of `detect`. The first parts find the large faces.
        """
        working = self._shrunk_and_equalised(image)
        pass_, (min_side, side_limit) = SWEEP[self._next_part]
        self._next_part = (self._next_part + 1) % len(SWEEP)
        windows = self._run_pass(working, pass_, min_side, side_limit)
        self._latest_windows.append(_in_image_pixels(windows, image, working))
        return faces_from_windows(list(self._latest_windows), self.votes, self.max_windows_per_pass, image)

    def reset_sweep(self) -> None:
        """Forget the results of earlier parts and start a new sweep."""
        self._latest_windows.clear()
        self._next_part = 0

    def sweep_state(self) -> SweepState:
        """Return what later parts of the sweep depend on."""
        return SweepState(
            self._next_part, tuple(tuple(map(tuple, windows.tolist())) for windows in self._latest_windows)
        )

    def restore_sweep(self, state: SweepState) -> None:
        """Continue the sweep of another detector of this kind."""
        self._next_part = state.next_part
        self._latest_windows.clear()
        self._latest_windows.extend(np.array(rows, np.float64).reshape(-1, 4) for rows in state.windows)

    def detect_near(self, image: Image, side: float) -> list[Face]:
        """Search a small image, cut out around the last position of a face that was about `side` pixels wide.

        Return the faces in pixels of the small image, largest first. The first four passes run one after the other
        until there are enough votes for a face.
        """
        working = np.asarray(self._clahe.apply(to_gray(image)), np.uint8)
        # The small image is 1.8 times as wide as the face, or narrower if the border of the frame cuts it.
        near_frame_border = min(image.shape[:2]) < 1.5 * side
        min_side, max_side = max(MIN_SIDE, round(side / MAX_SIZE_RATIO)), round(side * MAX_SIZE_RATIO)
        windows: list[Windows] = []
        for pass_ in PASSES[:4]:
            windows.append(self._run_pass(working, pass_, min_side, max_side + 1, padded=near_frame_border))
            max_windows = VOTES_NEAR_KNOWN_FACE  # so that a single pass can give all votes
            if found := faces_from_windows(windows, VOTES_NEAR_KNOWN_FACE, max_windows, image):
                return found
        return []

    def _shrunk_and_equalised(self, image: Image) -> NDArray[np.uint8]:
        """Return the image in gray, shrunk to `shrunk_side` and with equalised contrast."""
        return np.asarray(self._clahe.apply(shrunk(to_gray(image), self.shrunk_side)), np.uint8)

    def _run_pass(
        self, gray: NDArray[np.uint8], pass_: Pass, min_side: int = MIN_SIDE, side_limit: int = 0, padded: bool = True
    ) -> Windows:
        """Return the windows that look like a face to the cascade of a pass, in pixels of `gray`.

        Their sides are at least `min_side` and less than `side_limit` pixels; a `side_limit` of 0 means no limit.
        """
        if min(gray.shape) < min_side:
            return np.empty((0, 4))
        border = round(PADDING * min(gray.shape)) if padded else 0
        searched = cv2.copyMakeBorder(gray, border, border, border, border, cv2.BORDER_REPLICATE)
        centre = (searched.shape[1] - 1) / 2, (searched.shape[0] - 1) / 2
        rotation_matrix = cv2.getRotationMatrix2D(centre, pass_.rotation, 1)
        if pass_.rotation:
            searched = cv2.warpAffine(searched, rotation_matrix, searched.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        if pass_.mirrored:
            searched = cv2.flip(searched, 1)
        max_side = max(0, side_limit - 1)
        found = self._cascades[pass_.cascade].detectMultiScale(
            searched, SCALE_STEP, 0, minSize=(min_side, min_side), maxSize=(max_side, max_side)
        )
        left, top, side, _ = np.reshape(found, (-1, 4)).astype(np.float64).T
        window_centres = np.stack([left + side / 2, top + side / 2])
        if pass_.mirrored:
            window_centres[0] = searched.shape[1] - window_centres[0]
        inverse = cv2.invertAffineTransform(rotation_matrix)
        x, y = inverse[:, :2] @ window_centres + inverse[:, 2:] - border
        return np.stack([x, y, side, np.full_like(x, PASSES.index(pass_))], axis=1)


def _in_image_pixels(windows: Windows, image: Image, working: NDArray[np.uint8]) -> Windows:
    """Convert windows from pixels of the shrunk image (`working`) to pixels of the original image."""
    factor = image.shape[1] / working.shape[1]
    return windows * (factor, factor, factor, 1)


def faces_from_windows(windows: list[Windows], votes: int, max_windows_per_pass: int, image: Image) -> list[Face]:
    """Group similar windows and return the groups with at least `votes` votes as faces, largest first.

    At most `max_windows_per_pass` windows of each pass vote for the same face. If two groups show the same face (see
    `matches_any`), only the group with more votes is returned.
    """
    x, y, side, pass_ids = np.concatenate(windows).T
    boxes = np.stack([x - side / 2, y - side / 2, side, side], axis=1).round().astype(int)
    min_windows = max(2, -(-votes // MAX_VOTES_PER_WINDOW))  # rounded up; fewer windows cannot have enough votes
    # OpenCV keeps the groups that have more windows than its second argument.
    mean_boxes, _ = cv2.groupRectangles(boxes.tolist(), min_windows - 1, GROUPING_TOLERANCE)
    pass_ids = pass_ids.astype(int)
    vote_counts = [_count_votes(np.asarray(mean), boxes, pass_ids, max_windows_per_pass) for mean in mean_boxes]
    faces: list[Face] = []
    for index in np.argsort(vote_counts, kind="stable")[::-1]:
        left, top, width, height = mean_boxes[index]
        face = clipped_face((left, top, left + width, top + height), (image.shape[1], image.shape[0]))
        if vote_counts[index] >= votes and face.area and not matches_any(face, faces):
            faces.append(face)
    return largest_first(faces)


def _count_votes(
    mean_box: NDArray[np.int_], boxes: NDArray[np.int_], pass_ids: NDArray[np.int_], max_windows_per_pass: int
) -> int:
    """Count the votes of the windows that are similar to the mean box of a group, within `GROUPING_TOLERANCE`.

    `mean_box`, (4,), and `boxes`, (n, 4), are left, top, width, height. `pass_ids`, (n,), are indices in `PASSES`.
    """
    tolerance = GROUPING_TOLERANCE * np.minimum(boxes[:, 2], mean_box[2])
    similar = (np.abs(_edges(boxes) - _edges(mean_box[None])) <= tolerance[:, None]).all(axis=1)
    window_counts = np.bincount(pass_ids[similar], minlength=len(PASSES)).clip(max=max_windows_per_pass)
    return sum(int(count) * pass_.votes for count, pass_ in zip(window_counts, PASSES, strict=True))


def _edges(boxes: NDArray[Any]) -> NDArray[Any]:
    """Convert boxes, (n, 4), from left, top, width, height to left, top, right, bottom."""
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
