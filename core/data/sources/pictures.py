"""FER2013 as a zip or a folder of pictures -> faces and labels. Nothing is ever extracted to the disk."""

import io
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
from PIL import Image

from core.callbacks import StageProgress
from core.columns import EMOTION_DTYPE, USAGE_DTYPE
from core.data.sources.base import LabelledImages, bad_pictures
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.vision.crops import FACE_SIZE, Faces, crop_face
from core.vision.faces import whole_image
from core.vision.images import FORMATS, SUFFIXES, decode_image

READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What zipfile raises on a damaged entry."""

MAX_ENTRIES = 200_000
MAX_PICTURE_BYTES = 20_000_000
MAX_TOTAL_BYTES = 2_000_000_000

LAYOUT = "train/<emotion>/ and test/<emotion>/ with the emotions " + ", ".join(EMOTIONS)


@dataclass(frozen=True)
class Entry:
    """One picture of a source, not yet read."""

    name: str
    image_id: str
    usage: str | None
    true_label: str
    read: Callable[[], bytes]


def read_zip(archive: zipfile.ZipFile, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Read the pictures of an open, checked archive; raises InputError where it is not FER2013."""
    members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
    return read_entries(list_entries(members, lambda name: _read_member(archive, name)), skip_bad, on_progress)


def read_folder(folder: Path, skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Read the pictures of an unpacked archive; raises InputError where it is not FER2013."""
    names = (path.relative_to(folder).as_posix() for path in _picture_files(folder))
    return read_entries(list_entries(names, lambda name: _read_file(folder / name)), skip_bad, on_progress)


def check_members(members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that no honest tool would write."""
    for member in members:
        _check_member(member)
    total = sum(member.file_size for member in members)
    if len(members) > MAX_ENTRIES or total > MAX_TOTAL_BYTES:
        raise InputError(
            f"The archive declares {len(members):,} entries and {total / 1e6:,.0f} MB, far more than FER2013 has; "
            "it was not opened. Download it again from Kaggle (msambare/fer2013)."
        )


def list_entries(names: Iterable[str], read: Callable[[str], bytes]) -> list[Entry]:
    """Names with forward slashes -> the pictures among them, sorted by image_id; other files are left alone."""
    found = [entry for name in names if (entry := _entry(name, read)) is not None]
    missing = [emotion for emotion in EMOTIONS if emotion not in {entry.true_label for entry in found}]
    if missing:
        raise InputError(
            f"No pictures of {', '.join(missing)} were found; FER2013 has {LAYOUT}. "
            "Give the archive as downloaded, or the folder that holds train and test."
        )
    entries = sorted(found, key=lambda entry: entry.image_id)
    for first, second in itertools.pairwise(entries):
        if first.image_id == second.image_id:
            raise InputError(f"{first.name} and {second.name} have the same name; remove one of them.")
    return entries


def read_entries(entries: list[Entry], skip_bad: bool, on_progress: StageProgress) -> LabelledImages:
    """Decode every picture; a bad one stops the import, unless it is to be skipped."""
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
        on_progress("Reading pictures", len(good) + len(bad), len(entries))
    if bad and not skip_bad:
        raise InputError(bad_pictures(bad))
    if not good:
        raise InputError("No picture of it can be read; give archive.zip, or its unpacked folder.")
    return LabelledImages(_table(good), faces[: len(good)], resized, recoloured, tuple(bad))


def decode_face(data: bytes) -> tuple[Faces, bool, bool]:
    """Bytes of a picture -> (48, 48) uint8 gray, whether its size differed, whether its mode did."""
    if not data:
        raise InputError("This file is empty.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            size_differs = picture.size != (FACE_SIZE, FACE_SIZE)
            mode_differs = picture.mode != "L"
            if not size_differs and not mode_differs:  # nearly all; decode_image would take three times as long
                return np.asarray(picture, np.uint8), False, False
    except Exception:  # Pillow's decoders raise anything on damaged files; decode_image finds the sentence for it
        size_differs = mode_differs = False
    image = decode_image(data)
    return crop_face(image, whole_image(image)), size_differs, mode_differs


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename.replace("\\", "/")
    unix_kind = member.external_attr >> 28  # the upper four bits of st_mode; 0 where the tool wrote none
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        problem = "points outside of the archive"
    elif unix_kind not in (0, 0o04, 0o10):
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
    """None for a test picture whose name does not say which of the two test sets it belongs to."""
    if split == "train":
        return "Training"
    return next((usage for usage in ("PublicTest", "PrivateTest") if stem.startswith(usage)), None)


def _picture_files(folder: Path) -> Iterator[Path]:
    """The files of train/<emotion>/ and test/<emotion>/, here or one folder deeper."""
    for pattern in ("*/*/*", "*/*/*/*"):
        for path in folder.glob(pattern):
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield path


def _read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as file:
            return _limited(file.read(MAX_PICTURE_BYTES + 1))
    except READ_ERRORS as error:
        raise InputError("It is damaged in the archive.") from error


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return _limited(file.read(MAX_PICTURE_BYTES + 1))


def _limited(data: bytes) -> bytes:
    if len(data) > MAX_PICTURE_BYTES:
        raise InputError(f"It is larger than {MAX_PICTURE_BYTES / 1e6:.0f} MB.")
    return data


def _table(entries: list[Entry]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "image_id": pd.Series([entry.image_id for entry in entries], dtype="str"),
            "usage": pd.Categorical([entry.usage for entry in entries], dtype=USAGE_DTYPE),
            "true_label": pd.Categorical([entry.true_label for entry in entries], dtype=EMOTION_DTYPE),
        }
    )
