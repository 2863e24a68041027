"""Store imported data sets so that one is never visible half-written.

An import is the folder `data/fer2013/<fingerprint>/`. The one-line file `data/fer2013/current` names the one in use.
"""

import errno
import io
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import paths
from core.data.manifest import manifest_bytes, read_manifest
from core.exceptions import InputError
from core.files import damage_as_input_error, replace_file
from core.vision.crops import Faces

PARTIAL_PREFIX = ".partial-"
"""Prefix of imports that are still being written. If one is old, its import was killed."""

IMPORT_REMEDY = "remove its folder and import the data set again"

ABANDONED_AFTER_S = 3600
"""Age in seconds after which a partial import counts as abandoned. Writing one takes only seconds."""


@dataclass(frozen=True)
class Import:
    """One imported data set."""

    fingerprint: str
    folder: Path

    def manifest(self) -> pd.DataFrame:
        """Read the manifest. Raises InputError if the file is damaged."""
        path = self.folder / "manifest.parquet"
        with damage_as_input_error(path, IMPORT_REMEDY):
            return read_manifest(path)

    def faces(self) -> NDArray[np.uint8]:
        """Open the faces, (n, 48, 48) uint8, memory-mapped and read-only; row i belongs to row i of the manifest.

        Raises InputError if the file is damaged.
        """
        path = self.folder / "faces.npy"
        with damage_as_input_error(path, IMPORT_REMEDY):
            return np.asanyarray(np.load(path, mmap_mode="r"))


def current_import() -> Import | None:
    """Return the import in use, or None if nothing is imported."""
    try:
        name = (_imports() / "current").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = _imports() / name
    return Import(name, folder) if name and _is_complete(folder) else None


def required_import() -> Import:
    """Return the import in use. Raises InputError if nothing is imported."""
    data = current_import()
    if data is None:
        raise InputError("no data set is imported yet; run `python -m core import PATH` (or --kaggle) first.")
    return data


def store_import(fingerprint: str, faces: Faces, manifest: pd.DataFrame) -> None:
    """Write the new import beside the old one, then switch to it.

    If this is interrupted at any point, the old import stays complete and in use.
    """
    imports = _imports()
    with _os_errors_as_input_errors(imports, faces.nbytes):
        imports.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(imports)
        if not _is_complete(imports / fingerprint):
            _write_folder(imports, fingerprint, faces, manifest)
        replace_file(imports / "current", f"{fingerprint}\n".encode("ascii"))


def npy_bytes(array: NDArray[np.generic]) -> memoryview:
    """The bytes of the array as an npy file.

    np.save to a path raises an OSError without errno if the disk is full, so the bytes are made in memory.
    """
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getbuffer()


def _write_folder(imports: Path, fingerprint: str, faces: Faces, manifest: pd.DataFrame) -> None:
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL_PREFIX, dir=imports))
    try:
        partial.chmod(0o755)  # mkdtemp's 0700 would lock out a server that runs as another user
        (partial / "faces.npy").write_bytes(npy_bytes(faces))
        (partial / "manifest.parquet").write_bytes(manifest_bytes(manifest))
        try:
            partial.rename(imports / fingerprint)
        except OSError:
            if not _is_complete(imports / fingerprint):  # unless another process imported the same data meanwhile
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _remove_abandoned(imports: Path) -> None:
    """Remove partial imports that were killed, but not those that another process may still be writing."""
    for leftover in imports.glob(f"{PARTIAL_PREFIX}*"):
        with suppress(FileNotFoundError):  # its import has finished meanwhile
            if time.time() - leftover.stat().st_mtime < ABANDONED_AFTER_S:
                continue
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink()


@contextmanager
def _os_errors_as_input_errors(folder: Path, needed_bytes: int) -> Iterator[None]:
    """Turn errors of the operating system into InputErrors that say what to do."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise InputError(
                f"The disk is full: the import needs about {needed_bytes / 1e6:,.0f} MB in {folder}; "
                "free some space and run it again. The previous import is untouched."
            ) from error
        raise InputError(
            f"{folder} cannot be written ({error.strerror or error}); check its permissions, or set FERSCOPE_DATA "
            "to another folder. The previous import is untouched."
        ) from error


def _imports() -> Path:
    return paths.DATA_DIR / "fer2013"


def _is_complete(folder: Path) -> bool:
    return (folder / "faces.npy").is_file() and (folder / "manifest.parquet").is_file()
