"""The image formats that can be read, their file names, and the limits beyond which an image is refused."""

import io

import PIL.Image

from core.exceptions import InputError

SUFFIXES_BY_FORMAT = {
    "JPEG": (".jpg", ".jpeg", ".jfif"),
    "PNG": (".png",),
    "WebP": (".webp",),
    "BMP": (".bmp",),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
    "AVIF": (".avif",),
    "HEIC": (".heic", ".heif"),
}
"""Format -> the ends of its file names. A format is recognised by its content, whatever the file is called."""

FORMATS = tuple(name.upper() for name in SUFFIXES_BY_FORMAT if name != "HEIC")
"""Formats that Pillow may decode. HEIC is decoded by pi-heif (core/vision/heic.py)."""

SUFFIXES = tuple(suffix for suffixes in SUFFIXES_BY_FORMAT.values() for suffix in suffixes)

FORMAT_NAMES = ", ".join(list(SUFFIXES_BY_FORMAT)[:-1]) + " or " + list(SUFFIXES_BY_FORMAT)[-1]
"""The formats as part of a sentence: "JPEG, PNG, ... or HEIC"."""

MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
MAX_MB = 60
MAX_BYTES = MAX_MB * 1024**2
"""Images with more pixels, longer sides or more bytes are refused before decoding; the header has the size."""

MAX_MEMORY = 340_000_000
"""Bytes of memory that reading an image may take, its file included.

An image of `MAX_PIXELS` fits, unless its decoder keeps several copies of it.
"""

RGB_BYTES = 3
"""Bytes per pixel of a decoded image."""

PILLOW_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
"""Mode of a Pillow image -> its bytes per pixel. All other modes take 4, RGB too."""

DECODER_BYTES = {"WEBP": 13, "AVIF": 14}
"""Format -> bytes per pixel that its decoder takes beside the Pillow image, if they are many: measured, rounded up.

The decoder of WebP keeps three copies. That of AVIF has the planes of brightness and colours, of up to 12 bits, and
two copies.
"""


def refuse_empty_or_huge(data: bytes) -> None:
    """Raise InputError if a file has no bytes, or more than `MAX_BYTES`."""
    if not data:
        raise InputError(f"This file is empty; use a {FORMAT_NAMES} image.")
    if len(data) > MAX_BYTES:
        raise too_many_bytes(len(data))


def too_many_bytes(count: int) -> InputError:
    """Return the error for a file of so many bytes."""
    return InputError(
        f"This file has {count / 1024**2:,.0f} MB; images may have up to {MAX_MB} MB. Use a smaller copy."
    )


def refuse_large(size_wh: tuple[int, int]) -> None:
    """Raise InputError if an image of this size has too many pixels or a side that is too long."""
    width, height = size_wh
    if width * height > MAX_PIXELS:
        raise InputError(
            f"This image has {_megapixels(size_wh)} megapixels; "
            f"images may have up to {MAX_PIXELS // 1_000_000}. Use a smaller copy."
        )
    if max(size_wh) > MAX_SIDE:
        raise InputError(
            f"This image has {width:,} x {height:,} pixels; "
            f"its sides may have up to {MAX_SIDE:,}. Cut out the part with the face."
        )


def far_too_large() -> InputError:
    """Return the error for an image with so many pixels that Pillow does not open it."""
    return InputError(f"This image has far more than {MAX_PIXELS // 1_000_000} megapixels. Use a smaller copy.")


def refuse_costly(size_wh: tuple[int, int], bytes_per_pixel: float, file_size: int) -> None:
    """Raise InputError if decoding an image of this size would take more than `MAX_MEMORY`."""
    if size_wh[0] * size_wh[1] * bytes_per_pixel + file_size > MAX_MEMORY:
        raise InputError(
            f"This image has {_megapixels(size_wh)} megapixels, in a format that takes too much memory to read. "
            "Use a smaller copy, or save it as JPEG."
        )


def memory_per_pixel(image: PIL.Image.Image) -> float:
    """Return the most bytes per pixel that decoding takes. The image is open, but its pixels are not yet loaded."""
    pillow = PILLOW_BYTES.get(image.mode, 4)
    if image.format in ("JPEG", "MPO"):
        decoder = _jpeg_coefficients(image)
    elif image.format == "TIFF":
        decoder = _tiff_samples(image)
    else:
        decoder = DECODER_BYTES.get(image.format or "", 0)
    return pillow + max(decoder, RGB_BYTES)


def _megapixels(size_wh: tuple[int, int]) -> str:
    return f"{size_wh[0] * size_wh[1] / 1e6:,.1f}"


def _jpeg_coefficients(image: PIL.Image.Image) -> float:
    """Return the bytes per pixel that libjpeg takes for coefficients: two per value, if it must keep all of them.

    That is so if the values come in several scans, as in a progressive file.
    """
    layers = [(int(across), int(down)) for _, across, down, _ in getattr(image, "layer", ())]
    if not layers or not (image.info.get("progressive") or _first_scan_is_partial(image, len(layers))):
        return 0
    largest = max(across for across, _ in layers) * max(down for _, down in layers)
    return 2.0 * sum(across * down for across, down in layers) / max(1, largest)


def _first_scan_is_partial(image: PIL.Image.Image, components: int) -> bool:
    """Return whether the first scan of a JPEG file lacks some of the components. Pillow has read up to its marker."""
    file = getattr(image, "fp", None)
    if not isinstance(file, io.BytesIO):
        return True
    position = file.tell()
    header = file.read(3)  # two bytes of length, and the number of components
    file.seek(position)
    return len(header) < 3 or header[2] < components


def _tiff_samples(image: PIL.Image.Image) -> float:
    """Return the bytes per pixel of a TIFF file's strip or tile, which can be the whole image.

    An image that is stored turned is turned by Pillow, which takes a second copy.
    """
    tags = getattr(image, "tag_v2", {})
    bits = tags.get(258, (1,))
    samples = max(int(tags.get(277, 1)), len(bits))
    strip = max(bits) * samples / 8
    is_jpeg = tags.get(259) == 7
    turned_copy = PILLOW_BYTES.get(image.mode, 4) if tags.get(274, 1) != 1 else 0
    return float(max(strip + (2 * samples if is_jpeg else 0), turned_copy))
