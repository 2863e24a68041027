"""Cards for the faces of a photo, and a table of the faces of several photos."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.recognition.photos import PhotoReading
from core.recognition.quality import MIN_BRIGHTNESS, MIN_SIDE, TOO_DARK, TOO_SMALL, Quality
from core.recognition.reading import Reading
from core.vision.images import data_url
from dashboard.components.face_cards import FaceCard
from dashboard.components.wording import DASH
from dashboard.plain_text import one_line

CROP_SCALE = 4
"""Factor by which a crop is enlarged: each pixel becomes a square of 4 by 4 pixels."""

TOP = 3
"""Bars per model that are visible at once; the others are folded away."""

LONGEST_NAME = 32
"""Longer names of photos are shortened in the table."""

LIMITS = {TOO_SMALL: f" (below {MIN_SIDE} px)", TOO_DARK: f" (light below {MIN_BRIGHTNESS:.0f})"}
"""Flaw of a face -> the limit that it does not reach."""


def face_cards(photo_reading: PhotoReading) -> list[FaceCard]:
    """Return one card per face, with its crop and each model's label and probabilities."""
    count = len(photo_reading.readings)
    return [
        FaceCard(
            title="The whole photo as one face" if photo_reading.as_one_face else f"Face {number} of {count}",
            notes=notes(reading),
            image_url=data_url(enlarge(crop, CROP_SCALE)),
            bars=reading.probabilities,
            alt=f"face {number} as the models see it: 48 by 48 pixels",
            top=TOP,
        )
        for number, (reading, crop) in enumerate(zip(photo_reading.readings, photo_reading.crops, strict=True), start=1)
    ]


def notes(reading: Reading) -> tuple[str, ...]:
    """Return one line per model with its label and, if it is uncertain, the reason, and one on how the face looks."""
    lines = [f"{model}: {reading.label_text(model)}{_reason(reading, model)}" for model in reading.probabilities]
    quality = reading.quality
    return (*lines, f"Side {quality.side} px · light {light_text(quality)}") if quality else tuple(lines)


def _reason(reading: Reading, model: str) -> str:
    """Return why a label is uncertain, with a comma before it; an empty string if it is certain."""
    if reading.quality and (flaw := reading.quality.flaw):
        return f", {flaw}{LIMITS.get(flaw, '')}"
    if reading.is_confident(model):
        return ""
    return f", below the threshold of {100 * reading.thresholds[model]:.0f} %"


def light_text(quality: Quality) -> str:
    """Return the brightness of a face: `133 of 255`."""
    return f"{quality.brightness:.0f} of 255"


def enlarge(crop: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Enlarge a crop without smoothing (nearest neighbour): (h, w) -> (h * factor, w * factor)."""
    return crop.repeat(factor, axis=0).repeat(factor, axis=1)


def faces_table(readings: Mapping[str, PhotoReading], models: Sequence[str]) -> pd.DataFrame:
    """Return one row per photo and face, and one per photo without a face. `readings` are by the photos' names."""
    columns = ["Photo", "Face", *models, "Side", "Light", "Uncertain because"]
    rows = [
        row
        for name, photo_reading in readings.items()
        for row in (_rows(one_line(name, LONGEST_NAME), photo_reading.readings, models))
    ]
    return pd.DataFrame(rows, columns=columns)


def _rows(name: str, readings: Sequence[Reading], models: Sequence[str]) -> list[list[str]]:
    if not readings:
        return [[name, "no face", *[DASH] * (len(models) + 3)]]
    return [
        [name, str(number), *map(one.label_text, models), *_quality(one), reasons(one, models)]
        for number, one in enumerate(readings, start=1)
    ]


def _quality(reading: Reading) -> tuple[str, str]:
    quality = reading.quality
    return (f"{quality.side} px", light_text(quality)) if quality else (DASH, DASH)


def reasons(reading: Reading, models: Sequence[str]) -> str:
    """Return why labels are uncertain: a flaw of the face, or the models with low confidence; a dash if none is."""
    if reading.quality and (flaw := reading.quality.flaw):
        return flaw
    unsure = [model for model in models if not reading.is_confident(model)]
    return f"low confidence: {', '.join(unsure)}" if unsure else DASH
