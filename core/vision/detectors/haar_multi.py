"""Three Haar cascades on the upright and the turned picture, which vote: more faces than one cascade finds alone.

Each cascade reports every window that it takes for a face. A face is where windows of all passes together lie close
enough and have votes enough. No pass has more than a few votes, so that a head that no single pass is sure of is found,
and what only one pass believes, however many windows it reports, is not.
"""

from collections import deque
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.detectors.haar import CONTRAST_LIMIT, MIN_SIDE, SCALE_STEP, cascade
from core.vision.faces import Face, clipped_face, is_among
from core.vision.images import Image, shrunk, to_gray

FRONTAL, FRONTAL_2, PROFILE = "frontalface_default", "frontalface_alt2", "profileface"

TURN = 20
"""Degrees that heads lean to either side in the turned passes; a cascade itself tolerates about 10."""

PADDING = 0.12
"""Replicated border about the picture, as a share of its shorter side: faces that it cuts are found too."""

CLOSENESS = 0.2
"""How much windows of one face may differ in place and size, as a share of their side (OpenCV's groupRectangles)."""

NEAR_CHANGE = 1.45
"""How much larger or smaller than in the last frame a known face's window may be."""

MOST_VOTES = 2
"""Of one window."""

NEAR_VOTES = 5
"""What makes a face where one was in the frame before."""

Windows = NDArray[np.float64]
"""(n, 4) float64: centre x, centre y and side, in pixels, and the row of `PASSES`."""


@dataclass(frozen=True)
class Pass:
    """One search of the whole picture."""

    cascade: str
    turn: int = 0
    """Degrees, counterclockwise, that the picture is turned before."""
    mirrored: bool = False

    @property
    def votes(self) -> int:
        """Of each window: FRONTAL_2 is the one that errs least."""
        return MOST_VOTES if self.cascade == FRONTAL_2 else 1


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
"""The likeliest first: in a video they take turns."""

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
"""Sides of windows, from the first up to but without the second (0: no limit), in four groups from large to small.

Each costs at most some 10 ms of one core on a picture of 320 x 240, which `python -m core bench --video` shows. OpenCV
looks at every place from twice a cascade's own window on, and at every second one below: hence the many in the middle.
"""

SWEEP = tuple((each, sizes) for group in range(4) for each in PASSES for sizes in SIZES[each.cascade][group])
"""What the frames of a video do in turn."""


class MultiHaarDetector:
    """Frontal, turned and half-profile faces, without a confidence. Keeps state: one object serves one stream."""

    sweep_length = len(SWEEP)

    def __init__(self, working_side: int, votes: int, counted: int) -> None:
        """`working_side`: longer side, in pixels, that bigger pictures are shrunk to. `votes`: what makes a face, of
        all passes together. `counted`: windows of one pass that have a vote for the same face, at most.
        docs/detection.md has the measurements behind all three."""
        self.working_side = working_side
        self.votes = votes
        self.counted = counted
        self._contrast = cv2.createCLAHE(CONTRAST_LIMIT, (8, 8))
        self._cascades = {name: cascade(name) for name in (FRONTAL, FRONTAL_2, PROFILE)}
        self._turns = cycle(SWEEP)
        self._sweep = deque[Windows](maxlen=len(SWEEP))

    def detect(self, image: Image) -> list[Face]:
        """(H, W, 3) uint8 RGB -> faces, largest first; empty where none is found or the picture is too small."""
        return faces_of(self.windows(image), self.votes, self.counted, image)

    def windows(self, image: Image) -> list[Windows]:
        """What each of `PASSES` takes for a face, in pixels of the image."""
        working = self._working(image)
        return [_enlarged(self._windows(working, each), image, working) for each in PASSES]

    def sweep(self, image: Image) -> list[Face]:
        """A part of a search of the next frame of a video -> the faces that the latest parts found together.

        `sweep_length` calls search as much as `detect` does; a large face is there after a few.
        """
        working = self._working(image)
        how, (smallest, largest) = next(self._turns)
        self._sweep.append(_enlarged(self._windows(working, how, smallest, largest), image, working))
        return faces_of(list(self._sweep), self.votes, self.counted, image)

    def rest(self) -> None:
        """Forget the parts so far: the next sweep begins anew."""
        self._sweep.clear()
        self._turns = cycle(SWEEP)

    def near(self, image: Image, side: float) -> list[Face]:
        """The face, about `side` pixels large, in the small picture about its last place; what the first pass that
        finds any has found."""
        working = np.asarray(self._contrast.apply(to_gray(image)), np.uint8)
        at_border = min(image.shape[:2]) < 1.5 * side
        smallest, largest = max(MIN_SIDE, round(side / NEAR_CHANGE)), round(side * NEAR_CHANGE) + 1
        windows: list[Windows] = []
        for each in PASSES[:4]:
            windows.append(self._windows(working, each, smallest, largest, padded=at_border))
            if found := faces_of(windows, NEAR_VOTES, NEAR_VOTES, image):
                return found
        return []

    def _working(self, image: Image) -> NDArray[np.uint8]:
        return np.asarray(self._contrast.apply(shrunk(to_gray(image), self.working_side)), np.uint8)

    def _windows(
        self, gray: NDArray[np.uint8], how: Pass, smallest: int = MIN_SIDE, largest: int = 0, padded: bool = True
    ) -> Windows:
        """Every window of these sides (`largest` not among them, 0 for no limit) in which the cascade sees a face; none
        in pictures smaller than one."""
        if min(gray.shape) < smallest:
            return np.empty((0, 4))
        border = round(PADDING * min(gray.shape)) if padded else 0
        shown = cv2.copyMakeBorder(gray, border, border, border, border, cv2.BORDER_REPLICATE)
        middle = (shown.shape[1] - 1) / 2, (shown.shape[0] - 1) / 2
        turning = cv2.getRotationMatrix2D(middle, how.turn, 1)
        if how.turn:
            shown = cv2.warpAffine(shown, turning, shown.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        if how.mirrored:
            shown = cv2.flip(shown, 1)
        below = max(0, largest - 1)  # OpenCV counts the limit in
        found = self._cascades[how.cascade].detectMultiScale(
            shown, SCALE_STEP, 0, minSize=(smallest, smallest), maxSize=(below, below)
        )
        left, top, side, _ = np.reshape(found, (-1, 4)).astype(np.float64).T
        centres = np.stack([left + side / 2, top + side / 2])
        if how.mirrored:
            centres[0] = shown.shape[1] - centres[0]
        back = cv2.invertAffineTransform(turning)
        x, y = back[:, :2] @ centres + back[:, 2:] - border
        return np.stack([x, y, side, np.full_like(x, PASSES.index(how))], axis=1)


def _enlarged(windows: Windows, image: Image, working: NDArray[np.uint8]) -> Windows:
    """Windows of the working picture -> of the image."""
    factor = image.shape[1] / working.shape[1]
    return windows * (factor, factor, factor, 1)


def faces_of(windows: list[Windows], votes: int, counted: int, image: Image) -> list[Face]:
    """Faces where an image's windows, at most `counted` of each pass, have at least so many votes, largest first; those
    with more votes win over others that overlap them."""
    x, y, side, row = np.concatenate(windows).T
    boxes = np.stack([x - side / 2, y - side / 2, side, side], axis=1).round().astype(int)
    fewest = max(2, -(-votes // MOST_VOTES))  # windows that can have so many votes
    groups, _ = cv2.groupRectangles(boxes.tolist(), fewest - 1, CLOSENESS)
    row = row.astype(int)
    numbers = [_votes(np.asarray(group), boxes, row, counted) for group in groups]
    kept: list[Face] = []
    for place in np.argsort(numbers, kind="stable")[::-1]:
        number, (left, top, width, height) = numbers[place], groups[place]
        face = clipped_face((left, top, left + width, top + height), (image.shape[1], image.shape[0]))
        if number >= votes and face.area and not is_among(face, kept):
            kept.append(face)
    return sorted(kept, key=lambda face: face.area, reverse=True)


def _votes(group: NDArray[np.int_], boxes: NDArray[np.int_], row: NDArray[np.int_], counted: int) -> int:
    """Of the windows that are as close to a group's mean as OpenCV lets two windows of a group be."""
    corners, middle = _corners(boxes), _corners(group[None])
    reach = CLOSENESS * np.minimum(boxes[:, 2], group[2])
    close = (np.abs(corners - middle) <= reach[:, None]).all(axis=1)
    windows = np.bincount(row[close], minlength=len(PASSES)).clip(max=counted)
    return sum(int(n) * each.votes for n, each in zip(windows, PASSES, strict=True))


def _corners(boxes: NDArray[Any]) -> NDArray[Any]:
    """(n, 4) left, top, width, height -> left, top, right, bottom."""
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
