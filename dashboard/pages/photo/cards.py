"""Cards for the faces of a photo."""

import numpy as np
from numpy.typing import NDArray

from core.recognition.photos import PhotoReading
from dashboard.components.face_cards import FaceCard, data_url, prediction_notes

CROP_SCALE = 4
"""Factor by which a crop is enlarged: each pixel becomes a square of 4 by 4 pixels."""


def face_cards(photo_reading: PhotoReading) -> list[FaceCard]:
    """Return one card per face, with its crop and each model's label and probabilities."""
    count = len(photo_reading.readings)
    return [
        FaceCard(
            title="The whole photo as one face" if photo_reading.as_one_face else f"Face {number} of {count}",
            notes=prediction_notes(reading),
            image_url=data_url(enlarge(crop, CROP_SCALE)),
            bars=reading.probabilities,
            alt=f"face {number} as the models see it: 48 by 48 pixels",
        )
        for number, (reading, crop) in enumerate(zip(photo_reading.readings, photo_reading.crops, strict=True), start=1)
    ]


def enlarge(crop: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Enlarge a crop without smoothing (nearest neighbour): (h, w) -> (h * factor, w * factor)."""
    return crop.repeat(factor, axis=0).repeat(factor, axis=1)
