"""The result of every method: a map of one face for one label."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
"""(48, 48) float32, signed: positive pixels speak for a label, negative ones against it."""

Face = NDArray[np.uint8]
"""The pixels of one face, (48, 48) uint8 gray."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """Which pixels of a face speak for a label, and which against it, as one method measures it."""

    method: str
    """A key of `METHODS`."""
    label: str
    """The emotion that the pixels speak for or against."""
    values: Map
    """(48, 48) float32, signed: positive pixels speak for the label, negative ones against it."""
