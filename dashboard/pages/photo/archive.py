"""One ZIP file with the annotated photos and the table of all readings."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePath

from core.csv_out import csv_bytes
from core.recognition import photos
from core.recognition.photos import PREVIEW_SIDE, PhotoReading
from core.vision.images import encode_png
from dashboard.components.downloads import safe_name

ABOUT = (
    f"The annotated photos as PNG files, shrunk to at most {PREVIEW_SIDE:,} pixels, and the table as CSV. The button "
    "under each photo saves it in full size."
)


def zipped(readings: Mapping[str, PhotoReading], model: str) -> bytes:
    """Return a ZIP file with readings.csv and one annotated PNG file per photo. `readings` are by the photos' names.

    The photos are small copies: in full size, twenty of them could take gigabytes.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readings.csv", csv_bytes(photos.readings_table(readings)))
        for number, (name, reading) in enumerate(readings.items(), start=1):
            # The number keeps names apart that differ only in their end, such as a.jpg and a.png.
            archive.writestr(
                safe_name(f"{number:02} {PurePath(name).stem}-annotated.png"),
                encode_png(photos.preview(reading, model)),
            )
    return buffer.getvalue()
