"""What was read in a photo, as cards."""

import numpy as np
from numpy.typing import NDArray

from core.recognition.photos import PhotoReading
from dashboard.components.face_cards import FaceCard, data_address, verdicts

CROP_ENLARGED = 4
"""Each pixel of a crop is shown as a square of so many: nothing is smoothed."""


def face_cards(reading: PhotoReading) -> list[FaceCard]:
    """One card per face: the crop that the models saw, each model's label in words, and its bars."""
    count = len(reading.readings)
    return [
        FaceCard(
            title="The whole picture as one face" if reading.whole else f"Face {number} of {count}",
            notes=verdicts(one),
            picture=data_address(enlarge(crop, CROP_ENLARGED)),
            bars=one.probabilities,
            alt=f"the 48 by 48 pixels of face {number} that the models saw",
        )
        for number, (one, crop) in enumerate(zip(reading.readings, reading.crops, strict=True), start=1)
    ]


def enlarge(crop: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Each pixel as a square of `factor` by `factor` (nearest neighbour)."""
    return crop.repeat(factor, axis=0).repeat(factor, axis=1)
