"""Read FER2013 from a zip or folder of image files. A zip is never extracted to disk."""

import io
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from core.callbacks import StageProgress
from core.columns import EMOTION_DTYPE, USAGE_DTYPE
from core.data.sources.base import LabelledImages, unreadable_images_message
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.vision.crops import FACE_SIZE, crop_face
from core.vision.faces import whole_image
from core.vision.images import FORMATS, SUFFIXES, decode_image

READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""Exceptions that zipfile raises for a damaged or unsupported entry."""

MAX_ENTRIES = 200_000
MAX_IMAGE_BYTES = 20_000_000
MAX_TOTAL_BYTES = 2_000_000_000

LAYOUT = "train/<emotion>/ and test/<emotion>/ with the emotions " + ", ".join(EMOTIONS)


@dataclass(frozen=True)
class Entry:
    """An image file in a zip or folder. Its pixels are not read yet."""

    name: str
    """Path within the zip or folder."""
    image_id: str
    """`<train or test>/<emotion>/<file name without suffix>`"""
    usage: str | None
    """None if the name of a test image starts with neither PublicTest nor PrivateTest."""
    true_label: str
    read: Callable[[], bytes]
    """Return the bytes of the file. Raises InputError or OSError if it cannot be read."""


def read_zip(archive: zipfile.ZipFile, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Read the images of an open archive. Call `check_members` first. Raises InputError if it is not FER2013."""
    members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
    return read_entries(list_entries(members, lambda name: _read_member(archive, name)), skip_bad, on_progress)


def read_folder(folder: Path, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Read the images of an unpacked archive. Raises InputError if it is not FER2013."""
    names = (path.relative_to(folder).as_posix() for path in _image_files(folder))
    return read_entries(list_entries(names, lambda name: _read_file(folder / name)), skip_bad, on_progress)


def check_members(members: list[zipfile.ZipInfo]) -> None:
    """Raise InputError if an entry of the archive is unsafe, or if the archive is far larger than FER2013."""
    for member in members:
        _check_member(member)
    total = sum(member.file_size for member in members)
    if len(members) > MAX_ENTRIES or total > MAX_TOTAL_BYTES:
        raise InputError(
            f"The archive declares {len(members):,} entries and {total / 1e6:,.0f} MB, far more than FER2013 has; "
            "nothing was imported. Download it again from Kaggle (msambare/fer2013)."
        )


def list_entries(names: Iterable[str], read: Callable[[str], bytes]) -> list[Entry]:
    """Return the entries of the image files of FER2013 among `names`, sorted by image_id. Other files are ignored.

    `read` returns the bytes of the file with a given name. Raises InputError if an emotion has no images, if two files
    have the same image_id, or if a name has unprintable characters.
    """
    found = [entry for name in names if (entry := _entry(name, read)) is not None]
    missing = [emotion for emotion in EMOTIONS if emotion not in {entry.true_label for entry in found}]
    if missing:
        raise InputError(
            f"No images of {', '.join(missing)} were found; FER2013 has {LAYOUT}. "
            "Use the archive as downloaded, or the folder that contains train and test."
        )
    entries = sorted(found, key=lambda entry: entry.image_id)
    for first, second in itertools.pairwise(entries):
        if first.image_id == second.image_id:
            raise InputError(
                f"{first.name} and {second.name} both have the image_id {first.image_id}; remove one of them."
            )
    return entries


def read_entries(entries: list[Entry], skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Decode all images. Raises InputError if all are unreadable, or if one is and `skip_bad` is False."""
    faces = np.empty((len(entries), FACE_SIZE, FACE_SIZE), np.uint8)
    good: list[Entry] = []
    bad: list[str] = []
    resized = recoloured = 0
    for entry in entries:
        try:
            faces[len(good)], size_differs, mode_differs = decode_face(entry.read())
        except (InputError, OSError) as error:
            bad.append(f"{entry.name}: {error}")
        else:
            good.append(entry)
            resized += size_differs
            recoloured += mode_differs
        on_progress("Reading images", len(good) + len(bad), len(entries))
    if bad and not skip_bad:
        raise InputError(unreadable_images_message(bad))
    if not good:
        raise InputError("None of the images can be read; use archive.zip or its unpacked folder.")
    return LabelledImages(_table(good), faces[: len(good)], resized, recoloured, tuple(bad))


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


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename.replace("\\", "/")
    file_type = member.external_attr >> 28  # Unix file type, the upper four bits of st_mode; 0 if unknown
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        problem = "points outside the archive"
    elif file_type not in (0, 0o04, 0o10):  # unknown, folder, regular file
        problem = "is a link or another special file"
    elif member.flag_bits & 1:
        problem = "is encrypted"
    else:
        return
    raise InputError(
        f"The archive's entry {member.orig_filename!r} {problem}; nothing was imported. "
        "Download the archive again from Kaggle (msambare/fer2013)."
    )


def _entry(name: str, read: Callable[[str], bytes]) -> Entry | None:
    """Return the entry of an image file of FER2013, or None for any other file."""
    path = PurePosixPath(name.replace("\\", "/"))
    parts = path.parts
    if len(parts) not in (3, 4) or path.suffix.lower() not in SUFFIXES:
        return None
    split, emotion = parts[-3].lower(), parts[-2].lower()
    if split not in ("train", "test") or emotion not in EMOTIONS or parts[0] == "__MACOSX" or path.name[0] == ".":
        return None
    if not name.isprintable():
        raise InputError(f"The name {name!r} has characters that cannot be stored; rename the file.")
    return Entry(name, f"{split}/{emotion}/{path.stem}", _usage(split, path.stem), emotion, lambda: read(name))


def _usage(split: str, stem: str) -> str | None:
    """Return Training for train images; for test images, the usage with which the file name starts, or None."""
    if split == "train":
        return "Training"
    return next((usage for usage in ("PublicTest", "PrivateTest") if stem.startswith(usage)), None)


def _image_files(folder: Path) -> Iterator[Path]:
    """Yield the image files in `<folder>/*/*/` (such as train/happy/), or one level deeper."""
    for pattern in ("*/*/*", "*/*/*/*"):
        for path in folder.glob(pattern):
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield path


def _read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as file:
            return _refuse_if_too_large(file.read(MAX_IMAGE_BYTES + 1))
    except READ_ERRORS as error:
        raise InputError("This file is damaged in the archive.") from error


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return _refuse_if_too_large(file.read(MAX_IMAGE_BYTES + 1))


def _refuse_if_too_large(data: bytes) -> bytes:
    """Return the data unchanged. Raises InputError if there are more than `MAX_IMAGE_BYTES`."""
    if len(data) > MAX_IMAGE_BYTES:
        raise InputError(f"This file is larger than {MAX_IMAGE_BYTES / 1e6:.0f} MB.")
    return data


def _table(entries: list[Entry]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "image_id": pd.Series([entry.image_id for entry in entries], dtype="str"),
            "usage": pd.Categorical([entry.usage for entry in entries], dtype=USAGE_DTYPE),
            "true_label": pd.Categorical([entry.true_label for entry in entries], dtype=EMOTION_DTYPE),
        }
    )
