"""Decode HEIC files, the photos of most iPhones, with pi-heif. It contains a decoder, libheif, but no encoder."""

import io

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from core.runtime.image_lock import image_lock
from core.vision.formats import RGB_BYTES, refuse_costly, refuse_large
from core.vision.pixels import upright_rgb

BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"))
"""Codes in the header of HEIC files. The last two also stand in AVIF files."""

PLANES_PER_PIXEL = {400: 1.0, 420: 1.5, 422: 2.0, 444: 3.0}
"""Colour subsampling -> values per pixel of the planes of brightness and colours."""


def is_heic(data: bytes) -> bool:
    """Return whether a file says that it is a HEIC image."""
    if data[4:8] != b"ftyp" or data[8:12] not in BRANDS:
        return False
    length = min(int.from_bytes(data[:4], "big"), 256)
    return b"avif" not in (data[start : start + 4] for start in range(16, length, 4))  # the compatible codes


def decode_heic(data: bytes) -> NDArray[np.uint8]:
    """Decode the primary image of a HEIC file to (H, W, 3) uint8 RGB. Transparent pixels are blended with white.

    libheif turns the image upright, so the EXIF orientation must not be applied again. Raises InputError if the image
    is too large, and one of several other exceptions if the file is damaged.
    """
    import pi_heif

    file = pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)  # reads only the header
    image = file[file.primary_index]
    refuse_large(image.size)
    planes = PLANES_PER_PIXEL.get(image.info.get("chroma"), 3.0) + image.has_alpha
    decoded_bytes = planes * (1 if image.info.get("bit_depth", 8) == 8 else 2)
    channels = len(image.mode)
    # libheif keeps the planes twice, and then the pixels
    refuse_costly(image.size, max(2 * decoded_bytes + channels, channels + RGB_BYTES), len(data))
    image_lock.note_size(image.size[0] * image.size[1] * RGB_BYTES)
    image.load()
    image_lock.return_memory()  # that of the decoder, before more is needed
    rows = np.frombuffer(image.data, np.uint8).reshape(-1, image.stride)
    width, height = image.size
    pixels = rows[:height, : width * channels].reshape(height, width, channels)
    # The pixels belong to `image` and are invalid without it, so they must be copied here.
    if image.mode == "RGB":
        return pixels.copy()
    return upright_rgb(PIL.Image.fromarray(pixels if channels > 1 else pixels[:, :, 0], image.mode))
