"""Stamps: cache keys that change if the files they describe change."""

from pathlib import Path

from core import paths
from core.data.store import current_import

Stamp = tuple[object, ...]
"""A cache key that changes if the files it describes change on disk."""


def fingerprint() -> str | None:
    """Return the imported data set's fingerprint; None if nothing is imported."""
    current = current_import()
    return current.fingerprint if current else None


def data_stamp() -> Stamp:
    """Return the stamp of the data set in use."""
    shipped = (paths.DATA_DIR / name for name in ("manifest.parquet", "means.npy"))
    return str(paths.DATA_DIR), fingerprint(), *map(_modified_ns, shipped)


def model_stamp(name: str) -> Stamp:
    """Return the stamp of a model's folder."""
    folder = paths.MODELS_DIR / name
    return str(folder), max(map(_modified_ns, [folder, *folder.glob("*")]))


def data_and_models_stamp(*models: str) -> Stamp:
    """Return the stamp of the data set in use and of several models."""
    return data_stamp() + tuple(map(model_stamp, models))


def _modified_ns(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0
