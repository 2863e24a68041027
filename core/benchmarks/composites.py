"""Synthetic pictures with known face boxes: FER2013's faces and a portrait, laid on pictures without people.

They measure what a detector finds where the truth is known to the pixel. They are synthetic, and every figure from them
says so: pasted faces have edges that real ones have not, and FER2013's own faces are small and gray.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.crops import Faces
from core.vision.faces import Face, clipped_face
from core.vision.images import Image, to_gray

SIZE_WH = (640, 480)

BACKGROUNDS = {
    "tune": ("coffee.png", "brick.png", "grass.png", "rocket.jpg", "page.png"),
    "measure": ("motorcycle_left.png", "chelsea.png", "gravel.png", "ihc.png", "hubble_deep_field.jpg", "text.png"),
}
"""Pictures that come with scikit-image; settings are chosen on those of `tune`, figures are taken on the others."""

PORTRAIT_BOX = (172, 62, 276, 166)
"""The face in scikit-image's astronaut, cut as FER2013 cuts its own: brow to chin, half-open."""


@dataclass(frozen=True)
class Condition:
    """Ranges from which each face's place in the picture is drawn."""

    sides: tuple[int, int] = (80, 220)
    """Pixels."""
    turn: float = 5.0
    """Largest turn to either side, in degrees; at least half of it is drawn where it is above 10."""
    light: tuple[float, float] = (0.9, 1.1)
    """Factor on all gray levels."""
    shade: float = 0.0
    """How much darker one edge of the picture is than the other."""
    faces: tuple[int, int] = (1, 1)
    cut: float = 0.0
    """Largest share of the face's side that lies outside of the picture; at least half of it does."""


CONDITIONS = {
    "plain": Condition(),
    "small": Condition(sides=(48, 80)),
    "turned": Condition(turn=25),
    "dark": Condition(light=(0.15, 0.4)),
    "side light": Condition(shade=0.85),
    "several": Condition(sides=(70, 150), faces=(2, 4)),
    "cut": Condition(cut=0.2),
}
"""Name -> how faces lie in the pictures of that kind."""


@dataclass(frozen=True)
class Composite:
    """A picture and where its faces are."""

    condition: str
    image: Image
    faces: tuple[Face, ...]
    """Upright squares about the faces, clipped to the picture."""


def backgrounds(part: str) -> list[Image]:
    """The pictures of a part of `BACKGROUNDS`, (480, 640, 3) uint8 gray levels in three channels."""
    from skimage import data, io

    return [_filling(np.asarray(io.imread(f"{data.data_dir}/{name}"))) for name in BACKGROUNDS[part]]


def portrait() -> NDArray[np.uint8]:
    """The square about the astronaut's face, (104, 104) uint8 gray."""
    from skimage import data

    left, top, right, bottom = PORTRAIT_BOX
    return to_gray(data.astronaut())[top:bottom, left:right]


def composites(
    faces: Sequence[NDArray[np.uint8]] | Faces, grounds: Sequence[Image], per_condition: int, seed: int
) -> list[Composite]:
    """So many pictures of each condition, from square gray faces (each used once, then again from the first)."""
    generator = np.random.default_rng(seed)
    made: list[Composite] = []
    used = 0
    for name, condition in CONDITIONS.items():
        for number in range(per_condition):
            wanted = int(generator.integers(condition.faces[0], condition.faces[1] + 1))
            chosen = [faces[(used + i) % len(faces)] for i in range(wanted)]
            used += wanted
            made.append(_composite(name, chosen, grounds[number % len(grounds)], generator))
    return made


def _composite(
    name: str, faces: Sequence[NDArray[np.uint8]], ground: Image, generator: np.random.Generator
) -> Composite:
    condition = CONDITIONS[name]
    canvas = ground[:, :, 0].astype(np.float32)
    placed: list[Face] = []
    for face in faces:
        box = _free_place(condition, placed, generator)
        if box is None:
            continue
        turn = float(generator.uniform(min(condition.turn, 10 if condition.turn > 10 else 0), condition.turn))
        _paste(canvas, face, box, turn * generator.choice([-1, 1]))
        placed.append(clipped_face(box, SIZE_WH))
    lit = _lit(canvas, condition, generator)
    return Composite(name, np.repeat(lit[:, :, None], 3, axis=2), tuple(placed))


def _free_place(
    condition: Condition, taken: Sequence[Face], generator: np.random.Generator
) -> tuple[int, int, int, int] | None:
    """A square that keeps its distance from those that are taken; None where none was found in twenty draws."""
    width, height = SIZE_WH
    for _ in range(20):
        side = int(generator.integers(condition.sides[0], condition.sides[1] + 1))
        left = int(generator.integers(0, width - side + 1))
        top = int(generator.integers(0, height - side + 1))
        if condition.cut:
            outside = round(side * generator.uniform(condition.cut / 2, condition.cut))
            left = int(generator.choice([-outside, width - side + outside]))
        box = (left, top, left + side, top + side)
        apart = side // 4
        if all(
            box[0] > face.xyxy[2] + apart
            or box[2] < face.xyxy[0] - apart
            or box[1] > face.xyxy[3] + apart
            or box[3] < face.xyxy[1] - apart
            for face in taken
        ):
            return box
    return None


def _paste(canvas: NDArray[np.float32], face: NDArray[np.uint8], box: tuple[int, int, int, int], turn: float) -> None:
    """Lay the face over the canvas in place, turned by `turn` degrees, its edge fading over a tenth of its side."""
    left, top, right, _ = box
    side = right - left
    centre = (left + side / 2 - 0.5, top + side / 2 - 0.5)
    scale = side / face.shape[0]
    middle = (face.shape[0] - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), turn, scale)
    matrix[:, 2] += np.subtract(centre, middle)
    ramp = np.minimum(np.arange(face.shape[0]) + 0.5, face.shape[0] - 0.5 - np.arange(face.shape[0]))
    edge = np.clip(ramp / (0.1 * face.shape[0]), 0, 1)
    veil = (edge[:, None] * edge[None, :]).astype(np.float32)
    size_wh = canvas.shape[1], canvas.shape[0]
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    shown = cv2.warpAffine(face.astype(np.float32), matrix, size_wh, flags=way, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(veil, matrix, size_wh)
    canvas += share * (shown - canvas)


def _lit(canvas: NDArray[np.float32], condition: Condition, generator: np.random.Generator) -> NDArray[np.uint8]:
    """Light from one side, the whole picture's brightness, and a camera's noise of 3 gray levels."""
    angle = generator.uniform(0, 2 * math.pi)
    height, width = canvas.shape
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    across = (x * math.cos(angle) + y * math.sin(angle)) / (abs(math.cos(angle)) + abs(math.sin(angle)))
    light = generator.uniform(*condition.light) * (1 - condition.shade * (across + 1) / 2)
    noise = generator.normal(0, 3, canvas.shape)
    return np.asarray((canvas * light + noise).clip(0, 255), np.uint8)


def _filling(picture: NDArray[np.uint8]) -> Image:
    """Any picture -> (480, 640, 3) uint8 gray, scaled to fill and cut about its middle."""
    gray = to_gray(picture[:, :, :3]) if picture.ndim == 3 else picture
    width, height = SIZE_WH
    factor = max(width / gray.shape[1], height / gray.shape[0])
    size_wh = math.ceil(gray.shape[1] * factor), math.ceil(gray.shape[0] * factor)
    large = cv2.resize(gray, size_wh, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    x0, y0 = (large.shape[1] - width) // 2, (large.shape[0] - height) // 2
    cut = large[y0 : y0 + height, x0 : x0 + width]
    return np.asarray(np.repeat(cut[:, :, None], 3, axis=2), np.uint8)
