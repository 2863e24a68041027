"""Predict the expressions in photos, and return the results as images and tables.

The Photo & video page and the command `predict` both use these functions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

import pandas as pd

from core.recognition.drawing import annotate
from core.recognition.reading import FACE_COLUMNS, MODEL_COLUMNS, Reading
from core.recognition.recognizer import Recognizer
from core.recognition.turned_search import detect_turned
from core.runtime.image_lock import image_lock
from core.vision.crops import Faces, crop_faces
from core.vision.faces import Face, scaled, turned, whole_image
from core.vision.images import (
    Image,
    decode_image,
    encode_png,
    encode_png_of,
    shrunk,
    turn_clockwise,
)

PREVIEW_SIDE = 1280
"""Maximum longer side of the preview on the Photo & video page, in pixels. Downloads have the size of the photo."""

TABLE_COLUMNS = ("image", "turned_by", "whole_picture", "face", *FACE_COLUMNS, "model", *MODEL_COLUMNS)
"""Columns of the CSV file, which has one row per face and model.

Boxes are in pixels of the photo before it was turned; `right` and `bottom` are one past the last pixel. Confidences and
probabilities are 0..1. `whole_picture` and `certain` are true or false. `turned_by` is in degrees, clockwise.
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
    """One per face, the largest face first. Boxes are in pixels of the photo before it was turned."""
    crops: Faces
    """(n, 48, 48) uint8: the input of the models, in the order of the readings."""
    small_copy: Image
    """(h, w, 3) uint8 RGB, not turned; the longer side is at most `PREVIEW_SIDE`."""
    as_one_face: bool
    """Whether the whole photo was treated as one face, without a detector."""
    turned_by: int = 0
    """Degrees by which the photo was turned clockwise, so that its faces are upright: 0, 90, 180 or 270."""


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


def read(data: bytes, recognizer: Recognizer, as_one_face: bool, turned_by: int | None = None) -> PhotoReading:
    """Decode a photo and predict the expression of each face. Raises InputError if the photo cannot be decoded.

    With `as_one_face`, the whole photo is treated as one face. `turned_by` is the clockwise turn in degrees that makes
    the photo upright, 0, 90, 180 or 270. If it is None, `detect_turned` finds the turn.
    """
    margin = 0.0 if as_one_face else recognizer.detector.margin
    with image_lock:
        image = decode_image(data)
        height, width = image.shape[:2]
        if as_one_face:
            faces, turned_by = [_whole_face(image, turned_by or 0)], turned_by or 0
        else:
            faces, turned_by = detect_turned(image, recognizer.detector, turned_by)
        crops, small_copy = crop_faces(image, faces, margin), shrunk(image, PREVIEW_SIDE)
        del image  # so that only one large image is in memory at a time
    readings = recognizer.read_crops(faces, crops, margin=margin)
    return PhotoReading((width, height), readings, crops, small_copy, as_one_face, turned_by)


def _whole_face(image: Image, turned_by: int) -> Face:
    """Return the whole photo as one face, which is upright after a clockwise turn by so many degrees."""
    return replace(whole_image(image), angle=float((turned_by + 180) % 360 - 180) if turned_by else None)


def preview(photo_reading: PhotoReading, model: str, longest: int = PREVIEW_SIDE) -> Image:
    """Return a small copy of a photo, upright and annotated with the labels of one model.

    The longer side of the photo is shrunk to at most `longest` pixels.
    """
    return _annotated(shrunk(photo_reading.small_copy, longest), photo_reading, model)


def annotated_png(data: bytes, photo_reading: PhotoReading, model: str) -> bytes:
    """Return the photo in full size, upright and annotated with the labels of one model, as a PNG file."""
    with image_lock:
        return encode_png_of(lambda: _annotated(decode_image(data), photo_reading, model, in_place=True))


def _annotated(image: Image, photo_reading: PhotoReading, model: str, in_place: bool = False) -> Image:
    """Turn a copy of the photo upright, in any size, and draw the readings on it.

    If `in_place` is true, the image itself may be drawn on, which saves the memory of a copy.
    """
    height, width = image.shape[:2]
    factors = width / photo_reading.size_wh[0], height / photo_reading.size_wh[1]
    turn = photo_reading.turned_by
    readings = [
        replace(reading, face=turned(scaled(reading.face, *factors), turn, (width, height)))
        for reading in photo_reading.readings
    ]
    if turn:
        return annotate(turn_clockwise(image, turn), readings, model, in_place=True)
    return annotate(image, readings, model, in_place)


def readings_table(photo_readings: Mapping[str, PhotoReading]) -> pd.DataFrame:
    """Return one row per face and model, with `TABLE_COLUMNS`. The faces of a photo are numbered from 1.

    The keys of `photo_readings` are the names of the photos.
    """
    rows = [
        row
        for name, photo_reading in photo_readings.items()
        for number, reading in enumerate(photo_reading.readings, start=1)
        for row in reading.rows(name, photo_reading.turned_by, photo_reading.as_one_face, number)
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))
