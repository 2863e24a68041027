"""Read, decode and encode image files, and convert image arrays between RGB, BGR and gray."""

import base64
import io
import warnings
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
from numpy.typing import NDArray

from core.exceptions import InputError
from core.runtime.image_lock import image_lock
from core.vision.formats import (
    FORMAT_NAMES,
    FORMATS,
    MAX_BYTES,
    RGB_BYTES,
    far_too_large,
    memory_per_pixel,
    refuse_costly,
    refuse_empty_or_huge,
    refuse_large,
    too_many_bytes,
)
from core.vision.heic import decode_heic, is_heic
from core.vision.pixels import upright_rgb

Image = NDArray[np.uint8]
"""(H, W, 3) uint8 RGB."""

EXIF_ORIENTATION = 0x0112


def decode_image(data: bytes) -> Image:
    """Decode an image file of any format in `FORMAT_NAMES` to (H, W, 3) uint8 RGB, as an image viewer shows it.

    The image is turned upright according to its EXIF orientation. Transparent pixels are blended with white. Values of
    more than 8 bits are scaled to 8 bits. Only the first image of an animation or of several pages is read, or the
    primary image of a HEIC file. Raises InputError if the file cannot be decoded or is too large.
    """
    refuse_empty_or_huge(data)
    # Pillow warns about unusual metadata, which is harmless, and about large images, which `refuse_large` refuses.
    with image_lock, warnings.catch_warnings(action="ignore"):
        try:
            return decode_heic(data) if is_heic(data) else _decode_with_pillow(data)
        except (InputError, MemoryError):
            raise
        except PIL.Image.DecompressionBombError:
            raise far_too_large() from None
        except PIL.UnidentifiedImageError:
            raise InputError(f"This is not an image in a supported format; use {FORMAT_NAMES}.") from None
        except Exception as error:  # Pillow and pi-heif raise many exception types for damaged files
            raise InputError("This image is damaged or incomplete; use an intact copy of the file.") from error


def read_bytes(path: Path) -> bytes:
    """Read an image file without decoding it. Raises InputError if it is missing, too large or not readable."""
    if not path.is_file():
        raise InputError(f"There is no file {path}; check the name.")
    if (size := path.stat().st_size) > MAX_BYTES:
        raise too_many_bytes(size)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check its permissions.") from error


def encode_png(image: NDArray[np.uint8]) -> bytes:
    """Encode (H, W, 3) uint8 RGB or (H, W) uint8 gray as a PNG file."""
    return encode_png_of(lambda: image)


def data_url(image: NDArray[np.uint8]) -> str:
    """Encode an image, as in `encode_png`, as a data URL: the `src` of an `<img>` that loads nothing."""
    return "data:image/png;base64," + base64.b64encode(encode_png(image)).decode()


def encode_png_of(make: Callable[[], NDArray[np.uint8]]) -> bytes:
    """Encode the image that `make` returns, as in `encode_png`. The image itself is dropped before the file is made."""
    copy, buffer = PIL.Image.fromarray(make()), io.BytesIO()
    copy.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def to_gray(image: Image) -> NDArray[np.uint8]:
    """Convert (H, W, 3) uint8 RGB to (H, W) uint8 gray with the weights of ITU-R BT.601."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def to_rgb(gray: NDArray[np.uint8]) -> Image:
    """Convert (H, W) uint8 gray to (H, W, 3) uint8 RGB with three equal channels."""
    return np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), np.uint8)


def to_bgr(image: Image) -> NDArray[np.uint8]:
    """Convert (H, W, 3) uint8 RGB to BGR, the channel order that OpenCV's networks expect."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2BGR), np.uint8)


def turn_clockwise(image: Image, degrees: int) -> Image:
    """Turn an image, (H, W, 3) uint8, by 0, 90, 180 or 270 degrees clockwise."""
    return np.rot90(image, -(degrees // 90)).copy()


def shrunk(image: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """Shrink an image, (H, W) or (H, W, 3) uint8, so that its longer side has at most `longest` pixels."""
    height, width = image.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return image
    size_wh = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _decode_with_pillow(data: bytes) -> Image:
    with PIL.Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        refuse_large(opened.size)
        refuse_costly(opened.size, memory_per_pixel(opened), len(data))
        image_lock.note_size(opened.width * opened.height * RGB_BYTES)
        opened.load()
        image_lock.return_memory()  # that of the decoder, before more is needed
        return upright_rgb(opened, _orientation(opened))


def _orientation(image: PIL.Image.Image) -> int:
    """Return the EXIF orientation, 1..8; 1 if there is none. Pillow has already turned TIFF images."""
    try:
        return 1 if image.format == "TIFF" else int(image.getexif().get(EXIF_ORIENTATION, 1))
    except Exception:  # the image may be intact even if its EXIF data is damaged
        return 1
