"""Stamps of the data set and of models: cache keys that change with the files."""

from pathlib import Path

from core import paths
from core.data.store import current_import
from core.models.folders import CARD, model_names
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
    return str(paths.DATA_DIR), fingerprint(), *map(_file_stamp, shipped_files)


def model_stamp(name: str) -> Stamp:
    """Return the stamp of a model's folder and its files."""
    folder = paths.MODELS_DIR / name
    return str(folder), *((str(path), _file_stamp(path)) for path in (folder, *sorted(folder.glob("*"))))


def models_stamp() -> Stamp:
    """Return the stamp of all models' cards."""
    cards = ((name, _file_stamp(paths.MODELS_DIR / name / CARD)) for name in model_names())
    return str(paths.MODELS_DIR), _file_stamp(paths.MODELS_DIR), *cards


def detector_stamp(name: str) -> Stamp:
    """Return the stamp of a detector: its name, and the file that it uses."""
    file = yunet_file.installed_file() if name == "yunet" else None
    return name, str(file), _file_stamp(file) if file else None


def data_and_models_stamp(*models: str) -> Stamp:
    """Return the stamp of the data set in use and of several models."""
    return data_stamp() + tuple(map(model_stamp, models))


def _file_stamp(path: Path) -> Stamp | None:
    """Return the size of a file or folder, and the times of its last change; None if it cannot be found.

    The second time also changes with the permissions, and when an older file is restored with its old date.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns
