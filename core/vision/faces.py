"""Boxes of detected faces, how they are scaled, turned and mirrored, and a check whether two show the same face."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from core.vision.images import Image

Point = tuple[float, float]
"""Position in an image: pixels to the right and down."""

Eyes = tuple[Point, Point]
"""Centres of the eyes; in an upright face, the left one in the image comes first."""


@dataclass(frozen=True)
class Face:
    """A box around a face, in pixels of its image."""

    xyxy: tuple[int, int, int, int]
    """Left, top, right and bottom edge, within the image. The last column is right - 1, the last row bottom - 1."""

    confidence: float | None = None
    """Score from the detector, 0..1, or None from detectors without scores (all Haar detectors)."""

    eyes: Eyes | None = None
    """Positions of the eyes, or None from detectors that do not find them (all Haar detectors)."""

    angle: float | None = None
    """Degrees by which the head is turned counterclockwise in the image, -180..180; None if the eyes are unknown."""

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        left, top, right, bottom = self.xyxy
        return right - left, bottom - top

    @property
    def centre(self) -> Point:
        """Centre of the box."""
        left, top, right, bottom = self.xyxy
        return (left + right) / 2, (top + bottom) / 2

    @property
    def area(self) -> int:
        """Area in square pixels."""
        width, height = self.size_wh
        return width * height


def whole_image(image: Image) -> Face:
    """Return a box of the whole image, (H, W, 3), for images that are already cropped to a face."""
    height, width = image.shape[:2]
    return Face((0, 0, width, height))


def clipped_face(
    edges: Sequence[float], size_wh: tuple[int, int], confidence: float | None = None, eyes: Eyes | None = None
) -> Face:
    """Return the box with these edges (left, top, right, bottom), rounded and clipped to an image of `size_wh` pixels.

    If the whole box is outside the image, its area becomes 0. The angle of the face is computed from its eyes.
    """
    left, top, right, bottom = (min(max(round(edge), 0), limit) for edge, limit in zip(edges, size_wh * 2, strict=True))
    box = left, top, max(left, right), max(top, bottom)
    return Face(box, confidence, eyes, None if eyes is None else angle_of(eyes))


def angle_of(eyes: Eyes) -> float:
    """Return the degrees by which a face with these eyes is turned counterclockwise in the image, -180..180."""
    (x1, y1), (x2, y2) = eyes
    return math.degrees(math.atan2(y1 - y2, x2 - x1))


def scaled(face: Face, factor_x: float, factor_y: float) -> Face:
    """Return the face in an image that was scaled by these factors. Its box keeps at least one pixel."""
    left, top, right, bottom = face.xyxy
    left, top, right, bottom = int(left * factor_x), int(top * factor_y), int(right * factor_x), int(bottom * factor_y)
    eyes = face.eyes and _map_eyes(face.eyes, lambda x, y: (x * factor_x, y * factor_y))
    return replace(face, xyxy=(left, top, max(right, left + 1), max(bottom, top + 1)), eyes=eyes)


def mirrored(face: Face, width: int) -> Face:
    """Return the face as it appears in the mirror image of an image of this width."""
    left, top, right, bottom = face.xyxy
    eyes = face.eyes and _map_eyes(face.eyes, lambda x, y: (width - x, y))
    return replace(
        face,
        xyxy=(width - right, top, width - left, bottom),
        eyes=None if eyes is None else (eyes[1], eyes[0]),
        angle=None if face.angle is None else -face.angle,
    )


def turned(face: Face, degrees: int, size_wh: tuple[int, int]) -> Face:
    """Return the face as it appears after its image of `size_wh` pixels was turned clockwise.

    `degrees` is 0, 90, 180 or 270. A face without eyes stays without an angle only if `degrees` is 0: after the turn,
    its angle is known, because such faces are found upright.
    """
    for _ in range(degrees // 90 % 4):
        face = _turned_once(face, size_wh[1])
        size_wh = size_wh[1], size_wh[0]
    return face


def _turned_once(face: Face, height: int) -> Face:
    """Turn by 90 degrees clockwise in an image of this height: the pixel (x, y) moves to (height - y, x)."""
    left, top, right, bottom = face.xyxy
    eyes = face.eyes and _map_eyes(face.eyes, lambda x, y: (height - y, x))
    angle = (face.angle or 0.0) - 90
    return Face((height - bottom, left, height - top, right), face.confidence, eyes, (angle + 180) % 360 - 180)


def _map_eyes(eyes: Eyes, move: Callable[[float, float], Point]) -> Eyes:
    return move(*eyes[0]), move(*eyes[1])


def largest_first(faces: Iterable[Face]) -> list[Face]:
    """Return the faces sorted by area, the largest first."""
    return sorted(faces, key=lambda face: face.area, reverse=True)


def matches_any(face: Face, others: Iterable[Face]) -> bool:
    """Return whether `face` shows the same face as a box of `others`: the centre of one box is inside the other box."""
    return any(centre_is_inside(face, other) or centre_is_inside(other, face) for other in others)


def centre_is_inside(face: Face, other: Face) -> bool:
    """Return whether the centre of the box `face` is inside the box `other`."""
    x, y = face.centre
    left, top, right, bottom = other.xyxy
    return left <= x < right and top <= y < bottom
