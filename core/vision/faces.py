"""Detected faces: boxes, and whether two boxes show the same face."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.vision.images import Image


@dataclass(frozen=True)
class Face:
    """A box around a face, in pixels of its image."""

    xyxy: tuple[int, int, int, int]
    """Left, top, right, bottom, inside the image. Right and bottom are one past the last pixel."""

    confidence: float | None = None
    """Score of the detector, 0..1, or None if the detector has no scores (Haar)."""

    @property
    def size_wh(self) -> tuple[int, int]:
        left, top, right, bottom = self.xyxy
        return right - left, bottom - top

    @property
    def area(self) -> int:
        """Area in square pixels."""
        width, height = self.size_wh
        return width * height


def whole_image(image: Image) -> Face:
    """Return the whole image, (H, W, 3), as one face, for images that are already cropped to a face."""
    height, width = image.shape[:2]
    return Face((0, 0, width, height))


def clipped_face(edges: Sequence[float], size_wh: tuple[int, int], confidence: float | None = None) -> Face:
    """Round the edges (left, top, right, bottom) and clip them to an image of this size.

    The area is 0 if the box is outside the image.
    """
    left, top, right, bottom = (min(max(round(edge), 0), limit) for edge, limit in zip(edges, size_wh * 2, strict=True))
    return Face((left, top, max(left, right), max(top, bottom)), confidence)


def matches_any(face: Face, others: Iterable[Face]) -> bool:
    """Whether `face` shows the same face as one of `others`: the centre of one box is inside the other box."""
    return any(centre_in(face, other) or centre_in(other, face) for other in others)


def centre_in(first: Face, second: Face) -> bool:
    """Whether the centre of the first box is inside the second."""
    x, y = (first.xyxy[0] + first.xyxy[2]) / 2, (first.xyxy[1] + first.xyxy[3]) / 2
    left, top, right, bottom = second.xyxy
    return left <= x < right and top <= y < bottom
