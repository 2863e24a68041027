"""Atomic file writes, checksums, and errors for damaged files."""

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from core.exceptions import InputError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def replace_file(path: Path, content: bytes) -> None:
    """Write a file atomically: write a temporary file beside it, then rename the temporary file.

    The file always has either its old or its new content, even if this process is killed, or another one reads the
    file meanwhile. If several processes or threads write at the same time, the content of the last one remains.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:  # remove the temporary file if writing failed, for example on a full disk or after Ctrl+C
        temporary.unlink(missing_ok=True)


def json_bytes(record: "DataclassInstance") -> bytes:
    """Return the fields of a dataclass as the bytes of a JSON file."""
    return (json.dumps(asdict(record), indent=2) + "\n").encode()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def damage_as_input_error(file: Path | str, remedy: str) -> Iterator[None]:
    """Raise InputError if the JSON, CSV, parquet or npy file that is read in the `with` block is damaged.

    `remedy` is the end of the message and tells the user what to do.
    """
    try:
        yield
    except (ValueError, KeyError, TypeError, OSError, EOFError) as error:  # pyarrow raises OSError on corrupt data
        raise InputError(f"{file} is damaged or cannot be read; {remedy}.") from error
