"""Read FER2013 from its original CSV (fer2013.csv or icml_face_data.csv), in the order of the rows."""

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import PurePosixPath
from typing import BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import StageProgress
from core.data.sources.base import BadItems, ReadOptions, SourceImages
from core.data.sources.csv_rows import Row, rows
from core.data.sources.words import NUMBERINGS, class_number, emotion_of, split_of
from core.exceptions import InputError, shortened
from core.vision.crops import FACE_SIZE

CSV_NAMES = ("fer2013.csv", "icml_face_data.csv")
"""Names of the original CSV, in lower case."""

PROGRESS_ROWS = 500  # rows between two progress reports

WRONG_PIXELS = "the pixels are not all whole numbers from 0 to 255"


def read_csv(
    file: BinaryIO,
    name: str,
    options: ReadOptions,
    on_progress: StageProgress,
    bytes_read: Callable[[], int],
    size: int,
) -> SourceImages:
    """Read an open CSV. Columns may have other names and any order; the usage, and a header, may be missing.

    Without usage, `name`, such as train.csv, tells the split.

    `bytes_read()` returns how many of `size` bytes have been read, for the progress. Raises InputError if the file is
    not a CSV of FER2013, or if a row cannot be read and may not be left out.
    """
    numbering = options.classes or NUMBERINGS["fer2013"]
    records: list[tuple[str, str | None, str | None, str, int]] = []
    faces: list[NDArray[np.uint8]] = []
    bad = BadItems("row", options.skip_bad)
    with closing(rows(file)) as all_rows:
        for number, (line, row) in enumerate(all_rows):
            try:
                face = parse_pixels(_field(row, "pixels"))
                word = _class_word(row, numbering)
                split, usage = _split(row, name)
            except ValueError as error:
                bad.add(f"line {line:,}", error, len(faces))
            else:
                faces.append(face)
                records.append((f"line {line:,}", split, usage, word, number))
            if number % PROGRESS_ROWS == 0:
                on_progress("Reading rows (MB)", bytes_read() // 1_000_000, size // 1_000_000)
    skipped = bad.texts(len(faces))
    if not faces:
        raise InputError("The CSV has no rows to import; use fer2013.csv or icml_face_data.csv.")
    table = pd.DataFrame(records, columns=["name", "split", "usage", "word", "csv_row"]).assign(stem="")
    return SourceImages(table, np.stack(faces), skipped=skipped, numbering=numbering)


def parse_pixels(text: str) -> NDArray[np.uint8]:
    """Parse 2,304 gray levels, separated by spaces or commas, into (48, 48) uint8. Raises ValueError otherwise."""
    plain = text.strip("[] ").replace(",", " ") if "," in text else text
    levels = _whole_numbers(plain)
    if len(levels) != FACE_SIZE * FACE_SIZE:
        raise ValueError(f"{len(levels):,} pixels instead of {FACE_SIZE * FACE_SIZE:,}")
    if levels.min() < 0 or levels.max() > 255:
        raise ValueError(WRONG_PIXELS)
    return levels.astype(np.uint8).reshape(FACE_SIZE, FACE_SIZE)


def _whole_numbers(text: str) -> NDArray[np.int64]:
    """Parse whole numbers. Raises ValueError if there is anything else."""
    if text.isascii() and text.replace(" ", "").isdigit():  # the usual form, and the fastest parser
        return np.fromstring(text, np.int64, sep=" ")
    try:  # digits of other scripts, and other spaces
        return np.array([int(number) for number in text.split()], np.int64)
    except (ValueError, OverflowError) as error:
        raise ValueError(WRONG_PIXELS) from error


def _field(row: Row | None, role: str) -> str:
    if row is None:
        raise ValueError("it has more fields than the first row")
    return row.get(role, "")


def _class_word(row: Row | None, numbering: Mapping[str, str]) -> str:
    """Return the row's class as its source calls it; empty if the CSV has no such column."""
    word = _field(row, "emotion")
    if row and "emotion" in row and emotion_of(word) is None and class_number(word) not in numbering:
        raise ValueError(
            f"the emotion '{shortened(word, 30)}' is neither one of the numbers {', '.join(numbering)} nor an emotion"
        )
    return word


def _split(row: Row | None, name: str) -> tuple[str | None, str | None]:
    """Return split and usage of a row. If the CSV has no such column, its name tells them, or they are None."""
    word = _field(row, "usage")
    if not row or "usage" not in row:
        return split_of(PurePosixPath(name).stem) or (None, None)
    found = split_of(word)
    if found is None:
        raise ValueError(f"the usage '{shortened(word, 30)}' is not known; use Training, PublicTest or PrivateTest")
    return found
