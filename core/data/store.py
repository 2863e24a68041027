"""Where imported data sets lie, and how one is swapped for another without ever being half there.

An import is the folder `data/fer2013/<fingerprint>/`; the one-line file `data/fer2013/current` names the one in use.
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
from core.files import damage_in_words, replace_file
from core.vision.crops import Faces

PARTIAL = ".partial-"
"""How the name of anything begins that is still being written; what is left over was killed."""


IMPORT_REMEDY = "remove its folder and import the data set again"

ABANDONED_S = 3600
"""Age in seconds from which on a partial import is nobody's any more: writing one takes seconds."""


@dataclass(frozen=True)
class Import:
    """One imported data set."""

    fingerprint: str
    folder: Path

    def manifest(self) -> pd.DataFrame:
        """Raises InputError where the file is damaged."""
        path = self.folder / "manifest.parquet"
        with damage_in_words(path, IMPORT_REMEDY):
            return read_manifest(path)

    def faces(self) -> NDArray[np.uint8]:
        """(n, 48, 48) uint8, memory-mapped read-only; row i belongs to row i of the manifest.

        Raises InputError where the file is damaged.
        """
        path = self.folder / "faces.npy"
        with damage_in_words(path, IMPORT_REMEDY):
            return np.asanyarray(np.load(path, mmap_mode="r"))


def current_import() -> Import | None:
    """The import in use; None where nothing was imported."""
    try:
        name = (_imports() / "current").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = _imports() / name
    return Import(name, folder) if name and _is_whole(folder) else None


def required_import() -> Import:
    """The import in use; raises InputError where nothing was imported."""
    data = current_import()
    if data is None:
        raise InputError("no data set is imported yet; run `python -m core import PATH` (or --kaggle) first.")
    return data


def store_import(fingerprint: str, faces: Faces, manifest: pd.DataFrame) -> None:
    """Write beside what is there, then swap: whoever stops it anywhere leaves the old import whole."""
    imports = _imports()
    with _explained(imports, faces.nbytes):
        imports.mkdir(parents=True, exist_ok=True)
        _sweep(imports)
        if not _is_whole(imports / fingerprint):
            _write_folder(imports, fingerprint, faces, manifest)
        replace_file(imports / "current", f"{fingerprint}\n".encode("ascii"))


def npy_bytes(array: NDArray[np.generic]) -> memoryview:
    """As np.save would write it; through memory, since np.save on a full disk raises an OSError without errno."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getbuffer()


def _write_folder(imports: Path, fingerprint: str, faces: Faces, manifest: pd.DataFrame) -> None:
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=imports))
    try:
        partial.chmod(0o755)  # mkdtemp's own 0700 would hide the data from a server that runs as another user
        (partial / "faces.npy").write_bytes(npy_bytes(faces))
        (partial / "manifest.parquet").write_bytes(manifest_bytes(manifest))
        try:
            partial.rename(imports / fingerprint)
        except OSError:
            if not _is_whole(imports / fingerprint):  # somebody else has imported the same meanwhile
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _sweep(imports: Path) -> None:
    """Remove what killed imports left behind, and leave alone what another visitor's import is writing."""
    for leftover in imports.glob(f"{PARTIAL}*"):
        with suppress(FileNotFoundError):  # whoever wrote it has just finished
            if time.time() - leftover.stat().st_mtime < ABANDONED_S:
                continue
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink()


@contextmanager
def _explained(folder: Path, needed_bytes: int) -> Iterator[None]:
    """Turn the operating system's refusals into sentences."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise InputError(
                f"The disk is full: the import needs about {needed_bytes / 1e6:,.0f} MB in {folder}; "
                "free some space and run it again. The previous import is untouched."
            ) from error
        raise InputError(
            f"{folder} cannot be written ({error.strerror or error}); check its permissions, or point FERSCOPE_DATA "
            "elsewhere. The previous import is untouched."
        ) from error


def _imports() -> Path:
    return paths.DATA_DIR / "fer2013"


def _is_whole(folder: Path) -> bool:
    return (folder / "faces.npy").is_file() and (folder / "manifest.parquet").is_file()
