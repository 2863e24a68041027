"""Photos and what was read in them: no widgets here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
import pandas as pd
import skimage.data

from core.drawing import annotate
from core.emotions import PROBABILITY_COLUMNS
from core.faces import Face, Faces, crop_faces
from core.images import Image, decode_image, encode_png, shrunk
from core.recognizer import Reading, Recognizer
from dashboard.face_cards import FaceCard, data_address, verdicts

PREVIEW_SIDE = 1280
"""Longer side, in pixels, of the picture on the page; downloads have the photo's own size."""

CROP_ENLARGED = 4
"""Each pixel of a crop is shown as a square of so many: nothing is smoothed."""

BOX_COLUMNS = ("left", "top", "right", "bottom")
TABLE_COLUMNS = (
    *("image", "face", *BOX_COLUMNS, "face_confidence", "whole_picture"),
    *("model", "predicted_label", "confidence", "uncertain"),
    *PROBABILITY_COLUMNS,
)


@dataclass(frozen=True)
class Photo:
    """A picture that somebody gave, not looked into yet."""

    key: str
    """Different for each upload; what was read is remembered under it."""
    name: str
    data: bytes


@dataclass(frozen=True, eq=False)
class PhotoReading:
    """What was read in a photo, and a small copy to show it on."""

    size_wh: tuple[int, int]
    readings: list[Reading]
    """Largest face first; boxes in pixels of the photo."""
    crops: Faces
    """(n, 48, 48) uint8: exactly what the models saw, in the order of the readings."""
    small: Image
    """(h, w, 3) uint8 RGB, the longer side `PREVIEW_SIDE` at most."""
    whole: bool
    """Whether the whole picture was taken as one face, without looking for faces in it."""


def example_photo() -> Photo:
    """Eileen Collins, photographed by NASA: in the public domain, part of scikit-image."""
    return Photo("example", "astronaut.png", encode_png(skimage.data.astronaut()))


def unique_names(names: Sequence[str]) -> list[str]:
    """The names in their order, those that come again numbered: `a.jpg`, `a.jpg (2)`."""
    numbered: list[str] = []
    for name in names:
        again = (f"{name} ({number})" for number in count(2))
        numbered.append(name if name not in numbered else next(new for new in again if new not in {*numbered, *names}))
    return numbered


def read(data: bytes, recognizer: Recognizer, whole: bool) -> PhotoReading:
    """Decode a photo and read its faces, or the whole of it as one face; InputError where it cannot be decoded."""
    image = decode_image(data)
    readings = [recognizer.read_whole(image)] if whole else recognizer.read(image)
    crops = crop_faces(image, [reading.face for reading in readings])
    return PhotoReading(image.shape[1::-1], readings, crops, shrunk(image, PREVIEW_SIDE), whole)


def preview(reading: PhotoReading, model: str) -> Image:
    """The small copy with the model's labels."""
    height, width = reading.small.shape[:2]
    factors = (width / reading.size_wh[0], height / reading.size_wh[1]) * 2
    return annotate(reading.small, [_scaled(one, factors) for one in reading.readings], model)


def _scaled(reading: Reading, factors: tuple[float, ...]) -> Reading:
    left, top, right, bottom = (int(edge * factor) for edge, factor in zip(reading.face.xyxy, factors, strict=True))
    box = left, top, max(right, left + 1), max(bottom, top + 1)
    return replace(reading, face=Face(box, reading.face.confidence))


def annotated_png(photo: Photo, reading: PhotoReading, model: str) -> bytes:
    """The photo in its own size with the model's labels, as a PNG file."""
    return encode_png(annotate(decode_image(photo.data), reading.readings, model))


def readings_table(readings: Mapping[str, PhotoReading]) -> pd.DataFrame:
    """Photo's name -> what was read; a row a face and model, faces counted from 1; probabilities 0..1."""
    rows = [
        (
            *(name, number, *one.face.xyxy, one.face.confidence, reading.whole),
            *(model, one.label(model), one.confidence(model), not one.is_certain(model), *probabilities),
        )
        for name, reading in readings.items()
        for number, one in enumerate(reading.readings, start=1)
        for model, probabilities in one.probabilities.items()
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def face_cards(reading: PhotoReading) -> list[FaceCard]:
    """A card a face: the crop that the models saw, each model's label in words, and its bars."""
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


def enlarge(crop: np.ndarray, factor: int) -> np.ndarray:
    """Each pixel as a square of `factor` by `factor` (nearest neighbour)."""
    return crop.repeat(factor, axis=0).repeat(factor, axis=1)
