"""Store imported data sets. Readers never see an import that is only partly written.

Each import has a folder, `data/fer2013/<fingerprint>/`. The file `data/fer2013/current` contains the fingerprint of the
import in use.
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

UNFINISHED_PREFIX = ".partial-"
"""Prefix of the folder of an unfinished import. An old folder with this prefix belongs to an import that was killed."""

IMPORT_REMEDY = "remove its folder and import the data set again"

ABANDONED_AFTER_S = 3600
"""Age in seconds after which an unfinished import counts as abandoned. Writing an import takes only seconds."""


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
        fingerprint = (_imports_folder() / "current").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = _imports_folder() / fingerprint
    return Import(fingerprint, folder) if fingerprint and _is_complete(folder) else None


def required_import() -> Import:
    """Return the import in use. Raises InputError if nothing is imported."""
    data = current_import()
    if data is None:
        raise InputError("no data set is imported yet; run `python -m core import PATH` (or --kaggle) first.")
    return data


def store_import(fingerprint: str, faces: Faces, manifest: pd.DataFrame) -> None:
    """Write the new import beside the previous one, then make it the import in use.

    If this is interrupted, the previous import stays complete and in use.
    """
    imports = _imports_folder()
    with _os_errors_as_input_errors(imports, faces.nbytes):
        imports.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(imports)
        if not _is_complete(imports / fingerprint):
            _write_folder(imports, fingerprint, faces, manifest)
        replace_file(imports / "current", f"{fingerprint}\n".encode("ascii"))


def npy_bytes(array: NDArray[np.generic]) -> memoryview:
    """Return the array as the bytes of an npy file.

    `store_import` recognises a full disk by the errno of the OSError. An OSError from np.save has no errno, but an
    OSError from Path.write_bytes has one. Therefore, the array is converted to bytes first.
    """
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getbuffer()


def _write_folder(imports: Path, fingerprint: str, faces: Faces, manifest: pd.DataFrame) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED_PREFIX, dir=imports))
    try:
        unfinished.chmod(0o755)  # mkdtemp's 0700 would lock out a server that runs as another user
        (unfinished / "faces.npy").write_bytes(npy_bytes(faces))
        (unfinished / "manifest.parquet").write_bytes(manifest_bytes(manifest))
        try:
            unfinished.rename(imports / fingerprint)
        except OSError:
            if not _is_complete(imports / fingerprint):  # if complete, another process has just imported the same data
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _remove_abandoned(imports: Path) -> None:
    """Remove the folders of killed imports, but not the folders that another process may still be writing."""
    for unfinished in imports.glob(f"{UNFINISHED_PREFIX}*"):
        with suppress(FileNotFoundError):  # raised if the import has just finished and renamed its folder
            if time.time() - unfinished.stat().st_mtime < ABANDONED_AFTER_S:
                continue
            if unfinished.is_dir():
                shutil.rmtree(unfinished, ignore_errors=True)
            else:
                unfinished.unlink()


@contextmanager
def _os_errors_as_input_errors(folder: Path, needed_bytes: int) -> Iterator[None]:
    """Convert errors of the operating system to InputErrors with advice."""
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


def _imports_folder() -> Path:
    return paths.DATA_DIR / "fer2013"


def _is_complete(folder: Path) -> bool:
    return (folder / "faces.npy").is_file() and (folder / "manifest.parquet").is_file()
