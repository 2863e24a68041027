"""Convert the pixels of a Pillow image of any mode to RGB, in strips, so that few copies are in memory at a time."""

from collections.abc import Callable, Iterator

import numpy as np
import PIL.Image
from numpy.typing import NDArray

STRIP_PIXELS = 1_000_000

WHITE_LEVELS = (1.0, 255.0, 65535.0)
"""Values that mean white in images of floating-point or 32-bit values: the smallest that no value exceeds."""

Strip = NDArray[np.uint8]
"""Some rows of an image: (rows, W, 3) uint8 RGB, or (rows, W, 1) uint8 gray."""


def upright_rgb(image: PIL.Image.Image, orientation: int = 1) -> NDArray[np.uint8]:
    """Return a Pillow image as (H, W, 3) uint8 RGB, turned as the EXIF `orientation` (1..8) says.

    Transparent pixels are blended with white. Values of more than 8 bits are scaled.
    """
    width, height = image.size
    upright = np.empty((width, height, 3) if orientation in (5, 6, 7, 8) else (height, width, 3), np.uint8)
    stored = as_stored(upright, orientation)
    convert = _converter(image)
    for top, strip in _strips(image):
        stored[top : top + strip.height] = convert(strip)
    return upright


def as_stored(upright: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Return a view of an upright image with the pixels in the order of a file with this EXIF orientation."""
    views: dict[int, NDArray[np.uint8]] = {
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright),
        7: upright[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(upright, -1),
    }
    return views.get(orientation, upright)


def _strips(image: PIL.Image.Image) -> Iterator[tuple[int, PIL.Image.Image]]:
    """Yield strips of at most about `STRIP_PIXELS` pixels, each with the number of its first row."""
    width, height = image.size
    rows = max(1, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        yield top, image.crop((0, top, width, min(top + rows, height)))


def _converter(image: PIL.Image.Image) -> Callable[[PIL.Image.Image], Strip]:
    if image.mode.startswith("I;16"):
        return _gray_from_16_bits
    if image.mode in ("I", "F"):
        white = _white_level(image)
        return lambda strip: _gray_from_values(strip, white)
    return _blended_with_white if image.has_transparency_data else _rgb


def _gray_from_16_bits(strip: PIL.Image.Image) -> Strip:
    return ((np.asarray(strip).astype(np.uint32) + 128) // 257).astype(np.uint8)[:, :, np.newaxis]


def _white_level(image: PIL.Image.Image) -> float:
    highest = 0.0
    for _, strip in _strips(image):
        values = np.asarray(strip)
        highest = max(highest, float(values.max(initial=0, where=np.isfinite(values))))
    return next((level for level in WHITE_LEVELS if highest <= level), highest)


def _gray_from_values(strip: PIL.Image.Image, white: float) -> Strip:
    """Scale values, int32 or float32, so that `white` becomes 255. Values that are not finite become 0."""
    values = np.nan_to_num(np.asarray(strip).astype(np.float64), nan=0, posinf=0, neginf=0)
    return (values * (255 / white) + 0.5).clip(0, 255).astype(np.uint8)[:, :, np.newaxis]


def _blended_with_white(strip: PIL.Image.Image) -> Strip:
    on_white = PIL.Image.new("RGBA", strip.size, "white")
    on_white.alpha_composite(strip.convert("RGBA"))
    return _rgb(on_white)


def _rgb(strip: PIL.Image.Image) -> Strip:
    return np.asarray(strip.convert("RGB"), np.uint8)
