"""Read photos from bytes, in the same way for the Photo page and `core predict`."""

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
"""Longer side of the preview on the page, in pixels; downloads keep the size of the photo."""

BOX_COLUMNS = ("left", "top", "right", "bottom")

TABLE_COLUMNS = (
    *("image", "face", *BOX_COLUMNS, "face_confidence", "whole_picture"),
    *("model", "predicted_label", "confidence", "certain"),
    *PROBABILITY_COLUMNS,
)
"""Columns of the CSV. Boxes are in pixels of the photo, half-open; fractions are 0..1; `certain` is true or false."""


@dataclass(frozen=True)
class Photo:
    """A photo that has not been read yet."""

    key: str
    """Unique for each upload; the results are cached under this key."""
    name: str
    data: bytes


@dataclass(frozen=True, eq=False)
class PhotoReading:
    """The readings of one photo, and a small copy of it for display."""

    size_wh: tuple[int, int]
    readings: list[Reading]
    """The largest face first; boxes in pixels of the photo."""
    crops: Faces
    """(n, 48, 48) uint8: the input of the models, in the order of the readings."""
    small: Image
    """(h, w, 3) uint8 RGB; the longer side is at most `PREVIEW_SIDE`."""
    as_one_face: bool
    """Whether the whole image was read as one face, without a detector."""


def example_photo() -> Photo:
    """Return scikit-image's portrait of Eileen Collins, by NASA, in the public domain."""
    import skimage.data

    return Photo("example", "astronaut.png", encode_png(skimage.data.astronaut()))


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names in the same order, with numbers added to repeated ones: `a.jpg`, `a.jpg (2)`."""
    numbered: list[str] = []
    for name in names:
        candidates = (f"{name} ({number})" for number in count(2))
        unused = (new for new in candidates if new not in {*numbered, *names})
        numbered.append(name if name not in numbered else next(unused))
    return numbered


def read(data: bytes, recognizer: Recognizer, as_one_face: bool) -> PhotoReading:
    """Decode a photo and read its faces, or the whole image as one face; raises InputError if it cannot be decoded."""
    image = decode_image(data)
    faces = [whole_image(image)] if as_one_face else recognizer.detector.detect(image)
    crops = crop_faces(image, faces)
    readings = recognizer.read_crops(faces, crops)
    height, width = image.shape[:2]
    return PhotoReading((width, height), readings, crops, shrunk(image, PREVIEW_SIDE), as_one_face)


def preview(reading: PhotoReading, model: str) -> Image:
    """Return the small copy of a photo, annotated with the labels of one model."""
    height, width = reading.small.shape[:2]
    factors = (width / reading.size_wh[0], height / reading.size_wh[1]) * 2
    return annotate(reading.small, [_scaled(one, factors) for one in reading.readings], model)


def _scaled(reading: Reading, factors: tuple[float, ...]) -> Reading:
    left, top, right, bottom = (int(edge * factor) for edge, factor in zip(reading.face.xyxy, factors, strict=True))
    box = left, top, max(right, left + 1), max(bottom, top + 1)
    return replace(reading, face=Face(box, reading.face.confidence))


def annotated_png(data: bytes, reading: PhotoReading, model: str) -> bytes:
    """Return the photo in full size, annotated with the labels of one model, as a PNG file."""
    return encode_png(annotate(decode_image(data), reading.readings, model))


def readings_table(readings: Mapping[str, PhotoReading]) -> pd.DataFrame:
    """Return one row per face and model, with `TABLE_COLUMNS`; faces are counted from 1.

    The keys of `readings` are the names of the photos.
    """
    rows = [
        (
            *(name, number, *one.face.xyxy, one.face.confidence, reading.as_one_face),
            *(model, one.label(model), one.confidence(model), one.is_certain(model), *probabilities),
        )
        for name, reading in readings.items()
        for number, one in enumerate(reading.readings, start=1)
        for model, probabilities in one.probabilities.items()
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))
