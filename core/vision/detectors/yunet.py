"""The YuNet face detector (Wu et al. 2023), run by OpenCV.

It needs a model file of 233 kB that FERscope does not ship; `python -m core get yunet` downloads it.
"""

import cv2

from core.exceptions import InputError
from core.vision.detectors.landmarks import (
    BOX_MARGIN,
    FRAME_SCORE,
    FRAME_WIDTH,
    MIN_SCORE,
    SHRUNK_SIDE,
    faces_from_rows,
    search_copy,
)
from core.vision.detectors.yunet_file import installed_file
from core.vision.faces import Face
from core.vision.images import Image, to_bgr

MIN_SIDE = 33
"""Shrunk images whose shorter side has fewer pixels are not searched: OpenCV then returns random values."""


def why_missing() -> str | None:
    """Return why this detector cannot be used, as part of a sentence; None if its model file is there."""
    return None if installed_file() else "its model file is missing: run `python -m core get yunet`"


class YunetDetector:
    """Detect faces with their eyes, and give each a confidence. Use each object in one thread only."""

    margin = BOX_MARGIN

    def __init__(self, shrunk_side: int = SHRUNK_SIDE, min_score: float = MIN_SCORE, by_width: bool = False) -> None:
        """Load the model file. Raises InputError if it is missing or invalid."""
        file = installed_file()
        if file is None:
            raise InputError("yunet needs its model file: run `python -m core get yunet`, or choose another detector.")
        self.shrunk_side, self.min_score, self.by_width = shrunk_side, min_score, by_width
        try:
            self._network = cv2.FaceDetectorYN.create(str(file), "", (shrunk_side, shrunk_side), min_score)
        except cv2.error as error:
            raise InputError(
                f"OpenCV {cv2.__version__} cannot read the model {file.name}; run `python -m core get yunet`."
            ) from error

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first.

        The list is empty if there are no faces or if the image is too small.
        """
        working = search_copy(image, self.shrunk_side, self.by_width)
        height, width = working.shape[:2]
        if min(height, width) < MIN_SIDE:
            return []
        self._network.setInputSize((width, height))
        _, rows = self._network.detect(to_bgr(working))
        return faces_from_rows(
            [] if rows is None else rows.tolist(), image.shape[1] / width, (image.shape[1], image.shape[0])
        )


def make_for_frames() -> YunetDetector:
    """Create a detector that is fast enough to search every frame of a video."""
    return YunetDetector(FRAME_WIDTH, FRAME_SCORE, by_width=True)
