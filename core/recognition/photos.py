"""Photos: from bytes to readings, the same way for the page and the command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

import pandas as pd

from core.emotions import PROBABILITY_COLUMNS
from core.recognition.drawing import annotate
from core.recognition.reading import Reading
from core.recognition.recognizer import Recognizer
from core.vision.crops import Faces, crop_faces
from core.vision.faces import Face, whole_image
from core.vision.images import Image, decode_image, encode_png, shrunk

PREVIEW_SIDE = 1280
"""Longer side, in pixels, of the picture on the page; downloads have the photo's own size."""

BOX_COLUMNS = ("left", "top", "right", "bottom")

TABLE_COLUMNS = (
    *("image", "face", *BOX_COLUMNS, "face_confidence", "whole_picture"),
    *("model", "predicted_label", "confidence", "certain"),
    *PROBABILITY_COLUMNS,
)
"""Of the CSV of readings: boxes in pixels of the photo, half-open; fractions 0..1; `certain` is true or false."""


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
    import skimage.data

    return Photo("example", "astronaut.png", encode_png(skimage.data.astronaut()))


def unique_names(names: Sequence[str]) -> list[str]:
    """The names in their order, those that come again numbered: `a.jpg`, `a.jpg (2)`."""
    numbered: list[str] = []
    for name in names:
        again = (f"{name} ({number})" for number in count(2))
        numbered.append(name if name not in numbered else next(new for new in again if new not in {*numbered, *names}))
    return numbered


def read(data: bytes, recognizer: Recognizer, whole: bool) -> PhotoReading:
    """Decode a photo and read its faces, or the whole of it as one face; InputError if it cannot be decoded."""
    image = decode_image(data)
    faces = [whole_image(image)] if whole else recognizer.detector.detect(image)
    crops = crop_faces(image, faces)
    readings = recognizer.read_crops(faces, crops)
    height, width = image.shape[:2]
    return PhotoReading((width, height), readings, crops, shrunk(image, PREVIEW_SIDE), whole)


def preview(reading: PhotoReading, model: str) -> Image:
    """The small copy with the model's labels."""
    height, width = reading.small.shape[:2]
    factors = (width / reading.size_wh[0], height / reading.size_wh[1]) * 2
    return annotate(reading.small, [_scaled(one, factors) for one in reading.readings], model)


def _scaled(reading: Reading, factors: tuple[float, ...]) -> Reading:
    left, top, right, bottom = (int(edge * factor) for edge, factor in zip(reading.face.xyxy, factors, strict=True))
    box = left, top, max(right, left + 1), max(bottom, top + 1)
    return replace(reading, face=Face(box, reading.face.confidence))


def annotated_png(data: bytes, reading: PhotoReading, model: str) -> bytes:
    """The photo in its own size with the model's labels, as a PNG file."""
    return encode_png(annotate(decode_image(data), reading.readings, model))


def readings_table(readings: Mapping[str, PhotoReading]) -> pd.DataFrame:
    """Photo's name -> `TABLE_COLUMNS`: one row per face and model, faces counted from 1; probabilities 0..1."""
    rows = [
        (
            *(name, number, *one.face.xyxy, one.face.confidence, reading.whole),
            *(model, one.label(model), one.confidence(model), one.is_certain(model), *probabilities),
        )
        for name, reading in readings.items()
        for number, one in enumerate(reading.readings, start=1)
        for model, probabilities in one.probabilities.items()
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))
