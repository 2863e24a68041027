"""Folders, zips and tars as containers of files. Nothing is ever extracted to disk under a name from an archive."""

import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from core.exceptions import InputError, shortened

MAX_FILES = 200_000
MAX_TOTAL_BYTES = 2_000_000_000

DAMAGED_ARCHIVE = "The archive is incomplete or damaged; download it again."

READ_ERRORS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
)
"""Exceptions of zipfile and tarfile for a damaged or unsupported entry."""

METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 97: "WavPack", 98: "PPMd", 99: "AES"}
"""Compression methods of zip files that Python's zipfile may lack, by their number in PKWARE's APPNOTE."""


class Container(Protocol):
    """Files with names, such as the files of a folder or of an archive."""

    names: list[str]
    """Paths of the regular files, with / between their parts; relative to the folder or archive."""
    own_name: str
    """Name of the folder itself, which may be a word such as train; empty for an archive."""

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading. Raises InputError if it is damaged, or OSError."""
        ...


class Folder:
    """A folder on disk, with the folders that its links lead to."""

    def __init__(self, path: Path) -> None:
        """List the files. Raises InputError if a subfolder cannot be read, or if there are too many files."""
        self.path = path
        self.own_name = path.resolve().name
        self.names = []
        for name in _walk(path):
            self.names.append(name)
            if len(self.names) > MAX_FILES:
                raise InputError(
                    f"{shortened(path)} contains more than {MAX_FILES:,} files, far more than FER2013 has; "
                    "give the folder that contains train and test."
                )

    def open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")


class Zip:
    """An open zip file."""

    own_name = ""

    def __init__(self, file: BinaryIO) -> None:
        """List the files. Raises InputError if the zip is damaged, unsafe or far larger than FER2013."""
        try:
            self.archive = zipfile.ZipFile(file)
        except (*READ_ERRORS, OSError) as error:
            raise InputError(DAMAGED_ARCHIVE) from error
        members = self.archive.infolist()
        refuse_too_large(len(members), sum(member.file_size for member in members))
        for member in members:
            file_type = member.external_attr >> 28  # Unix file type, the upper four bits of st_mode; 0 if unknown
            is_special = file_type not in (0, 0o04, 0o10)  # unknown, folder, regular file
            refuse_unsafe(member.orig_filename, is_special, is_encrypted=bool(member.flag_bits & 1))
        self.members = {member.filename.replace("\\", "/"): member for member in members if not member.is_dir()}
        self.names = list(self.members)

    def open(self, name: str) -> BinaryIO:
        member = self.members[name]
        if (method := METHODS.get(member.compress_type)) and member.compress_type not in _readable_methods():
            raise InputError(
                f"The archive is compressed by {method}, which this Python cannot read; unpack it and import the folder"
                ", or pack it again with the method Deflate."
            )
        try:
            return cast(BinaryIO, self.archive.open(member))
        except READ_ERRORS as error:
            raise InputError("This file is damaged in the archive.") from error


class Tar:
    """An open tar file without compression."""

    own_name = ""

    def __init__(self, file: BinaryIO) -> None:
        """List the files. Raises InputError if the tar is damaged, unsafe or far larger than FER2013."""
        self.members: dict[str, tarfile.TarInfo] = {}
        total = 0
        try:
            self.archive = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115 (closed with `file`)
            for count, member in enumerate(self.archive, start=1):
                total += member.size
                refuse_too_large(count, total)
                refuse_unsafe(member.name, is_special=not (member.isreg() or member.isdir()))
                if member.isreg():
                    self.members[member.name.removeprefix("./")] = member
        except (*READ_ERRORS, OSError) as error:
            raise InputError(DAMAGED_ARCHIVE) from error
        self.names = list(self.members)

    def open(self, name: str) -> BinaryIO:
        try:
            opened = self.archive.extractfile(self.members[name])
        except READ_ERRORS as error:
            raise InputError("This file is damaged in the archive.") from error
        return cast(BinaryIO, opened)  # extractfile returns None only for members that are no files


def read_bytes(container: Container, name: str, max_bytes: int) -> bytes:
    """Return the content of a file. Raises InputError if it is damaged, unreadable or larger than `max_bytes`."""
    try:
        with container.open(name) as file:
            data = file.read(max_bytes + 1)
    except READ_ERRORS as error:
        raise InputError("This file is damaged in the archive.") from error
    except OSError as error:
        raise InputError(f"This file cannot be read ({error.strerror or 'it is damaged'}).") from error
    if len(data) > max_bytes:
        raise InputError(f"This file is larger than {max_bytes / 1e6:.0f} MB.")
    return data


def refuse_too_large(files: int, total_bytes: int) -> None:
    """Raise InputError if an archive declares far more files or bytes than FER2013 has."""
    if files > MAX_FILES or total_bytes > MAX_TOTAL_BYTES:
        raise InputError(
            f"The archive declares {files:,} entries and {total_bytes / 1e6:,.0f} MB, far more than FER2013 has; "
            "nothing was imported. Import only the folder that contains train and test."
        )


def refuse_unsafe(entry_name: str, is_special: bool, is_encrypted: bool = False) -> None:
    """Raise InputError if an archive's entry points outside the archive, is a link or device, or is encrypted."""
    name = entry_name.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        problem, remedy = "points outside the archive", "Pack the archive again, from inside the folder."
    elif is_special:
        problem, remedy = "is a link or another special file", "Pack the archive again, without links."
    elif is_encrypted:
        problem, remedy = "is encrypted", "Unpack it with its password, and import the folder."
    else:
        return
    raise InputError(f"The archive's entry '{shortened(entry_name)}' {problem}; nothing was imported. {remedy}")


def _readable_methods() -> set[int]:
    """Return the numbers of the compression methods that this Python can read."""
    methods = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
    return methods | {getattr(zipfile, "ZIP_ZSTANDARD", zipfile.ZIP_DEFLATED)}  # Zstandard since Python 3.14


def _walk(folder: Path) -> Iterator[str]:
    """Yield the paths of the regular files below a folder, in the order of their names."""

    def refuse(error: OSError) -> None:
        raise InputError(
            f"FERscope cannot read the folder {shortened(error.filename, 120)} ({error.strerror}); change its "
            "permissions, or import as another user."
        ) from error

    seen: set[tuple[int, int]] = set()  # links can lead in a circle
    for parent, folders, files in os.walk(folder, onerror=refuse, followlinks=True):
        folders[:] = [name for name in sorted(folders) if _is_new(Path(parent) / name, seen)]
        relative = Path(parent).relative_to(folder)
        for name in sorted(files):
            if _is_regular(Path(parent) / name):
                yield (relative / name).as_posix()


def _is_new(folder: Path, seen: set[tuple[int, int]]) -> bool:
    """Return whether a folder is not in `seen`, and add it."""
    try:
        status = folder.stat()
    except OSError:
        return True  # os.walk reports it
    key = status.st_dev, status.st_ino
    is_new = key not in seen
    seen.add(key)
    return is_new


def _is_regular(path: Path) -> bool:
    """Return whether a path is a file whose content can be read, and not a device, a pipe or a broken link."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False
