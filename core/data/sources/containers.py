"""Folders, zips and tars as containers of files. Nothing is ever extracted to disk under a name from an archive."""

import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NoReturn, Protocol, cast

from core.data.sources.base import listed
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
    """Name of the folder, or of the archive without its suffix. It may be a word such as train."""
    notes: tuple[str, ...]
    """Sentences about what was not read."""

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
        skipped_links: list[str] = []
        for name in _walk(path, skipped_links):
            self.names.append(name)
            if len(self.names) > MAX_FILES:
                raise InputError(
                    f"{shortened(path)} contains more than {MAX_FILES:,} files, far more than FER2013 has; "
                    "give the folder that contains train and test."
                )
        self.notes: tuple[str, ...] = ()
        if skipped_links:
            self.notes = (f"Links to folders that are read anyway: {listed(skipped_links)}.",)

    def open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")


class Zip:
    """An open zip file."""

    notes: tuple[str, ...] = ()

    def __init__(self, file: BinaryIO, own_name: str) -> None:
        """List the files. Raises InputError if the zip is damaged, unsafe or far larger than FER2013."""
        self.own_name = own_name
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
        self.members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            if not member.is_dir():
                self.members[_new_name(member.filename, self.members)] = member
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

    notes: tuple[str, ...] = ()

    def __init__(self, file: BinaryIO, own_name: str) -> None:
        """List the files. Raises InputError if the tar is damaged, unsafe or far larger than FER2013."""
        self.own_name = own_name
        self.members: dict[str, tarfile.TarInfo] = {}
        total = 0
        try:
            self.archive = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115 (closed with `file`)
            for count, member in enumerate(self.archive, start=1):
                total += member.size
                refuse_too_large(count, total)
                refuse_unsafe(member.name, is_special=not (member.isreg() or member.isdir()))
                if member.isreg():
                    self.members[_new_name(member.name, self.members)] = member
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


def _new_name(name: str, taken: Collection[str]) -> str:
    """Return the path of an archive's entry with / between its parts; a repeated path gets a number: happy/1~2.jpg."""
    path = PurePosixPath(name.replace("\\", "/"))
    number, new = 1, path
    while str(new) in taken:
        number += 1
        new = path.with_name(f"{path.stem}~{number}{path.suffix}")
    return str(new)


def _walk(folder: Path, skipped_links: list[str]) -> Iterator[str]:
    """Yield the paths of the files below a folder, in the order of their names.

    Folders come before links to folders. Links to folders that were already read are added to `skipped_links`; links
    can lead in a circle.
    """
    seen: set[tuple[int, int]] = set()
    pending = [folder]
    while pending:
        links: list[Path] = []
        for start in pending:
            if not _is_new(start, seen):
                skipped_links.append(start.relative_to(folder).as_posix())
                continue
            for parent, folders, files in os.walk(start, onerror=_refuse_unreadable):
                paths = [Path(parent) / name for name in sorted(folders)]
                links += [path for path in paths if path.is_symlink()]
                folders[:] = [path.name for path in paths if not path.is_symlink() and _is_new(path, seen)]
                for name in sorted(files):
                    if _is_file(Path(parent) / name):
                        yield (Path(parent) / name).relative_to(folder).as_posix()
        pending = links


def _refuse_unreadable(error: OSError) -> NoReturn:
    raise InputError(
        f"FERscope cannot read the folder {shortened(error.filename, 120)} ({error.strerror}); change its permissions, "
        "or import as another user."
    ) from error


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


def _is_file(path: Path) -> bool:
    """Return whether a path is a file, and no device or pipe. A broken link is one: reading it gives its error."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except PermissionError as error:
        _refuse_unreadable(error)
    except OSError:
        return path.is_symlink()
