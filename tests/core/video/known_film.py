"""A synthetic film whose faces are known at every moment: who is there, from when to when, with which expression."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.benchmarks.composites import SIZE_WH, paste_face
from core.vision.crops import Faces
from core.vision.faces import Face
from core.vision.images import Image, to_rgb

SIDES = (120, 180)
"""Smallest and largest side of a face, in pixels."""

DURATIONS_S, GAPS_S = (2.0, 8.0), (2.5, 4.0)
"""Shortest and longest time for which a face is there, and for which nobody is there.

A person who is away for longer than `core.video.tracking.MAX_ABSENCE_S` counts as a new one.
"""


@dataclass(frozen=True)
class Appearance:
    """One face in the film, from `start_s` up to `end_s`."""

    start_s: float
    end_s: float
    face: int
    """Index of the face."""
    side: int
    """Side of its box in pixels."""
    centre: tuple[float, float]
    """Centre of its box, in pixels, around which it moves."""
    phase: float
    """Where on its path it begins, in radians."""

    def box(self, time_s: float) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom at this time. The face moves on an ellipse, once in five seconds."""
        angle = self.phase + 2 * np.pi * time_s / 5
        left = round(self.centre[0] + 40 * np.cos(angle) - self.side / 2)
        top = round(self.centre[1] + 25 * np.sin(angle) - self.side / 2)
        return left, top, left + self.side, top + self.side


def appearances(seconds: float, faces: int, seed: int) -> list[Appearance]:
    """Return faces that appear one after the other, with pauses, until the film of this length ends.

    `faces` is their number; they are used in turn. The first pause is at the beginning.
    """
    generator = np.random.default_rng(seed)
    made: list[Appearance] = []
    time_s = float(generator.uniform(*GAPS_S))
    while time_s + DURATIONS_S[1] < seconds:
        end_s = time_s + float(generator.uniform(*DURATIONS_S))
        side = int(generator.integers(*SIDES))
        reach_x, reach_y = side / 2 + 45, side / 2 + 30
        centre = (
            float(generator.uniform(reach_x, SIZE_WH[0] - reach_x)),
            float(generator.uniform(reach_y, SIZE_WH[1] - reach_y)),
        )
        made.append(Appearance(time_s, end_s, len(made) % faces, side, centre, float(generator.uniform(0, 2 * np.pi))))
        time_s = end_s + float(generator.uniform(*GAPS_S))
    return made


def known_frames(
    shown: Sequence[Appearance], faces: Faces | Sequence[NDArray[np.uint8]], background: Image, times: Sequence[float]
) -> Iterator[tuple[Image, list[Face]]]:
    """Yield the image at each time, (480, 640, 3) uint8, and the boxes of its faces.

    `faces` are square and gray; `background` is (480, 640, 3) uint8.
    """
    for time_s in times:
        canvas = background[:, :, 0].astype(np.float32)
        boxes = []
        for appearance in shown:
            if appearance.start_s <= time_s < appearance.end_s:
                box = appearance.box(time_s)
                paste_face(canvas, faces[appearance.face], box, 0.0)
                boxes.append(Face(box))
        yield to_rgb(canvas.clip(0, 255).astype(np.uint8)), boxes
