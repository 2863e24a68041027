"""Read FER2013 from a folder or zip of image files, or from its original CSV, which may also be in a folder or zip."""

import io
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pandas as pd

from core.callbacks import StageProgress
from core.data.sources.base import LabelledImages
from core.data.sources.fer_csv import CSV_NAMES, read_csv
from core.data.sources.matching import assign_image_ids
from core.data.sources.pictures import READ_ERRORS, check_members, read_folder, read_zip
from core.exceptions import InputError

Source = Path | BinaryIO
"""A path, or an uploaded file: an open binary file that has a name."""

ACCEPTED_SOURCES = "archive.zip, its unpacked folder, or fer2013.csv"
DAMAGED_ARCHIVE = "The archive is incomplete or damaged; download it again."


def read_source(source: Source, shipped: pd.DataFrame, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Read FER2013 from any source and return it sorted by image_id. Raises InputError if the source is not FER2013.

    Images that cannot be read are left out if `skip_bad` is True; otherwise they also raise InputError. A CSV has no
    image names. Its rows get the image_id of the matching image in the manifest `shipped`.
    """
    if isinstance(source, Path):
        return _read_path(source, shipped, skip_bad, on_progress)
    if source.name.lower().endswith(".csv"):
        return assign_image_ids(read_csv(source, _size(source), skip_bad, on_progress), shipped)
    with _open_zip(source) as archive:
        return _read_archive(archive, shipped, skip_bad, on_progress)


def _read_path(path: Path, shipped: pd.DataFrame, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    if path.is_dir():
        csv_file = next((path / name for name in CSV_NAMES if (path / name).is_file()), None)
        if csv_file is not None:
            return _read_path(csv_file, shipped, skip_bad, on_progress)
        return read_folder(path, skip_bad, on_progress)
    try:
        with path.open("rb") as file:
            return read_source(file, shipped, skip_bad, on_progress)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; give the path of {ACCEPTED_SOURCES}.") from error
    except PermissionError as error:
        raise InputError(f"FERscope has no permission to read {path}; change its permissions.") from error


def _open_zip(file: BinaryIO) -> zipfile.ZipFile:
    has_zip_signature = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        if has_zip_signature:
            raise InputError(DAMAGED_ARCHIVE) from error
        raise InputError(
            f"{Path(file.name).name} is neither a zip archive nor a CSV; use {ACCEPTED_SOURCES}."
        ) from error


def _read_archive(
    archive: zipfile.ZipFile, shipped: pd.DataFrame, skip_bad: bool, on_progress: StageProgress
) -> LabelledImages:
    members = archive.infolist()
    check_members(members)
    csv_member = next((member for member in members if PurePosixPath(member.filename).name in CSV_NAMES), None)
    if csv_member is None:
        return read_zip(archive, skip_bad, on_progress)
    try:
        with archive.open(csv_member) as file:
            return assign_image_ids(read_csv(file, csv_member.file_size, skip_bad, on_progress), shipped)
    except READ_ERRORS as error:
        raise InputError(DAMAGED_ARCHIVE) from error


def _size(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size
