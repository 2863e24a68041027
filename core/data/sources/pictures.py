"""Read the image files of a folder or archive."""

import io

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from core.callbacks import StageProgress
from core.data.sources.base import BadItems, SourceImages
from core.data.sources.containers import Container, read_bytes
from core.data.sources.layout import Entry, Layout
from core.exceptions import InputError
from core.vision.crops import FACE_SIZE, crop_face
from core.vision.faces import whole_image
from core.vision.formats import FORMATS
from core.vision.images import decode_image

MAX_IMAGE_BYTES = 20_000_000


def read_images(container: Container, layout: Layout, skip_bad: bool, on_progress: StageProgress) -> SourceImages:
    """Read the images of a layout. Raises InputError if all are unreadable, or if one is and may not be left out."""
    entries = layout.entries
    faces = np.empty((len(entries), FACE_SIZE, FACE_SIZE), np.uint8)
    good: list[Entry] = []
    bad = BadItems("image", skip_bad)
    resized = recoloured = 0
    for done, entry in enumerate(entries, start=1):
        try:
            data = read_bytes(container, entry.name, MAX_IMAGE_BYTES)
            faces[len(good)], size_differs, mode_differs = decode_face(data)
        except InputError as error:
            bad.add(entry.name, error, len(good))
        else:
            good.append(entry)
            resized += size_differs
            recoloured += mode_differs
        on_progress("Reading images", done, len(entries))
    skipped = bad.texts(len(good))
    return SourceImages(
        _table(good),
        faces[: len(good)],
        resized,
        recoloured,
        skipped,
        left_out=layout.other_files,
        notes=(*container.notes, *layout.notes),
    )


def decode_face(data: bytes) -> tuple[NDArray[np.uint8], bool, bool]:
    """Decode an image file to a face, (48, 48) uint8 gray. Raises InputError if this is not possible.

    Also return whether the size of the file's image was not 48 x 48, and whether its mode was not 8-bit gray.
    """
    if not data:
        raise InputError("This file is empty.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            size_differs = opened.size != (FACE_SIZE, FACE_SIZE)
            mode_differs = opened.mode != "L"
            if not size_differs and not mode_differs:  # most images; decode_image would take three times as long
                return np.asarray(opened, np.uint8), False, False
    except Exception:  # Pillow raises many types for damaged files; decode_image below raises a clear error
        size_differs = mode_differs = False
    image = decode_image(data)
    return crop_face(image, whole_image(image)), size_differs, mode_differs


def _table(entries: list[Entry]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": pd.Series([entry.name for entry in entries], dtype=object),
            "stem": pd.Series([entry.stem for entry in entries], dtype=object),
            "split": pd.Series([entry.split for entry in entries], dtype=object),
            "usage": pd.Series([entry.usage for entry in entries], dtype=object),
            "word": pd.Series([entry.word for entry in entries], dtype=object),
            "csv_row": np.full(len(entries), -1, np.int32),
        }
    )
