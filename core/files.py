"""Atomic file writes, safe reading of small files, checksums, and errors of disks and damaged files."""

import hashlib
import json
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.exceptions import InputError, shortened

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def replace_file(path: Path, content: bytes) -> None:
    """Write a file atomically: write a temporary file beside it, then rename the temporary file.

    The file always has either its old or its new content, even if this process is killed, or another one reads the
    file meanwhile. If several processes or threads write at the same time, the content of the last one remains. An
    OSError names `path`, not the temporary file.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        if error.filename in (None, str(temporary)):  # a full disk names no file
            error.filename = str(path)
        raise
    finally:  # remove the temporary file if writing failed, for example on a full disk or after Ctrl+C
        temporary.unlink(missing_ok=True)


def json_bytes(record: "DataclassInstance") -> bytes:
    """Return the fields of a dataclass as the bytes of a JSON file. Raises ValueError for NaN and infinity."""
    return (json.dumps(asdict(record), indent=2, allow_nan=False) + "\n").encode()


def json_line(value: Any) -> str:
    """Return a value as one line of JSON. Raises ValueError for NaN and infinity, which JSON does not have."""
    return json.dumps(value, allow_nan=False)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class ContentError(ValueError):
    """Raised if the content of a file is not what it should be. The message is a clause: `the column step is missing`.

    `damage_as_input_error` turns it into a sentence with the file's name.
    """


def read_regular_file(path: Path, most_bytes: int) -> bytes:
    """Return the content of a file of at most `most_bytes`.

    Raises InputError for a folder, a device or a FIFO (which could be endless), a file that is too large, and one that
    cannot be read.
    """
    name = f"{shortened(path.parent.name)}/{shortened(path.name)}"
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{name} is not a file, but a folder or a device; replace it with the right file.")
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise unreadable(name, error) from error
    if len(content) > most_bytes:
        raise InputError(f"{name} is larger than {most_bytes:,} bytes, the largest allowed size; restore the file.")
    return content


def unreadable(name: str, error: OSError) -> InputError:
    """Return the error for a file or folder that the system refuses to read, for example without permission."""
    return InputError(f"{name} cannot be read ({error.strerror}); check its permissions, or restore it.")


@contextmanager
def disk_errors_as_input_error(folder: Path) -> Iterator[None]:
    """Raise InputError if a file in the folder cannot be written, for example because the disk is full."""
    try:
        yield
    except OSError as error:
        name = shortened(folder, 120)
        if error.errno in (ENOSPC, EFBIG, EDQUOT):
            message = f"There is no space left for files in {name}; free some and run the same command again."
        else:
            reason = os.strerror(error.errno) if error.errno else "an unknown error"
            message = f"A file in {name} cannot be written ({reason}); mend that and run the same command again."
        raise InputError(message) from error


@contextmanager
def damage_as_input_error(file: Path | str, remedy: str) -> Iterator[None]:
    """Raise InputError if the JSON, CSV, parquet or npy file that is read in the `with` block is damaged.

    `remedy` is the end of the message and tells the user what to do.
    """
    try:
        yield
    except PermissionError as error:
        raise unreadable(shortened(file, 120), error) from error
    except ContentError as error:
        raise InputError(f"{shortened(file, 120)} is damaged ({shortened(error, 120)}); {remedy}.") from error
    # pyarrow raises OSError on corrupt data, and NotImplementedError or MemoryError if the file asks for too much
    except (ValueError, KeyError, TypeError, OSError, EOFError, NotImplementedError, MemoryError) as error:
        raise InputError(f"{shortened(file, 120)} is damaged or cannot be read; {remedy}.") from error
