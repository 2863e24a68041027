"""Bytes of a picture -> RGB array and back: the only home of colour conversion.

Pillow decodes, from an allow-list of formats; nothing else of it is reachable from outside.
"""

import io
import warnings
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import PIL.ImageOps
from numpy.typing import NDArray

from core.exceptions import InputError

Image = NDArray[np.uint8]
"""(H, W, 3) uint8 RGB."""

FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")

MAX_PIXELS = 50_000_000
"""Refused beyond, by the size that the file declares, before anything is decoded."""

MAX_BYTES = 4 * MAX_PIXELS + 1_000_000
"""An uncompressed picture of `MAX_PIXELS` with alpha; no file beyond is read into memory."""

HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def decode_image(data: bytes) -> Image:
    """JPEG, PNG, WebP or BMP -> (H, W, 3) uint8 RGB, as a viewer shows it.

    Turned as its EXIF says, transparency over white, 16 bits scaled to 8, the first picture of an animation.
    Raises InputError with a sentence for anything that cannot be read.
    """
    _refuse_unreadable(data)
    # What Pillow warns of (odd metadata, big pictures) is either harmless here or refused below.
    with warnings.catch_warnings(action="ignore"):
        try:
            with PIL.Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                _refuse_large(picture.size)
                picture.load()
                return _to_rgb(_turn_upright(picture))
        except (InputError, MemoryError):
            raise
        except PIL.Image.DecompressionBombError:
            raise _too_large() from None
        except PIL.UnidentifiedImageError:
            raise InputError("This is not a picture in a known format; use JPEG, PNG, WebP or BMP.") from None
        except Exception as error:  # on damaged files Pillow's decoders raise anything from EOFError to struct.error
            raise InputError("This picture is damaged or cut short; use an intact copy of the file.") from error


def read_bytes(path: Path) -> bytes:
    """A picture's file, not decoded yet; raises InputError if there is no such file, or if it is too large."""
    if not path.is_file():
        raise InputError(f"There is no file {path}; check the name.")
    if path.stat().st_size > MAX_BYTES:
        raise _too_large()
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check its permissions.") from error


def encode_png(image: NDArray[np.uint8]) -> bytes:
    """(H, W, 3) uint8 RGB or (H, W) uint8 gray -> a PNG file."""
    buffer = io.BytesIO()
    PIL.Image.fromarray(image).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def to_gray(image: Image) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB -> (H, W) uint8, by OpenCV's weights (ITU-R BT.601)."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def to_rgb(gray: NDArray[np.uint8]) -> Image:
    """(H, W) uint8 -> (H, W, 3) uint8, three times the same."""
    return np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), np.uint8)


def to_bgr(image: Image) -> Image:
    """(H, W, 3) uint8 RGB -> the same in the order of OpenCV's networks."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2BGR), np.uint8)


def shrunk(image: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """(H, W) or (H, W, 3) uint8 -> the same picture with a longer side of at most `longest` pixels."""
    height, width = image.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return image
    size_wh = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _refuse_unreadable(data: bytes) -> None:
    if not data:
        raise InputError("This file is empty; use a JPEG, PNG, WebP or BMP picture.")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise InputError("HEIC pictures cannot be read; export the photo as JPEG (on an iPhone: Most Compatible).")


def _refuse_large(size_wh: tuple[int, int]) -> None:
    if size_wh[0] * size_wh[1] > MAX_PIXELS:
        raise _too_large()


def _too_large() -> InputError:
    return InputError(f"This picture has more than {MAX_PIXELS // 1_000_000} megapixels; use a smaller copy.")


def _turn_upright(picture: PIL.Image.Image) -> PIL.Image.Image:
    try:
        return PIL.ImageOps.exif_transpose(picture)
    except Exception:  # damaged EXIF data is no reason to refuse an intact picture
        return picture


def _to_rgb(picture: PIL.Image.Image) -> Image:
    """Any mode that the allowed formats decode to -> (H, W, 3) uint8 RGB."""
    if picture.mode.startswith("I"):  # 16 bits of gray; Pillow would clip them at 255
        gray = (np.asarray(picture).astype(np.uint32) + 128) // 257
        return np.repeat(gray.astype(np.uint8)[:, :, np.newaxis], 3, axis=2)
    if picture.has_transparency_data:
        over_white = PIL.Image.new("RGBA", picture.size, "white")
        over_white.alpha_composite(picture.convert("RGBA"))
        picture = over_white
    return np.array(picture.convert("RGB"), np.uint8)
