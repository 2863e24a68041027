"""Predict the expressions in photos, and return the results as images and tables.

The Photo page and the command `predict` both use these functions.
"""

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
"""Maximum longer side of the preview on the Photo page, in pixels. Downloads have the size of the photo."""

BOX_COLUMNS = ("left", "top", "right", "bottom")

TABLE_COLUMNS = (
    *("image", "face", *BOX_COLUMNS, "face_confidence", "whole_picture"),
    *("model", "predicted_label", "confidence", "certain"),
    *PROBABILITY_COLUMNS,
)
"""Columns of the CSV file, which has one row per face and model.

Boxes are in pixels of the photo; `right` and `bottom` are one past the last pixel. Confidences and probabilities are
0..1. `whole_picture` and `certain` are true or false.
"""


@dataclass(frozen=True)
class Photo:
    """An image file that has not been decoded yet."""

    key: str
    """Unique for each photo. The results are cached under this key."""
    name: str
    data: bytes


@dataclass(frozen=True, eq=False)
class PhotoReading:
    """The predictions for the faces of one photo, and a small copy of the photo for display."""

    size_wh: tuple[int, int]
    readings: list[Reading]
    """One per face, the largest face first. Boxes are in pixels of the photo."""
    crops: Faces
    """(n, 48, 48) uint8: the input of the models, in the order of the readings."""
    small_copy: Image
    """(h, w, 3) uint8 RGB; the longer side is at most `PREVIEW_SIDE`."""
    as_one_face: bool
    """Whether the whole photo was treated as one face, without a detector."""


def example_photo() -> Photo:
    """Return scikit-image's portrait of Eileen Collins, by NASA, in the public domain."""
    import skimage.data

    return Photo("example", "astronaut.png", encode_png(skimage.data.astronaut()))


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names in the same order, with a number added to each repeated name: `a.jpg`, `a.jpg (2)`."""
    numbered: list[str] = []
    for name in names:
        candidates = (f"{name} ({number})" for number in count(2))
        unused = (new for new in candidates if new not in {*numbered, *names})
        numbered.append(name if name not in numbered else next(unused))
    return numbered


def read(data: bytes, recognizer: Recognizer, as_one_face: bool) -> PhotoReading:
    """Decode a photo and predict the expression of each face. Raises InputError if the photo cannot be decoded.

    With `as_one_face`, the whole photo is treated as one face.
    """
    image = decode_image(data)
    faces = [whole_image(image)] if as_one_face else recognizer.detector.detect(image)
    crops = crop_faces(image, faces)
    readings = recognizer.read_crops(faces, crops)
    height, width = image.shape[:2]
    return PhotoReading((width, height), readings, crops, shrunk(image, PREVIEW_SIDE), as_one_face)


def preview(photo_reading: PhotoReading, model: str) -> Image:
    """Return the small copy of a photo, annotated with the labels of one model."""
    height, width = photo_reading.small_copy.shape[:2]
    factor_x, factor_y = width / photo_reading.size_wh[0], height / photo_reading.size_wh[1]
    scaled = [_scale_box(reading, (factor_x, factor_y, factor_x, factor_y)) for reading in photo_reading.readings]
    return annotate(photo_reading.small_copy, scaled, model)


def _scale_box(reading: Reading, factors: tuple[float, ...]) -> Reading:
    """Multiply left, top, right and bottom of the reading's box by four factors. The box keeps at least one pixel."""
    left, top, right, bottom = (int(edge * factor) for edge, factor in zip(reading.face.xyxy, factors, strict=True))
    box = left, top, max(right, left + 1), max(bottom, top + 1)
    return replace(reading, face=Face(box, reading.face.confidence))


def annotated_png(data: bytes, photo_reading: PhotoReading, model: str) -> bytes:
    """Return the photo in full size, annotated with the labels of one model, as a PNG file."""
    return encode_png(annotate(decode_image(data), photo_reading.readings, model))


def readings_table(photo_readings: Mapping[str, PhotoReading]) -> pd.DataFrame:
    """Return one row per face and model, with `TABLE_COLUMNS`. The faces of a photo are numbered from 1.

    The keys of `photo_readings` are the names of the photos.
    """
    rows = [
        (
            *(name, number, *reading.face.xyxy, reading.face.confidence, photo_reading.as_one_face),
            *(model, reading.label(model), reading.confidence(model), reading.is_certain(model), *probabilities),
        )
        for name, photo_reading in photo_readings.items()
        for number, reading in enumerate(photo_reading.readings, start=1)
        for model, probabilities in reading.probabilities.items()
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))
