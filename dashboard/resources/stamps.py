"""Stamps of the data set and of models: cache keys that change with the files."""

from pathlib import Path

from core import paths
from core.data.store import current_import
from core.vision.detectors import yunet_file

Stamp = tuple[object, ...]
"""A cache key that changes when the files of a data set or model change on disk."""


def fingerprint() -> str | None:
    """Return the fingerprint of the import in use; None if nothing is imported."""
    current = current_import()
    return current.fingerprint if current else None


def data_stamp() -> Stamp:
    """Return the stamp of the data set in use."""
    shipped_files = (paths.DATA_DIR / name for name in ("manifest.parquet", "means.npy"))
    return str(paths.DATA_DIR), fingerprint(), *map(_modified_ns, shipped_files)


def model_stamp(name: str) -> Stamp:
    """Return the stamp of a model's folder and its files."""
    folder = paths.MODELS_DIR / name
    return str(folder), max(map(_modified_ns, [folder, *folder.glob("*")]))


def detector_stamp(name: str) -> Stamp:
    """Return the stamp of a detector: its name, and the file that it uses."""
    file = yunet_file.installed_file() if name == "yunet" else None
    return name, str(file), _modified_ns(file) if file else 0


def data_and_models_stamp(*models: str) -> Stamp:
    """Return the stamp of the data set in use and of several models."""
    return data_stamp() + tuple(map(model_stamp, models))


def _modified_ns(path: Path) -> int:
    """Return the time of the last change in nanoseconds; 0 if there is no such file."""
    return path.stat().st_mtime_ns if path.exists() else 0
