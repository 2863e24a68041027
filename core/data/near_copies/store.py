"""Where the near copies of a data set are kept: FER2013's ship, those of other data sets lie beside their images."""

import io
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from core import paths
from core.callbacks import Progress, no_progress
from core.data.near_copies.pairs import checked, known_rows, pairs_bytes, sorted_pairs
from core.data.near_copies.search import PAIR, Pairs, search
from core.data.shipped import SHIPPED_REMEDY, load_manifest, shipped_manifest
from core.data.store import Import, current_import
from core.exceptions import InputError, shortened
from core.files import damage_as_input_error, replace_file

VERSION = 1
"""Part of the files' names. Increase it if a change of the code finds other near copies."""

SHIPPED_NAME = "near_copies.parquet"

DAMAGE = "damaged"
"""End of a message that nobody sees: if a stored table is damaged, the copies are searched again."""


@dataclass(frozen=True, eq=False)
class Found:
    """The near copies that a search has found, and why they could not be kept on the disk."""

    pairs: pd.DataFrame
    note: str | None = None
    """A sentence, or None if they are on the disk."""


def load_pairs() -> pd.DataFrame | None:
    """Return the near copies of the data set in use, with the columns `pairs.COLUMNS`; None if they are not known yet.

    Raises InputError if FERscope's own table is damaged.
    """
    manifest, data = load_manifest(), current_import()
    shipped = _shipped_pairs(manifest)
    return shipped if shipped is not None or data is None else _stored_pairs(data, manifest)


def search_pairs(data: Import, on_progress: Progress = no_progress) -> Found:
    """Search for the near copies of an import, and keep them beside its images.

    `on_progress` is called with the number of compared test images and of all, after every 256 images. What was found
    until then is kept: if `on_progress` raises an exception, or the process is killed, the next search goes on from
    there.
    """
    manifest, faces = data.manifest(), data.faces()
    done, pairs = _read_unfinished(data, len(manifest))
    for chunk in search(faces, manifest, done):
        pairs = np.concatenate([pairs, chunk.pairs])
        with suppress(OSError):  # only the search that follows a stopped one becomes longer
            _write_unfinished(data, chunk.done, pairs)
        on_progress(chunk.done, chunk.total)
    table = _table(pairs, manifest)
    try:
        replace_file(_stored_file(data), pairs_bytes(table))
    except OSError as error:
        reason = error.strerror or "unknown error"
        note = f"The near copies were not stored: {shortened(data.folder, 120)} cannot be written ({reason})."
        return Found(table, note)
    with suppress(OSError):
        _stored_file(data).chmod(0o644)  # a server may run as another user
        _unfinished_file(data).unlink(missing_ok=True)
    return Found(table)


def forget(data: Import) -> None:
    """Remove the near copies of an import that are kept beside its images, those of an unfinished search included."""
    for path in (_stored_file(data), _unfinished_file(data)):
        path.unlink(missing_ok=True)


def pair_files() -> tuple[Path, ...]:
    """Return the files that `load_pairs` may read for the data set in use; some may be missing."""
    data = current_import()
    return *_shipped_candidates(), *([_stored_file(data)] if data else [])


def _shipped_pairs(manifest: pd.DataFrame) -> pd.DataFrame | None:
    """Return the shipped pairs whose images are both there; None if the data set is no part of FER2013."""
    path = next((path for path in _shipped_candidates() if path.is_file()), None)
    if path is None:
        return None
    listed = shipped_manifest()
    if not _identities(manifest).isin(_identities(listed)).all():
        return None
    with damage_as_input_error(path, SHIPPED_REMEDY):
        pairs = pd.read_parquet(path)
        if not known_rows(pairs, listed).all():  # the table of another manifest
            return None
        return checked(pairs[known_rows(pairs, manifest)], manifest)


def _identities(manifest: pd.DataFrame) -> "pd.Index[str]":
    """Return id and usage of each image. The ids of the archive's images tell their content."""
    return pd.Index(manifest["image_id"].astype(str) + " " + (manifest["usage"] == "Training").astype(str))


def _shipped_candidates() -> tuple[Path, ...]:
    return paths.DATA_DIR / SHIPPED_NAME, paths.ROOT / "data" / SHIPPED_NAME


def _stored_file(data: Import) -> Path:
    return data.folder / f"near-copies-{VERSION}.parquet"


def _unfinished_file(data: Import) -> Path:
    return data.folder / f"near-copies-{VERSION}.unfinished.npz"


def _stored_pairs(data: Import, manifest: pd.DataFrame) -> pd.DataFrame | None:
    """Read the near copies of an import; None if they are missing or damaged, so that they are searched again."""
    path = _stored_file(data)
    if not path.is_file():
        return None
    with suppress(InputError), damage_as_input_error(path, DAMAGE):
        return checked(pd.read_parquet(path), manifest)
    return None


def _table(pairs: Pairs, manifest: pd.DataFrame) -> pd.DataFrame:
    ids = manifest["image_id"].to_numpy(object)
    table = pd.DataFrame({name: pairs[name] for name in PAIR.names or () if name not in ("image", "copy")})
    return sorted_pairs(table.assign(image_id=ids[pairs["image"]], copy_id=ids[pairs["copy"]]))


def _write_unfinished(data: Import, done: int, pairs: Pairs) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, done=done, pairs=pairs)
    replace_file(_unfinished_file(data), buffer.getvalue())


def _read_unfinished(data: Import, images: int) -> tuple[int, Pairs]:
    """Return the number of compared test images and their pairs; 0 and no pairs if the file is missing or damaged.

    `images` is the number of images of the manifest.
    """
    try:
        with np.load(io.BytesIO(_unfinished_file(data).read_bytes())) as file:  # a damaged file would stay open
            done, pairs = int(file["done"]), file["pairs"]
    # A damaged file can raise any of these.
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, NotImplementedError):
        return 0, np.zeros(0, PAIR)
    if pairs.dtype != PAIR or pairs.ndim != 1 or not 0 <= done <= images:
        return 0, np.zeros(0, PAIR)
    if len(pairs) and max(pairs["image"].max(), pairs["copy"].max()) >= images:
        return 0, np.zeros(0, PAIR)
    return done, pairs
