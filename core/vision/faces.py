"""Boxes of detected faces, and a check whether two boxes show the same face."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.vision.images import Image


@dataclass(frozen=True)
class Face:
    """A box around a face, in pixels of its image."""

    xyxy: tuple[int, int, int, int]
    """Left, top, right and bottom edge, within the image. The last column is right - 1, the last row bottom - 1."""

    confidence: float | None = None
    """Score from the detector, 0..1, or None from detectors without scores (all Haar detectors)."""

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        left, top, right, bottom = self.xyxy
        return right - left, bottom - top

    @property
    def area(self) -> int:
        """Area in square pixels."""
        width, height = self.size_wh
        return width * height


def whole_image(image: Image) -> Face:
    """Return a box of the whole image, (H, W, 3), for images that are already cropped to a face."""
    height, width = image.shape[:2]
    return Face((0, 0, width, height))


def clipped_face(edges: Sequence[float], size_wh: tuple[int, int], confidence: float | None = None) -> Face:
    """Return the box with these edges (left, top, right, bottom), rounded and clipped to an image of `size_wh` pixels.

    If the whole box is outside the image, its area becomes 0.
    """
    left, top, right, bottom = (min(max(round(edge), 0), limit) for edge, limit in zip(edges, size_wh * 2, strict=True))
    return Face((left, top, max(left, right), max(top, bottom)), confidence)


def matches_any(face: Face, others: Iterable[Face]) -> bool:
    """Return whether `face` shows the same face as a box of `others`: the centre of one box is inside the other box."""
    return any(centre_is_inside(face, other) or centre_is_inside(other, face) for other in others)


def centre_is_inside(face: Face, other: Face) -> bool:
    """Return whether the centre of the box `face` is inside the box `other`."""
    x, y = (face.xyxy[0] + face.xyxy[2]) / 2, (face.xyxy[1] + face.xyxy[3]) / 2
    left, top, right, bottom = other.xyxy
    return left <= x < right and top <= y < bottom
