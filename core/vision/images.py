"""Read, decode and encode image files, and convert image arrays between RGB, BGR and gray."""

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
"""Formats that Pillow may decode."""

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")

MAX_PIXELS = 50_000_000
"""Images with more pixels are refused before decoding; the size is read from the file header."""

MAX_BYTES = 4 * MAX_PIXELS + 1_000_000
"""Larger files are not read. The limit has room for `MAX_PIXELS` uncompressed pixels of 4 bytes (RGBA) and a header."""

HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
"""Codes in the header of HEIC files."""


def decode_image(data: bytes) -> Image:
    """Decode a JPEG, PNG, WebP or BMP file to (H, W, 3) uint8 RGB, as an image viewer shows it.

    The image is turned upright according to its EXIF orientation. Transparent pixels are blended with white. 16-bit
    values are scaled to 8 bits. Only the first image of an animation is read. Raises InputError if the file cannot be
    decoded.
    """
    _refuse_unreadable(data)
    # Pillow warns about unusual metadata, which is harmless, and about large images, which `_refuse_large` refuses.
    with warnings.catch_warnings(action="ignore"):
        try:
            with PIL.Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                _refuse_large(opened.size)
                opened.load()
                return _pillow_to_rgb(_turn_upright(opened))
        except (InputError, MemoryError):
            raise
        except PIL.Image.DecompressionBombError:
            raise _too_large() from None
        except PIL.UnidentifiedImageError:
            raise InputError("This is not an image in a supported format; use JPEG, PNG, WebP or BMP.") from None
        except Exception as error:  # Pillow raises many exception types for damaged files
            raise InputError("This image is damaged or incomplete; use an intact copy of the file.") from error


def read_bytes(path: Path) -> bytes:
    """Read an image file without decoding it. Raises InputError if it is missing, too large or not readable."""
    if not path.is_file():
        raise InputError(f"There is no file {path}; check the name.")
    if path.stat().st_size > MAX_BYTES:
        raise _too_large()
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check its permissions.") from error


def encode_png(image: NDArray[np.uint8]) -> bytes:
    """Encode (H, W, 3) uint8 RGB or (H, W) uint8 gray as a PNG file."""
    buffer = io.BytesIO()
    PIL.Image.fromarray(image).save(buffer, "PNG", compress_level=3)
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
    return np.ascontiguousarray(np.rot90(image, -(degrees // 90)))


def shrunk(image: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """Shrink an image, (H, W) or (H, W, 3) uint8, so that its longer side has at most `longest` pixels."""
    height, width = image.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return image
    size_wh = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _refuse_unreadable(data: bytes) -> None:
    if not data:
        raise InputError("This file is empty; use a JPEG, PNG, WebP or BMP image.")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise InputError("HEIC images are not supported; convert the photo to JPEG.")


def _refuse_large(size_wh: tuple[int, int]) -> None:
    if size_wh[0] * size_wh[1] > MAX_PIXELS:
        raise _too_large()


def _too_large() -> InputError:
    return InputError(f"This image has more than {MAX_PIXELS // 1_000_000} megapixels; use a smaller copy.")


def _turn_upright(image: PIL.Image.Image) -> PIL.Image.Image:
    try:
        return PIL.ImageOps.exif_transpose(image)
    except Exception:  # the image may be intact even if its EXIF data is damaged
        return image


def _pillow_to_rgb(image: PIL.Image.Image) -> Image:
    """Convert a Pillow image to (H, W, 3) uint8 RGB. It may have any mode that occurs in files of the `FORMATS`."""
    if image.mode.startswith("I"):  # 16-bit gray, which Pillow would clip at 255
        gray = (np.asarray(image).astype(np.uint32) + 128) // 257
        return np.repeat(gray.astype(np.uint8)[:, :, np.newaxis], 3, axis=2)
    if image.has_transparency_data:
        on_white = PIL.Image.new("RGBA", image.size, "white")
        on_white.alpha_composite(image.convert("RGBA"))
        image = on_white
    return np.array(image.convert("RGB"), np.uint8)
