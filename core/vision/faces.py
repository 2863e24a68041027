"""A found face, and the one crop that detectors, photos, webcam and training images agree on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.vision.images import Image


@dataclass(frozen=True)
class Face:
    """A box around a face, in pixels of its image."""

    xyxy: tuple[int, int, int, int]
    """Left, top, right, bottom; half-open (right and bottom are one past the last pixel), inside the image."""

    confidence: float | None = None
    """The detector's own score in 0..1; None where the detector gives none (Haar), never an invented number."""

    @property
    def size_wh(self) -> tuple[int, int]:
        left, top, right, bottom = self.xyxy
        return right - left, bottom - top

    @property
    def area(self) -> int:
        """Square pixels."""
        width, height = self.size_wh
        return width * height


def whole_image(image: Image) -> Face:
    """The whole (H, W, 3) image as one face, for pictures that are already a cut-out face."""
    height, width = image.shape[:2]
    return Face((0, 0, width, height))


def clipped_face(edges: Sequence[float], size_wh: tuple[int, int], confidence: float | None = None) -> Face:
    """Left, top, right, bottom, anywhere -> the part inside an image of that size; of area 0 where there is none."""
    left, top, right, bottom = (min(max(round(edge), 0), limit) for edge, limit in zip(edges, size_wh * 2, strict=True))
    return Face((left, top, max(left, right), max(top, bottom)), confidence)


def is_among(face: Face, known: Iterable[Face]) -> bool:
    """Whether it is one of these, found a second time: the centre of one lies in the other."""
    return any(centre_in(face, other) or centre_in(other, face) for other in known)


def centre_in(first: Face, second: Face) -> bool:
    """Whether the centre of the first box lies in the second."""
    x, y = (first.xyxy[0] + first.xyxy[2]) / 2, (first.xyxy[1] + first.xyxy[3]) / 2
    left, top, right, bottom = second.xyxy
    return left <= x < right and top <= y < bottom
