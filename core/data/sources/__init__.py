"""The forms in which people have FER2013, and how each is read: zip, folder, CSV, or a CSV inside one of the former."""

import io
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pandas as pd

from core.callbacks import StageProgress
from core.data.sources.base import LabelledImages
from core.data.sources.fer_csv import CSV_NAMES, read_csv
from core.data.sources.matching import name_rows
from core.data.sources.pictures import READ_ERRORS, check_members, read_folder, read_zip
from core.exceptions import InputError

Source = Path | BinaryIO
"""A path, or an open binary file with a name (an upload)."""

FORMS = "archive.zip, its unpacked folder, or fer2013.csv"
DAMAGED = "The archive is cut short or damaged; download it again."


def read_source(source: Source, shipped: pd.DataFrame, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Find out what was given and read it, sorted by image_id; raises InputError where it is not FER2013.

    The rows of a CSV take their image_id from the shipped manifest.
    """
    if isinstance(source, Path):
        return _read_path(source, shipped, skip_bad, on_progress)
    if source.name.lower().endswith(".csv"):
        return name_rows(read_csv(source, _size(source), skip_bad, on_progress), shipped)
    with _open_zip(source) as archive:
        return _read_archive(archive, shipped, skip_bad, on_progress)


def _read_path(path: Path, shipped: pd.DataFrame, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    if path.is_dir():
        table = next((path / name for name in CSV_NAMES if (path / name).is_file()), None)
        return _read_path(table, shipped, skip_bad, on_progress) if table else read_folder(path, skip_bad, on_progress)
    try:
        with path.open("rb") as file:
            return read_source(file, shipped, skip_bad, on_progress)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; give the path of {FORMS}.") from error
    except PermissionError as error:
        raise InputError(f"{path} may not be read; change its permissions.") from error


def _open_zip(file: BinaryIO) -> zipfile.ZipFile:
    begins_as_zip = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        if begins_as_zip:
            raise InputError(DAMAGED) from error
        raise InputError(f"{Path(file.name).name} is neither a zip archive nor a CSV; give {FORMS}.") from error


def _read_archive(
    archive: zipfile.ZipFile, shipped: pd.DataFrame, skip_bad: bool, on_progress: StageProgress
) -> LabelledImages:
    check_members(archive.infolist())
    table = next((member for member in archive.infolist() if PurePosixPath(member.filename).name in CSV_NAMES), None)
    if table is None:
        return read_zip(archive, skip_bad, on_progress)
    try:
        with archive.open(table) as file:
            return name_rows(read_csv(file, table.file_size, skip_bad, on_progress), shipped)
    except READ_ERRORS as error:
        raise InputError(DAMAGED) from error


def _size(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size
