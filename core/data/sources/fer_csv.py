"""Read FER2013 from its original CSV (fer2013.csv or icml_face_data.csv), in the order of the rows."""

import re
from collections.abc import Iterator
from typing import IO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import StageProgress
from core.columns import EMOTION_DTYPE, USAGE_DTYPE
from core.data.sources.base import LabelledImages, unreadable_images_message
from core.emotions import CSV_EMOTIONS
from core.exceptions import InputError
from core.vision.crops import FACE_SIZE, Faces

CSV_NAMES = ("fer2013.csv", "icml_face_data.csv")
COLUMNS = ("emotion", "pixels", "Usage")
CHUNK_ROWS = 1024  # rows read at once, about 9 MB of text

GRAY_LEVELS_PATTERN = re.compile(r"\s*(\d{1,3}\s+)*\d{1,3}\s*")


def read_csv(file: IO[bytes], size: int, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Read an open CSV of `size` bytes. The image_id of each row is `csv/<usage>/<row number>`.

    Rows with invalid pixels are left out if `skip_bad` is True; otherwise they raise InputError. InputError is also
    raised if the file is not a CSV of FER2013.
    """
    tables, faces, bad = [], [], []
    for chunk in _chunks(file):
        good, chunk_faces, chunk_bad = _parse_chunk(chunk)
        tables.append(good)
        faces.append(chunk_faces)
        bad.extend(chunk_bad)
        on_progress("Reading rows (MB)", min(file.tell(), size) // 1_000_000, size // 1_000_000)
    if bad and not skip_bad:
        raise InputError(unreadable_images_message(bad))
    if not sum(map(len, faces)):
        raise InputError("The CSV has no rows to import; use fer2013.csv or icml_face_data.csv.")
    return LabelledImages(pd.concat(tables, ignore_index=True), np.concatenate(faces), skipped=tuple(bad))


def parse_pixels(text: str) -> NDArray[np.uint8]:
    """Parse 2,304 gray levels, separated by spaces, into (48, 48) uint8. Raises ValueError if the text is invalid."""
    if not GRAY_LEVELS_PATTERN.fullmatch(text):
        raise ValueError("The pixels are not all whole numbers from 0 to 255")
    levels = np.fromstring(text, np.int16, sep=" ")
    if len(levels) != FACE_SIZE * FACE_SIZE:
        raise ValueError(f"{len(levels):,} pixels instead of {FACE_SIZE * FACE_SIZE:,}")
    if levels.max() > 255:
        raise ValueError("The pixels are not all whole numbers from 0 to 255")
    return levels.astype(np.uint8).reshape(FACE_SIZE, FACE_SIZE)


def _chunks(file: IO[bytes]) -> Iterator[pd.DataFrame]:
    """Yield the columns emotion, pixels and Usage as text, in chunks of `CHUNK_ROWS`; the index is the row number."""
    try:
        for chunk in pd.read_csv(file, dtype=str, keep_default_na=False, chunksize=CHUNK_ROWS):
            chunk.columns = chunk.columns.str.strip()  # icml_face_data.csv has ` pixels` and ` Usage`
            missing = [column for column in COLUMNS if column not in chunk]
            if missing:
                raise InputError(
                    f"The CSV has no column {' and no column '.join(missing)} (it has {', '.join(chunk.columns)}); "
                    "use fer2013.csv or icml_face_data.csv, which have emotion, pixels and Usage."
                )
            yield chunk[list(COLUMNS)]
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(f"This is not a readable CSV ({error}); download fer2013.csv again.") from error


def _parse_chunk(chunk: pd.DataFrame) -> tuple[pd.DataFrame, Faces, list[str]]:
    """Return the labels and faces of the readable rows, and one text per row with invalid pixels."""
    faces = np.empty((len(chunk), FACE_SIZE, FACE_SIZE), np.uint8)
    good: list[int] = []
    bad: list[str] = []
    for row, text in zip(chunk.index.tolist(), chunk["pixels"], strict=True):
        try:
            faces[len(good)] = parse_pixels(text)
            good.append(row)
        except ValueError as error:
            bad.append(f"Line {_line_number(row)}: {error}.")
    return _label_table(chunk.loc[good]), faces[: len(good)], bad


def _label_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the columns image_id, usage and true_label. Raises InputError if a usage or class number is invalid."""
    usage, class_number = rows["Usage"].str.strip(), rows["emotion"].str.strip()
    emotions = {str(number): emotion for number, emotion in enumerate(CSV_EMOTIONS)}
    _reject_first(class_number[~class_number.isin(emotions)], "emotion", "a number from 0 to 6")
    _reject_first(usage[~usage.isin(USAGE_DTYPE.categories)], "Usage", "one of " + ", ".join(USAGE_DTYPE.categories))
    return pd.DataFrame(
        {
            "image_id": "csv/" + usage + "/" + rows.index.astype(str),
            "usage": usage.astype(USAGE_DTYPE),
            "true_label": class_number.map(emotions).astype(EMOTION_DTYPE),
        }
    )


def _reject_first(invalid: "pd.Series[str]", column: str, allowed: str) -> None:
    """Raise InputError for the first invalid value of the column, if there is one; `allowed` describes valid values."""
    for row, value in invalid.items():
        raise InputError(
            f"Line {_line_number(int(str(row)))} of the CSV has the {column} '{value}' instead of {allowed}; "
            "nothing was imported. Correct the line or download the file again."
        )


def _line_number(row: int) -> int:
    """Return the line of a row in the file. Lines count from 1, rows from 0, and line 1 is the header."""
    return row + 2
