"""Files that are never half written, and a sentence for those that are damaged all the same."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.exceptions import InputError


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


@contextmanager
def damage_in_words(file: Path | str, remedy: str) -> Iterator[None]:
    """Turn what the readers of JSON, CSV, parquet and npy raise on a damaged file into a sentence."""
    try:
        yield
    except (ValueError, KeyError, TypeError, OSError, EOFError) as error:  # pyarrow: OSError where it cannot unpack
        raise InputError(f"{file} is damaged or cannot be read; {remedy}.") from error
