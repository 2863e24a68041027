"""Store imported data sets. Readers never see an import that is only partly written.

Each import has a folder, `data/fer2013/<fingerprint>/`. The file `data/fer2013/current` contains the fingerprint of the
import in use.
"""

import errno
import io
import re
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
from core.exceptions import InputError, shortened
from core.files import ContentError, damage_as_input_error, replace_file
from core.vision.crops import FACE_SIZE, Faces

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
            faces: NDArray[np.uint8] = np.asanyarray(np.load(path, mmap_mode="r"))
            if faces.dtype != np.uint8 or faces.shape[1:] != (FACE_SIZE, FACE_SIZE):
                raise ContentError(f"it is an array of {faces.dtype} {faces.shape}")
            return faces


def current_import() -> Import | None:
    """Return the import in use, or None if nothing is imported. Raises InputError if it cannot be read."""
    path = _imports_folder() / "current"
    try:
        fingerprint = path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise InputError(
            f"{shortened(path, 120)} cannot be read ({reason}), so the imported data set is unknown; change its "
            "permissions, or import the data set again."
        ) from error
    return stored_import(fingerprint)


def stored_import(fingerprint: str) -> Import | None:
    """Return the import with this fingerprint, or None if there is none. Raises InputError if it cannot be read."""
    if not re.fullmatch(r"[0-9a-f]{16}", fingerprint):
        return None
    folder = _imports_folder() / fingerprint
    try:
        return Import(fingerprint, folder) if _is_complete(folder) else None
    except OSError as error:
        raise InputError(
            f"The imported data set in {shortened(folder, 120)} cannot be read ({error.strerror}); change its "
            "permissions."
        ) from error


def required_import() -> Import:
    """Return the import in use. Raises InputError if nothing is imported."""
    data = current_import()
    if data is None:
        raise InputError("no data set is imported yet; run `python -m core import PATH` (or --kaggle) first.")
    return data


def store_import(fingerprint: str, faces: Faces, manifest: pd.DataFrame, put_in_use: bool = True) -> None:
    """Write the new import beside the previous one, then make it the import in use unless `put_in_use` is false.

    If this is interrupted, the previous import stays complete and in use.
    """
    imports = _imports_folder()
    with _os_errors_as_input_errors(imports, faces.nbytes):
        for folder in (paths.DATA_DIR, imports):
            if not folder.exists():
                folder.mkdir(parents=True)
                _let_others_read(folder)
        _remove_abandoned(imports)
        if not _is_complete(imports / fingerprint):
            _write_folder(imports, fingerprint, faces, manifest)
        if put_in_use:
            replace_file(imports / "current", f"{fingerprint}\n".encode("ascii"))
            _let_others_read(imports / "current")


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
        (unfinished / "faces.npy").write_bytes(npy_bytes(faces))
        (unfinished / "manifest.parquet").write_bytes(manifest_bytes(manifest))
        for path in (unfinished, *unfinished.iterdir()):
            _let_others_read(path)
        try:
            unfinished.rename(imports / fingerprint)
        except OSError:
            if not _is_complete(imports / fingerprint):  # if complete, another process has just imported the same data
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _let_others_read(path: Path) -> None:
    """Let every user read a file or folder, whatever the umask is, because a server may run as another user."""
    path.chmod(0o755 if path.is_dir() else 0o644)


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
