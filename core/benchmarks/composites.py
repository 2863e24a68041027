"""Synthetic images with known face boxes: FER2013's faces and a portrait, pasted onto images without people.

A detector's boxes can be compared with the exact boxes of the pasted faces. The results may differ from those on real
photos: pasted faces have edges that real faces lack, and FER2013's faces are small and gray.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.crops import Faces
from core.vision.faces import Face, clipped_face
from core.vision.images import Image, to_gray, to_rgb

SIZE_WH = (640, 480)
"""Width and height of every composite, in pixels."""

BACKGROUNDS = {
    "tune": ("coffee.png", "brick.png", "grass.png", "rocket.jpg", "page.png"),
    "measure": ("motorcycle_left.png", "chelsea.png", "gravel.png", "ihc.png", "hubble_deep_field.jpg", "text.png"),
}
"""Part -> image files that come with scikit-image. Detector settings are chosen on `tune` and tested on `measure`."""

PORTRAIT_BOX = (172, 62, 276, 166)
"""Face in scikit-image's portrait of an astronaut: left, top, right, bottom in pixels.

Like the faces of FER2013, it is cropped from brow to chin.
"""


@dataclass(frozen=True)
class Condition:
    """Ranges from which the number, size, rotation and position of the faces and the lighting are drawn at random."""

    sides: tuple[int, int] = (80, 220)
    """Smallest and largest side of a face, in pixels."""
    rotation: tuple[float, float] = (0, 5)
    """Smallest and largest rotation of a face in either direction, in degrees."""
    brightness: tuple[float, float] = (0.9, 1.1)
    """Smallest and largest factor by which all gray levels are multiplied."""
    shade: float = 0.0
    """Share of the light that the darkest corner of the image loses, 0..1. The opposite corner loses none."""
    faces: tuple[int, int] = (1, 1)
    """Smallest and largest number of faces per image. Faces for which no free box is found are left out."""
    draws: int = 20
    """Number of boxes that are drawn at random to find a free one for a face."""
    max_outside: float = 0.0
    """Largest share of a face's width beyond the left or right image edge. The smallest share is half as large."""
    hidden: tuple[float, float] = (0, 0)
    """Smallest and largest share of a face that is hidden, 0..1. It is hidden from the left, right, top or bottom."""


CONDITIONS = {
    "plain": Condition(),
    "small": Condition(sides=(48, 80)),
    "turned": Condition(rotation=(10, 25)),
    "dark": Condition(brightness=(0.15, 0.4)),
    "side light": Condition(shade=0.85),
    "several": Condition(sides=(70, 150), faces=(2, 4)),
    "cut": Condition(max_outside=0.2),
}
"""The standard conditions. Earlier figures stay comparable only if their images stay the same for the same seed."""

HARD_CONDITIONS = {
    "rolled": Condition(rotation=(20, 60)),
    "covered": Condition(hidden=(0.25, 0.4)),
    "crowd": Condition(sides=(50, 90), faces=(10, 10), draws=500),
    "tiny": Condition(sides=(24, 24)),
}
"""Conditions under which detectors fail most. Their images are made after those of `CONDITIONS`."""


@dataclass(frozen=True)
class Composite:
    """A synthetic image and the boxes of its faces."""

    condition: str
    """A key of `CONDITIONS` or `HARD_CONDITIONS`."""
    image: Image
    """(480, 640, 3) uint8, gray in three equal channels."""
    faces: tuple[Face, ...]
    """Boxes of the pasted faces before their rotation, clipped to the image."""


def backgrounds(part: str) -> list[Image]:
    """Return the images of one part of `BACKGROUNDS`: (480, 640, 3) uint8, gray in three equal channels."""
    from skimage import data, io

    return [_fill_canvas(np.asarray(io.imread(f"{data.data_dir}/{name}"))) for name in BACKGROUNDS[part]]


def portrait() -> NDArray[np.uint8]:
    """Return the face in scikit-image's portrait of an astronaut, (104, 104) uint8 gray."""
    from skimage import data

    left, top, right, bottom = PORTRAIT_BOX
    return to_gray(data.astronaut())[top:bottom, left:right]


def composites(
    faces: Sequence[NDArray[np.uint8]] | Faces, background_images: Sequence[Image], per_condition: int, seed: int
) -> list[Composite]:
    """Make `per_condition` composites of each standard and each hard condition.

    They are made from square gray faces and background images. Faces are used in their order. After the last face, the
    first one is used again.
    """
    generator = np.random.default_rng(seed)
    made: list[Composite] = []
    used = 0  # number of faces used so far
    for name, condition in (CONDITIONS | HARD_CONDITIONS).items():
        for number in range(per_condition):
            count = int(generator.integers(condition.faces[0], condition.faces[1] + 1))
            chosen = [faces[(used + i) % len(faces)] for i in range(count)]
            used += count
            background = background_images[number % len(background_images)]
            gray, placed = _draw(condition, chosen, background, generator)
            made.append(Composite(name, to_rgb(gray), placed))
    return made


def _draw(
    condition: Condition, faces: Sequence[NDArray[np.uint8]], background: Image, generator: np.random.Generator
) -> tuple[NDArray[np.uint8], tuple[Face, ...]]:
    """Return the image of a composite, (480, 640) uint8 gray, and the boxes of its faces."""
    canvas = background[:, :, 0].astype(np.float32)
    placed: list[Face] = []
    for face in faces:
        box = _free_box(condition, placed, generator)
        if box is None:
            continue
        rotation = float(generator.uniform(*condition.rotation))
        paste_face(canvas, face, box, rotation * generator.choice([-1, 1]))
        placed.append(clipped_face(box, SIZE_WH))
    if condition.hidden[1]:
        for placed_face in placed:
            _hide(canvas, background, placed_face, generator.uniform(*condition.hidden), generator)
    return _with_lighting(canvas, condition, generator), tuple(placed)


def _free_box(
    condition: Condition, taken: Sequence[Face], generator: np.random.Generator
) -> tuple[int, int, int, int] | None:
    """Draw a random box whose distance from each `taken` box is at least a quarter of its own side.

    Return None if all draws fail.
    """
    width, height = SIZE_WH
    for _ in range(condition.draws):
        side = int(generator.integers(condition.sides[0], condition.sides[1] + 1))
        left = int(generator.integers(0, width - side + 1))
        top = int(generator.integers(0, height - side + 1))
        if condition.max_outside:
            outside = round(side * generator.uniform(condition.max_outside / 2, condition.max_outside))
            left = int(generator.choice([-outside, width - side + outside]))
        box = (left, top, left + side, top + side)
        gap = side // 4
        if all(
            box[0] > face.xyxy[2] + gap
            or box[2] < face.xyxy[0] - gap
            or box[1] > face.xyxy[3] + gap
            or box[3] < face.xyxy[1] - gap
            for face in taken
        ):
            return box
    return None


def paste_face(
    canvas: NDArray[np.float32], face: NDArray[np.uint8], box: tuple[int, int, int, int], degrees: float
) -> None:
    """Paste the face into its box, rotated counterclockwise; each edge fades out over a tenth of the side."""
    left, top, right, _ = box
    side = right - left
    box_centre = (left + side / 2 - 0.5, top + side / 2 - 0.5)
    scale = side / face.shape[0]
    face_centre = (face.shape[0] - 1) / 2
    matrix = cv2.getRotationMatrix2D((face_centre, face_centre), degrees, scale)
    matrix[:, 2] += np.subtract(box_centre, face_centre)
    edge_distance = np.minimum(np.arange(face.shape[0]) + 0.5, face.shape[0] - 0.5 - np.arange(face.shape[0]))
    fade = np.clip(edge_distance / (0.1 * face.shape[0]), 0, 1)
    opacity = (fade[:, None] * fade[None, :]).astype(np.float32)
    size_wh = canvas.shape[1], canvas.shape[0]
    interpolation = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    warped = cv2.warpAffine(
        face.astype(np.float32), matrix, size_wh, flags=interpolation, borderMode=cv2.BORDER_REPLICATE
    )
    canvas += cv2.warpAffine(opacity, matrix, size_wh) * (warped - canvas)


def _hide(
    canvas: NDArray[np.float32], background: Image, face: Face, share: float, generator: np.random.Generator
) -> None:
    """Hide this share of the face's box, from one of its sides, with a flat gray or a random part of the background."""
    left, top, right, bottom = face.xyxy
    depth = round(share * (right - left))
    strips = (
        (left, top, left + depth, bottom),
        (right - depth, top, right, bottom),
        (left, top, right, top + depth),
        (left, bottom - depth, right, bottom),
    )
    left, top, right, bottom = strips[generator.integers(len(strips))]
    if generator.random() < 0.5:
        canvas[top:bottom, left:right] = generator.uniform(0, 255)
        return
    x = int(generator.integers(0, canvas.shape[1] - (right - left) + 1))
    y = int(generator.integers(0, canvas.shape[0] - (bottom - top) + 1))
    canvas[top:bottom, left:right] = background[y : y + bottom - top, x : x + right - left, 0]


def _with_lighting(
    canvas: NDArray[np.float32], condition: Condition, generator: np.random.Generator
) -> NDArray[np.uint8]:
    """Apply light from one side, random brightness, and noise with a standard deviation of 3 gray levels."""
    angle = generator.uniform(0, 2 * math.pi)
    height, width = canvas.shape
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    # From -1 in the brightest corner to 1 in the darkest.
    darkness = (x * math.cos(angle) + y * math.sin(angle)) / (abs(math.cos(angle)) + abs(math.sin(angle)))
    light = generator.uniform(*condition.brightness) * (1 - condition.shade * (darkness + 1) / 2)
    noise = generator.normal(0, 3, canvas.shape)
    return np.asarray((canvas * light + noise).clip(0, 255), np.uint8)


def _fill_canvas(image: NDArray[np.uint8]) -> Image:
    """Scale an image until it covers the canvas, and return the part in its centre, (480, 640, 3) uint8 gray.

    The image is gray, (H, W) uint8, or RGB or RGBA, (H, W, 3 or 4) uint8.
    """
    gray = to_gray(image[:, :, :3]) if image.ndim == 3 else image
    width, height = SIZE_WH
    factor = max(width / gray.shape[1], height / gray.shape[0])
    size_wh = math.ceil(gray.shape[1] * factor), math.ceil(gray.shape[0] * factor)
    scaled = cv2.resize(gray, size_wh, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    x0, y0 = (scaled.shape[1] - width) // 2, (scaled.shape[0] - height) // 2
    cropped = scaled[y0 : y0 + height, x0 : x0 + width]
    return np.asarray(np.repeat(cropped[:, :, None], 3, axis=2), np.uint8)
