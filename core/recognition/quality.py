"""Measures of a face in a photo or a frame, and the limits beyond which a predicted expression cannot be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.measures import brightness, contrast, sharpness
from core.vision.crops import Faces, square_of
from core.vision.faces import Face

TOO_SMALL, TOO_DARK, BLURRED = "too small", "too dark", "blurred"

MIN_SIDE = 42
"""Smallest side of the crop, in pixels of the photo or frame.

This and the following limits are results of `python -m core limits cnn-student-2`. Below them, the labels of val images
that the model calls certain are less accurate than its threshold promises.
"""

MIN_BRIGHTNESS = 26.5
"""Lowest mean gray level of the crop, 0..255."""

MIN_SHARPNESS = 0.12
"""Lowest value of `relative_sharpness`."""


@dataclass(frozen=True)
class Quality:
    """How well a face can be seen."""

    side: int
    """Side in pixels of the square that was cropped from the image."""
    brightness: float
    """Mean gray level of the crop, 0..255."""
    sharpness: float
    """Sharpness of the crop; see `relative_sharpness`."""

    @property
    def flaw(self) -> str | None:
        """Why a prediction for this face cannot be trusted: one of the constants above, or None."""
        if self.side < MIN_SIDE:
            return TOO_SMALL
        if self.brightness < MIN_BRIGHTNESS:
            return TOO_DARK
        return BLURRED if self.sharpness < MIN_SHARPNESS else None


def measure_quality(faces: Sequence[Face], crops: Faces, margin: float) -> list[Quality]:
    """Return the quality of each face. `crops`, (n, 48, 48) uint8, are the faces cropped with `margin`."""
    sides = [square_of(face, margin).side for face in faces]
    return [
        Quality(side, float(light), float(sharp))
        for side, light, sharp in zip(sides, brightness(crops), relative_sharpness(crops), strict=True)
    ]


def relative_sharpness(crops: Faces) -> NDArray[np.float64]:
    """Return the variance of the Laplacian divided by the variance of the gray levels, (n, 48, 48) uint8 -> (n,).

    Unlike the variance of the Laplacian alone (`core.data.measures.sharpness`), it does not depend on brightness and
    contrast. It is 0 if all pixels are equal.
    """
    variance = contrast(crops).astype(np.float64) ** 2
    return np.divide(sharpness(crops), variance, out=np.zeros(len(crops)), where=variance > 0)
