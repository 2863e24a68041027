"""What the YuNet detectors share: their settings, and the conversion of their results to faces.

YuNet finds five landmarks in each face.
"""

from collections.abc import Sequence

from core.vision.faces import Face, clipped_face, largest_first
from core.vision.images import Image, shrunk

BOX, EYES = slice(0, 4), slice(4, 8)

SHRUNK_SIDE = 640
"""Larger images are shrunk until their longer side has this many pixels."""

MIN_SCORE = 0.55
"""Faces with a lower score are dropped."""

FRAME_WIDTH, FRAME_SCORE = 320, 0.3
"""Largest width and lowest score for the frames of a video, of which each is searched."""

BOX_MARGIN = 0.04
"""Margin for the boxes of YuNet networks; docs/framing.md has the measurements."""


def faces_from_rows(rows: Sequence[Sequence[float]], factor: float, size_wh: tuple[int, int]) -> list[Face]:
    """Return the faces of an image of `size_wh` pixels, largest first, without those outside the image.

    Each row has left, top, width and height of a box; x and y of the eyes, the nose and the mouth's corners; and the
    score, 0..1. The eye that is on the left in an upright face comes first. Positions are in pixels of a shrunk image;
    `factor` converts them to pixels of the image.
    """
    faces = [_face(row, factor, size_wh) for row in rows]
    return largest_first(face for face in faces if face.area)


def _face(row: Sequence[float], factor: float, size_wh: tuple[int, int]) -> Face:
    left, top, width, height = (value * factor for value in row[BOX])
    x1, y1, x2, y2 = (value * factor for value in row[EYES])
    score = min(1.0, max(0.0, row[-1]))
    return clipped_face((left, top, left + width, top + height), size_wh, score, ((x1, y1), (x2, y2)))


def search_copy(image: Image, side: int, by_width: bool) -> Image:
    """Shrink an image, (H, W, 3) uint8 RGB, for the search, so that its longer side has at most `side` pixels.

    If `by_width` is true, `side` is the largest width instead. Upright videos are then searched as finely as wide ones.
    """
    height, width = image.shape[:2]
    return shrunk(image, max(side, round(side * height / width)) if by_width else side)
