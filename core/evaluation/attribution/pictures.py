"""Draw an explanation over its face."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.colors import rgb
from core.evaluation.attribution.explanation import Face, Map
from core.vision.images import Image

SUPPORTS, OPPOSES = "#D55E00", "#0072B2"
"""Colours of the pixels that speak for a label, and against it; colour-blind readers can tell them apart."""

OPACITY = 0.75
"""Share of the colour at the strongest pixel; the rest is the face."""


def overlay(face: Face, values: Map, side: int = 240) -> Image:
    """Draw a map over its face, both (48, 48); return (side, side, 3) uint8 RGB.

    The strength of the colour is proportional to the value, relative to the largest absolute value of the map.
    """
    gray = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32)[..., None]
    strengths = cv2.resize(relative(values), (side, side), interpolation=cv2.INTER_LINEAR)[..., None]
    colors = np.where(strengths > 0, np.array(rgb(SUPPORTS), np.float32), np.array(rgb(OPPOSES), np.float32))
    mixed = gray + (colors - gray) * np.abs(strengths) * np.float32(OPACITY)
    return np.asarray(mixed.round().clip(0, 255), np.uint8)


def relative(values: Map) -> NDArray[np.float32]:
    """Divide a map by its largest absolute value, so that it is -1..1. A map of zeros stays as it is."""
    largest = np.abs(values).max()
    return np.asarray(values / largest if largest > 0 else np.zeros_like(values), np.float32)
