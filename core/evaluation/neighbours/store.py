"""Keep the embedding of an imported data set beside its images, in a file named after the network's weights."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import Progress, no_progress
from core.data.store import Import, npy_bytes
from core.evaluation.neighbours.embedding import Embedding, Network
from core.evaluation.neighbours.index import ROWS_AT_ONCE, Index
from core.exceptions import shortened
from core.files import replace_file

VERSION = 1
"""Part of the file's name. Increase it if a change of the code gives other vectors for the same weights."""

LARGEST_LENGTH_ERROR = 0.01
"""Largest difference of a vector's squared length from 1. Rounding to 16 bits changes it by less than 0.001."""

ABANDONED_AFTER_S = 3600
"""Age in seconds after which an unfinished file counts as abandoned. Writing one takes less than a second."""


@dataclass(frozen=True, eq=False)
class Stored:
    """An index, and why its embedding could not be kept on the disk."""

    index: Index
    note: str | None = None
    """A sentence, or None if the embedding is on the disk."""


def is_stored(data: Import, network: Network) -> bool:
    """Return whether the embedding of these images by this network is on the disk, and intact."""
    return _read(_file(data, network), len(data.faces())) is not None


def load_index(data: Import, network: Network, on_progress: Progress = no_progress) -> Stored:
    """Return the index of an import. If its embedding is not on the disk, or damaged, compute it and write it.

    `on_progress` is called with the number of embedded images and of all images, unless the embedding is on the disk.
    If it cannot be written, it stays in memory. Raises InputError for damaged weights and for a damaged import.
    """
    faces, file = data.faces(), _file(data, network)
    ids = pd.Index(data.manifest()["image_id"])
    vectors = _read(file, len(faces))
    if vectors is not None:
        return Stored(Index(ids, faces, vectors, network))
    computed = network.embed(faces, on_progress)
    try:
        _write(file, computed)
    except OSError as error:
        reason = error.strerror or "unknown error"
        note = f"The embedding was not stored, so the next search computes it again: {shortened(file.parent, 120)} "
        return Stored(Index(ids, faces, computed, network), f"{note}cannot be written ({reason}).")
    vectors = _read(file, len(faces))
    return Stored(Index(ids, faces, computed if vectors is None else vectors, network))


def _file(data: Import, network: Network) -> Path:
    return data.folder / f"embedding-{VERSION}-{network.weights_sha256[:16]}.npy"


def _read(file: Path, count: int) -> Embedding | None:
    """Open an embedding of `count` images, memory-mapped and read-only; None if it is missing or damaged."""
    try:
        vectors: NDArray[np.float16] = np.asanyarray(np.load(file, mmap_mode="r"))
    # A damaged file can raise any of these, and a half-written one asks for more bytes than it has.
    except (OSError, ValueError, EOFError, MemoryError, SyntaxError, TypeError):
        return None
    if vectors.dtype != np.float16 or vectors.ndim != 2 or len(vectors) != count:
        return None
    return vectors if _have_length_1(vectors) else None


def _have_length_1(vectors: Embedding) -> bool:
    """Return whether all vectors have the length 1. Those of a file with overwritten or missing parts have not."""
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        squared = np.square(np.asarray(vectors[start : start + ROWS_AT_ONCE], np.float32)).sum(axis=1)
        if not (np.abs(squared - 1) <= LARGEST_LENGTH_ERROR).all():  # NaN fails the comparison
            return False
    return True


def _write(file: Path, vectors: Embedding) -> None:
    """Write an embedding, and remove those of other weights. Raises OSError, for example on a full disk."""
    replace_file(file, bytes(npy_bytes(vectors)))
    with suppress(OSError):
        file.chmod(0o644)  # a server may run as another user
        for other in file.parent.glob("embedding-*.npy"):
            if other != file:
                other.unlink()
        for unfinished in file.parent.glob(".embedding-*.new"):
            if time.time() - unfinished.stat().st_mtime >= ABANDONED_AFTER_S:
                unfinished.unlink()
