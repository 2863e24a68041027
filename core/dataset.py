"""FER2013 on this machine: importing it, and reading what was imported or what ships with FERscope.

An import lies in `data/fer2013/<fingerprint>/`; the one-line file `data/fer2013/current` names the one in use.
"""

import contextlib
import errno
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import paths, quality
from core.exceptions import InputError
from core.faces import Faces
from core.manifest import build_manifest, fingerprint, manifest_bytes, read_manifest
from core.sources import LabelledImages, Progress, no_progress, read_folder, read_zip

PARTIAL = ".partial-"
"""Name of a folder that an import writes into before it is whole; one that is left over was killed."""


@dataclass(frozen=True)
class Import:
    """One imported data set."""

    fingerprint: str
    folder: Path

    def manifest(self) -> pd.DataFrame:
        return read_manifest(self.folder / "manifest.parquet")

    def faces(self) -> NDArray[np.uint8]:
        """(n, 48, 48) uint8, memory-mapped read-only; row i belongs to row i of the manifest."""
        return np.asanyarray(np.load(self.folder / "faces.npy", mmap_mode="r"))


@dataclass(frozen=True)
class ImportReport:
    """What an import did."""

    status: str
    """`imported`, or `identical` when it was there already and nothing was written."""
    fingerprint: str
    images: int
    usage: dict[str, int]
    """Images of Training, PublicTest and PrivateTest."""
    resized: int
    recoloured: int
    skipped: tuple[str, ...]
    known: int
    """Images that the shipped manifest knows too: they have its split and stored predictions."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)

    def sentences(self) -> list[str]:
        """The report for people."""
        counts = " · ".join(f"{usage} {n:,}" for usage, n in self.usage.items())
        return [
            f"Imported {self.images:,} images ({counts})."
            if self.status == "imported"
            else f"Identical to the current import of {self.images:,} images; nothing was written.",
            f"{self.known:,} are known to the shipped predictions, {self.images - self.known:,} are not.",
            *(
                [f"Converted: {self.resized:,} of another size, {self.recoloured:,} in colour."]
                if self.resized + self.recoloured
                else []
            ),
            *(f"Skipped: {name}" for name in self.skipped),
        ]


def shipped_manifest() -> pd.DataFrame:
    """The manifest of the Kaggle archive that ships with FERscope."""
    return read_manifest(_shipped("manifest.parquet"))


def mean_faces() -> NDArray[np.float32]:
    """(7, 48, 48) float32: the mean Training face of each class, in the order of EMOTIONS."""
    return np.asarray(np.load(_shipped("means.npy")), np.float32)


def current_import() -> Import | None:
    """The import in use; None where nothing was imported."""
    try:
        name = (_imports() / "current").read_text(encoding="ascii").strip()
    except OSError:
        return None
    folder = _imports() / name
    return Import(name, folder) if name and _is_whole(folder) else None


def load_manifest() -> pd.DataFrame:
    """The manifest of the import in use, else the shipped one."""
    current = current_import()
    return current.manifest() if current else shipped_manifest()


def import_dataset(
    source: Path | BinaryIO, *, skip_bad: bool = False, on_progress: Progress = no_progress
) -> ImportReport:
    """Import the zip, folder or CSV at a path, or the zip or CSV in an open binary file (an upload).

    Raises InputError for anything that cannot be used; what was imported before then stays as it was.
    """
    images = read_source(source, skip_bad, on_progress)
    mark = fingerprint(images)
    shipped = shipped_manifest()
    identical = _is_current(mark)
    if not identical:
        on_progress("Measuring faces", 0, 1)
        _store(mark, images.faces, build_manifest(images, shipped))
        on_progress("Measuring faces", 1, 1)
    return ImportReport(
        status="identical" if identical else "imported",
        fingerprint=mark,
        images=len(images.table),
        usage={str(usage): int(n) for usage, n in images.table["usage"].value_counts(sort=False).items()},
        resized=images.resized,
        recoloured=images.recoloured,
        skipped=images.skipped,
        known=int(images.table["image_id"].isin(shipped["image_id"]).sum()),
    )


def write_shipped(source: Path, on_progress: Progress = no_progress) -> pd.DataFrame:
    """Write the manifest and the mean faces that ship with FERscope; for its maintainers, not for an import."""
    images = read_source(source, skip_bad=False, on_progress=on_progress)
    manifest = build_manifest(images)
    training = (manifest["usage"] == "Training").to_numpy()
    labels = manifest["true_label"].cat.codes.to_numpy().astype(np.int64)
    means = quality.class_means(images.faces[training], labels[training])
    paths.DATA_DIR.mkdir(parents=True, exist_ok=True)
    (paths.DATA_DIR / "manifest.parquet").write_bytes(manifest_bytes(manifest))
    (paths.DATA_DIR / "means.npy").write_bytes(_npy_bytes(means))
    return manifest


def read_source(source: Path | BinaryIO, skip_bad: bool, on_progress: Progress) -> LabelledImages:
    """Find out what was given, and read it."""
    if not isinstance(source, Path):
        return _read_file(source, skip_bad, on_progress)
    if source.is_dir():
        return read_folder(source, skip_bad, on_progress)
    if not source.is_file():
        raise InputError(f"{source} does not exist; give the path of archive.zip, its unpacked folder, or fer2013.csv.")
    with source.open("rb") as file:
        return _read_file(file, skip_bad, on_progress)


def _read_file(file: BinaryIO, skip_bad: bool, on_progress: Progress) -> LabelledImages:
    with _open_zip(file) as archive:
        return read_zip(archive, skip_bad, on_progress)


def _open_zip(file: BinaryIO) -> zipfile.ZipFile:
    begins_as_zip = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        if begins_as_zip:
            raise InputError("The archive is cut short or damaged; download it again.") from error
        raise InputError(
            "This is neither a zip archive, nor a folder, nor a CSV; "
            "give archive.zip, its unpacked folder, or fer2013.csv."
        ) from error


def _store(mark: str, faces: Faces, manifest: pd.DataFrame) -> None:
    """Write beside what is there, then swap: whoever stops it anywhere leaves the old import whole."""
    imports = _imports()
    with _explained(imports, faces.nbytes):
        imports.mkdir(parents=True, exist_ok=True)
        _sweep(imports)
        if not _is_whole(imports / mark):
            _write_folder(imports, mark, faces, manifest)
        partial = imports / f"{PARTIAL}current"
        partial.write_text(f"{mark}\n", encoding="ascii")
        partial.replace(imports / "current")


def _write_folder(imports: Path, mark: str, faces: Faces, manifest: pd.DataFrame) -> None:
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=imports))
    try:
        partial.chmod(0o755)  # mkdtemp's own 0700 would hide the data from a server that runs as another user
        (partial / "faces.npy").write_bytes(_npy_bytes(faces))
        (partial / "manifest.parquet").write_bytes(manifest_bytes(manifest))
        partial.rename(imports / mark)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _sweep(imports: Path) -> None:
    """Remove what killed imports left behind."""
    for leftover in imports.glob(f"{PARTIAL}*"):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


@contextlib.contextmanager
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


def _npy_bytes(array: NDArray[np.generic]) -> memoryview:
    """As np.save would write it; through memory, since np.save on a full disk raises an OSError without errno."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getbuffer()


def _imports() -> Path:
    return paths.DATA_DIR / "fer2013"


def _is_whole(folder: Path) -> bool:
    return (folder / "faces.npy").is_file() and (folder / "manifest.parquet").is_file()


def _is_current(mark: str) -> bool:
    current = current_import()
    return current is not None and current.fingerprint == mark


def _shipped(name: str) -> Path:
    path: Path = paths.DATA_DIR / name
    if not path.is_file():
        raise InputError(f"{path} is missing; restore it with `git checkout -- data`.")
    return path
