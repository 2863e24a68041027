"""Cache keys that change whenever the files behind them change."""

from pathlib import Path

from core import paths
from core.data.store import current_import

Stamp = tuple[object, ...]
"""Changes whenever what it stands for changes on disk."""


def fingerprint() -> str | None:
    """The imported data set's fingerprint; None if nothing is imported."""
    current = current_import()
    return current.fingerprint if current else None


def data_stamp() -> Stamp:
    """Of the data set in use."""
    shipped = (paths.DATA_DIR / name for name in ("manifest.parquet", "means.npy"))
    return str(paths.DATA_DIR), fingerprint(), *map(_changed_ns, shipped)


def model_stamp(name: str) -> Stamp:
    """Of a model's folder."""
    folder = paths.MODELS_DIR / name
    return str(folder), max(map(_changed_ns, [folder, *folder.glob("*")]))


def data_and_models_stamp(*models: str) -> Stamp:
    """Of the data set in use and several models."""
    return data_stamp() + tuple(map(model_stamp, models))


def _changed_ns(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0
