"""Sizes of an annotated film and its frames."""

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from core.recognition.drawing import MIN_SIDE, annotate
from core.recognition.reading import Reading
from core.vision.faces import scaled
from core.vision.images import Image

FILM_SIDE = 1920
"""Maximum longer side of an annotated film, in pixels. Larger frames are shrunk."""


def film_size(size_wh: tuple[int, int]) -> tuple[int, int]:
    """Return the size of the film whose first frame has `size_wh`. Its sides are even, because H.264 needs that."""
    width, height = _size_alone(size_wh)
    return width + width % 2, height + height % 2


def size_in_film(size_wh: tuple[int, int], film_wh: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which a frame of `size_wh` is shown in a film of `film_wh`.

    The first frame of a film fills it. Later frames of another shape keep their proportions and touch two of its edges.
    """
    if film_size(size_wh) == film_wh:
        return _size_alone(size_wh)
    factor = min(film_wh[0] / size_wh[0], film_wh[1] / size_wh[1])
    width, height = (max(1, min(round(side * factor), most)) for side, most in zip(size_wh, film_wh, strict=True))
    return width, height


def annotated_in_film(image: Image, readings: Sequence[Reading], model: str, film_wh: tuple[int, int]) -> Image:
    """Return a frame, (H, W, 3) uint8 RGB, with boxes and labels, at the size at which the film shows it.

    It is scaled first and annotated then, so that text is legible at the size of the film.
    """
    height, width = image.shape[:2]
    new_width, new_height = size_in_film((width, height), film_wh)
    if (new_width, new_height) == (width, height):
        return annotate(image, readings, model)
    factors = new_width / width, new_height / height
    moved = [replace(reading, face=scaled(reading.face, *factors)) for reading in readings]
    return annotate(_resized(image, (new_width, new_height)), moved, model, in_place=True)


def fill_film(image: Image, film_wh: tuple[int, int]) -> Image:
    """Return an image of exactly the film's size. An image of another shape gets black bars.

    If only one row or column is missing, because a side is odd, the last one is repeated.
    """
    height, width = image.shape[:2]
    size_wh = size_in_film((width, height), film_wh)
    image = image if size_wh == (width, height) else _resized(image, size_wh)
    missing_x, missing_y = film_wh[0] - size_wh[0], film_wh[1] - size_wh[1]
    if not (missing_x or missing_y):
        return image
    if max(missing_x, missing_y) == 1:
        return np.asarray(cv2.copyMakeBorder(image, 0, missing_y, 0, missing_x, cv2.BORDER_REPLICATE))
    left, top = missing_x // 2, missing_y // 2
    borders = top, missing_y - top, left, missing_x - left
    return np.asarray(cv2.copyMakeBorder(image, *borders, cv2.BORDER_CONSTANT))


def _size_alone(size_wh: tuple[int, int]) -> tuple[int, int]:
    """Return the size of a frame that is shrunk to `FILM_SIDE`, or enlarged as `annotate` does it."""
    longer, shorter = max(size_wh), min(size_wh)
    enlarged = max(1, min(math.ceil(MIN_SIDE / shorter), FILM_SIDE // longer))
    factor = min(enlarged, FILM_SIDE / longer)
    width, height = (max(1, round(side * factor)) for side in size_wh)
    return width, height


def _resized(image: Image, size_wh: tuple[int, int]) -> Image:
    shrinks = size_wh[0] < image.shape[1]
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR))
