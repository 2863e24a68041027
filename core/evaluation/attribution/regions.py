"""Where the strongest pixels of a map lie, in words: the nine regions of a 3x3 grid."""

from typing import NamedTuple

import numpy as np

from core.evaluation.attribution.explanation import Map
from core.vision.crops import FACE_SIZE

REGIONS = (
    *("top left", "top centre", "top right"),
    *("middle left", "centre", "middle right"),
    *("bottom left", "bottom centre", "bottom right"),
)
"""Names of the regions, row by row; left and right are those of the picture, not of the person."""

GRID = 3


class Side(NamedTuple):
    """Where the pixels of one sign are strongest."""

    region: str | None
    """A region of `REGIONS`; None if no pixel has this sign."""
    share: float
    """The region's share of the sum over all pixels of this sign, 0..1."""


def strongest(values: Map) -> tuple[Side, Side]:
    """Return where most speaks for the label, and where most speaks against it, in a (48, 48) map."""
    return _side(values.clip(min=0)), _side((-values).clip(min=0))


def _side(values: Map) -> Side:
    side = FACE_SIZE // GRID
    sums = values.astype(np.float64).reshape(GRID, side, GRID, side).sum(axis=(1, 3)).ravel()
    total = float(sums.sum())
    if total <= 0:
        return Side(None, 0.0)
    return Side(REGIONS[int(sums.argmax())], float(sums.max()) / total)
