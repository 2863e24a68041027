"""Find the images or the CSV in a path or upload, also in archives within archives.

A file's first bytes decide how it is read. In folders and archives, names decide which file is read.
"""

import bz2
import gzip
import io
import lzma
import stat
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

from core.callbacks import StageProgress
from core.data.sources import refusals
from core.data.sources.base import ReadOptions, SourceImages, listed
from core.data.sources.containers import DAMAGED_ARCHIVE, MAX_TOTAL_BYTES, READ_ERRORS, Container, Folder, Tar, Zip
from core.data.sources.csv_rows import SEPARATORS
from core.data.sources.fer_csv import CSV_NAMES, read_csv
from core.data.sources.layout import understand
from core.data.sources.pictures import read_images
from core.exceptions import InputError, shortened

MAX_DEPTH = 3
"""Number of archives within each other that are opened."""

DECOMPRESSORS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
"""First bytes of a compressed file -> function that opens it."""

NESTED_SUFFIXES = (".zip", ".tar", ".gz", ".bz2", ".xz", ".tgz", ".tbz", ".tbz2", ".txz")
CSV_SUFFIXES = (".csv", ".tsv")

TEXT_BYTES = 512  # bytes at the start of a file that tell whether it is a text

MOST_SIDE_IMAGES = 3
"""Up to this number of images without labels are pictures beside a CSV or archive, such as those of a README."""

SPOOL_BYTES = 64_000_000
"""Unpacked files up to this size are kept in memory, larger ones in a temporary file."""


def open_path(path: Path, options: ReadOptions, on_progress: StageProgress) -> SourceImages:
    """Read a folder or file. Raises InputError if it cannot be read or is no data set."""
    try:
        mode = _file_mode(path)
        if stat.S_ISDIR(mode):
            return _read_container(Folder(path), options, on_progress, depth=0)
        if not stat.S_ISREG(mode):
            raise InputError(f"{shortened(path, 120)} is a device or pipe; give {refusals.ACCEPTED_SOURCES}.")
        with path.open("rb") as file:
            return open_file(file, path.name, options, on_progress)
    except FileNotFoundError as error:
        raise InputError(
            f"{shortened(path, 120)} does not exist; give the path of {refusals.ACCEPTED_SOURCES}."
        ) from error
    except PermissionError as error:
        raise InputError(
            f"FERscope has no permission to read {shortened(error.filename or path, 120)}; change its permissions."
        ) from error
    except OSError as error:
        raise InputError(
            f"{shortened(path, 120)} cannot be read ({error.strerror}); give {refusals.ACCEPTED_SOURCES}."
        ) from error


def _file_mode(path: Path) -> int:
    """Return the type and permissions of a path. Raises InputError if no file can have its name."""
    try:
        return path.stat().st_mode
    except ValueError as error:  # a null character
        raise InputError(
            f"{shortened(path, 120)} cannot be read (its name is invalid); give {refusals.ACCEPTED_SOURCES}."
        ) from error


def open_file(
    file: BinaryIO, name: str, options: ReadOptions, on_progress: StageProgress, depth: int = 0
) -> SourceImages:
    """Read an open archive or CSV. Raises InputError if it is neither, or damaged."""
    start = file.read(TEXT_BYTES)
    file.seek(0)
    for magic, decompress in DECOMPRESSORS.items():
        if start.startswith(magic):
            _refuse_depth(name, depth)
            with decompress(file) as packed, _unpacked(packed) as inner:
                return open_file(inner, PurePosixPath(name).stem, options, on_progress, depth + 1)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_container(Zip(file, _own_name(name)), options, on_progress, depth)
    if start[257:262] == b"ustar" or name.lower().endswith(".tar"):
        return _read_container(Tar(file, _own_name(name)), options, on_progress, depth)
    if not _is_text(start) or (name.lower().endswith(NESTED_SUFFIXES) and not _has_separator(start)):
        refusals.refuse_content(name, start)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return read_csv(file, name, options, on_progress, lambda: min(file.tell(), size), size)


def _read_container(container: Container, options: ReadOptions, on_progress: StageProgress, depth: int) -> SourceImages:
    """Read the original CSV if there is one, else the images, else the only CSV, else the only archive within."""
    layout = understand(container.names, container.own_name, words_in_file_names=options.classes is not None)
    refusals.refuse_document(container.names)
    has_images = len(layout.entries) > MOST_SIDE_IMAGES or any(entry.word or entry.split for entry in layout.entries)
    nested = _nested_file(container, has_images)
    if nested is None:
        if not layout.entries:
            refusals.refuse_empty(layout.other_files, folder=isinstance(container, Folder))
        return read_images(container, layout, options.skip_bad, on_progress)
    _refuse_depth(nested, depth)
    with container.open(nested) as opened, _seekable(opened, container) as file:
        images = open_file(file, PurePosixPath(nested).name, options, on_progress, depth + 1)
    if not layout.entries:
        return images
    note = f"Only {shortened(nested)} was read. Image files beside it that were not read: {len(layout.entries):,}."
    return replace(images, notes=(*images.notes, note))


def _own_name(name: str) -> str:
    """Return the name of an archive without its suffixes: train for train.tar.gz."""
    return PurePosixPath(name).name.partition(".")[0]


def _nested_file(container: Container, has_images: bool) -> str | None:
    """Return the CSV or archive to read within a container, or None. Raises InputError if there are several."""
    file_names = {name: name.rpartition("/")[2].lower() for name in container.names}
    visible = {name: file for name, file in file_names.items() if not file.startswith(".") and "__MACOSX" not in name}
    if original := next((name for name, file in visible.items() if file in CSV_NAMES), None):
        return original
    for suffixes in () if has_images else (CSV_SUFFIXES, NESTED_SUFFIXES):
        candidates = [name for name, file in visible.items() if file.endswith(suffixes)]
        if len(candidates) > 1:
            raise InputError(
                f"There are {len(candidates):,} files that could be the data set: {listed(candidates, 3, 40)}. Name "
                "one of them, or unpack archives into one folder."
            )
        if candidates:
            return candidates[0]
    return None


def _seekable(opened: BinaryIO, container: Container) -> BinaryIO:
    """Return the file of a folder itself, and an unpacked copy of an archive's file."""
    return opened if isinstance(container, Folder) else _unpacked(opened)


def _unpacked(packed: IO[bytes]) -> BinaryIO:
    """Return an unpacked copy in memory or in a temporary file. Raises InputError if it is damaged or too large."""
    copy = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 (the caller closes it)
    try:
        while chunk := _read_chunk(packed):
            copy.write(chunk)
            if copy.tell() > MAX_TOTAL_BYTES:
                raise InputError(
                    f"The archive unpacks to more than {MAX_TOTAL_BYTES / 1e9:.0f} GB, far more than FER2013 has; "
                    "nothing was imported."
                )
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return cast(BinaryIO, copy)


def _read_chunk(packed: IO[bytes]) -> bytes:
    try:
        return packed.read(1_000_000)
    except (*READ_ERRORS, OSError) as error:
        raise InputError(DAMAGED_ARCHIVE) from error


def _refuse_depth(name: str, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise InputError(
            f"{shortened(name)} lies in {depth} archives within each other; unpack them and import the folder."
        )


def _is_text(start: bytes) -> bool:
    """Return whether the beginning of a file looks like a text of digits and words, in UTF-8 or UTF-16."""
    if start.startswith((b"<", b"{", b"[", b"%PDF", b"PAR1", b"Rar!")):
        return False
    control = sum(byte < 9 or 13 < byte < 32 for byte in start if byte)
    zeros = start.count(0)
    return bool(start) and control == 0 and (zeros == 0 or start[:2] in (b"\xff\xfe", b"\xfe\xff") or _is_utf_16(start))


def _has_separator(start: bytes) -> bool:
    """Return whether the first line of a text has a separator of a CSV."""
    return any(mark.encode() in start.splitlines()[0] for mark in SEPARATORS)


def _is_utf_16(start: bytes) -> bool:
    """Return whether every second byte is zero, as in UTF-16 without a byte order mark."""
    return not any(start[1::2]) or not any(start[::2])
