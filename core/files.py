"""Files that are never half written, and a sentence for those that are damaged all the same."""

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
    """Write beside, then rename: a kill leaves the old file or the new one, never half of one; whoever
    reads meanwhile sees one of them too. Of several writers at once the last one's file stays."""
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:  # a full disk, for instance
        beside.unlink(missing_ok=True)
        raise


def json_bytes(record: "DataclassInstance") -> bytes:
    """A dataclass as the JSON file of its fields."""
    return (json.dumps(asdict(record), indent=2) + "\n").encode()


def sha256(path: Path) -> str:
    """Of a file's bytes, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def damage_in_words(file: Path | str, remedy: str) -> Iterator[None]:
    """Turn what the readers of JSON, CSV, parquet and npy raise on a damaged file into a sentence."""
    try:
        yield
    except (ValueError, KeyError, TypeError, OSError, EOFError) as error:  # pyarrow: OSError where it cannot unpack
        raise InputError(f"{file} is damaged or cannot be read; {remedy}.") from error
