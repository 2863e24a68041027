"""Films for the fake camera: heads of scikit-image's portrait of an astronaut in front of a wall."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.images import Image, to_bgr

SIZE_WH = (640, 480)

FILM_S = 6
"""Seconds of the films, which the fake camera plays in a loop."""

FRAMES_PER_S = 30

FACE_XY, FACE_WIDTH = (222, 119), 89
"""Centre and width of the face in the portrait, in pixels."""

HEAD_XY, HEAD_AXES = (222, 110), (70, 98)
"""Centre and half axes of the ellipse around the head that is cut out of the portrait, in pixels."""

WALL = (150, 155, 160)
"""Color of the wall."""

NOISE = 3
"""Standard deviation of the camera's noise in gray levels."""

JPEG_QUALITY = 60


@dataclass(frozen=True)
class Head:
    """A head in a frame."""

    x: float
    """Centre of the face, in pixels from the left edge of the frame."""
    y: float
    """The same from the top edge."""
    width: float
    """Width of the face in pixels."""
    mirrored: bool = False


def frame(*heads: Head, size_wh: tuple[int, int] = SIZE_WH) -> Image:
    """Return a frame, (H, W, 3) uint8 RGB, with these heads in front of the wall. The last head is the nearest."""
    image = np.full((size_wh[1], size_wh[0], 3), WALL, np.float32)
    for head in heads:
        scale_y = head.width / FACE_WIDTH
        scale_x = -scale_y if head.mirrored else scale_y
        x, y = FACE_XY
        matrix = np.array([[scale_x, 0, head.x - scale_x * x], [0, scale_y, head.y - scale_y * y]])
        color, opacity = (cv2.warpAffine(part, matrix, size_wh) for part in _head(min(1.0, scale_y)))
        image += opacity[:, :, None] * (color - image)
    return np.asarray(np.rint(image), np.uint8)


@cache
def _head(scale: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the portrait, (512, 512, 3), and the opacity of the head, (512, 512), 0..1.

    The portrait is blurred for a head that is shrunk by `scale`, which would be jagged otherwise.
    """
    from skimage.data import astronaut

    opacity = np.zeros((512, 512), np.float32)
    cv2.ellipse(opacity, HEAD_XY, HEAD_AXES, 0, 0, 360, 1.0, -1)
    opacity = cv2.GaussianBlur(opacity, (0, 0), 5)
    portrait = astronaut().astype(np.float32)
    return (cv2.GaussianBlur(portrait, (0, 0), 0.5 / scale) if scale < 1 else portrait), opacity


def with_noise(image: Image, number: int) -> Image:
    """Return the image with a camera's noise, different for each number, and as coarsely compressed as video."""
    noise = np.roll(_noise(image.size), 997 * number).reshape(image.shape)
    noisy = np.clip(image + noise, 0, 255).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", to_bgr(noisy), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
    return np.asarray(cv2.cvtColor(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)


@cache
def _noise(size: int) -> NDArray[np.int16]:
    return np.rint(np.random.default_rng(1).normal(0, NOISE, size)).astype(np.int16)


def still_face(head: Head, size_wh: tuple[int, int] = SIZE_WH, frames: int = 10) -> list[Image]:
    """Return frames that differ only by their noise."""
    image = frame(head, size_wh=size_wh)
    return [with_noise(image, number) for number in range(frames)]


def jumping_face() -> list[Image]:
    """Return a film of a face that jumps to another place every 1.2 s, and changes its size."""
    places = Head(130, 160, 80), Head(480, 300, 80), Head(200, 320, 110), Head(500, 150, 60), Head(330, 240, 140)
    return [image for place in places for image in [frame(place)] * (FILM_S * FRAMES_PER_S // len(places))]


def crossing_people() -> list[Image]:
    """Return a film of two people who cross twice. Each time, one is behind the other for half a second."""
    film = []
    for x in 130 * np.cos(_angles(FILM_S * FRAMES_PER_S)):
        film.append(frame(Head(320 + x, 230, 75, mirrored=True), Head(320 - x, 250, 95)))
    return film


def circling_face(frames_per_s: int) -> list[Image]:
    """Return a film of a face that moves in a circle, three rounds in all.

    At 5 frames/s, it moves by more than its width from each frame to the next.
    """
    angles = 3 * _angles(FILM_S * frames_per_s)
    return [frame(Head(320 + 200 * np.cos(angle), 240 + 110 * np.sin(angle), 80)) for angle in angles]


def _angles(count: int) -> NDArray[np.float64]:
    """Return `count` angles of one turn in radians. The next one would be the first again."""
    return np.arange(count) * 2 * np.pi / count
