"""Stamps of the data set and of models: cache keys that change with the files."""

from collections.abc import Iterable
from pathlib import Path

from core import paths
from core.data.store import current_import
from core.models.folders import CARD, guest_names, guests_folder, model_names
from core.vision.detectors import yunet_file
from dashboard.resources import guests

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
    """Return the stamp of a model's folder and its files, or that of a guest of this visit."""
    if guest := guests.find(name):
        return guest.stamp
    folder = _folder(name)
    return str(folder), *((str(path), _file_stamp(path)) for path in (folder, *sorted(folder.glob("*"))))


def _folder(name: str) -> Path:
    """Return the folder of a model, even if there is none. Our own models come first, as in `model_folder`."""
    own, guest = paths.MODELS_DIR / name, guests_folder() / name
    return guest if (guest / CARD).exists() and not (own / CARD).exists() else own


def models_stamp() -> Stamp:
    """Return the stamp of the cards of all models, guests included."""
    folders = paths.MODELS_DIR, guests_folder()
    names = (
        *(paths.MODELS_DIR / name for name in model_names()),
        *(guests_folder() / name for name in guest_names()),
    )
    cards = ((str(folder), _file_stamp(folder / CARD)) for folder in names)
    return *((str(folder), _file_stamp(folder)) for folder in folders), *cards


def detector_stamp(name: str) -> Stamp:
    """Return the stamp of a detector: its name, and the file that it uses."""
    file = yunet_file.installed_file() if name == "yunet" else None
    return name, str(file), _file_stamp(file) if file else None


def data_and_models_stamp(*models: str) -> Stamp:
    """Return the stamp of the data set in use and of several models."""
    return data_stamp() + tuple(map(model_stamp, models))


def file_stamps(files: Iterable[Path]) -> Stamp:
    """Return the stamp of some files, which may be missing."""
    return tuple((str(path), _file_stamp(path)) for path in files)


def _file_stamp(path: Path) -> Stamp | None:
    """Return the size of a file or folder, and the times of its last change; None if it cannot be found.

    The second time also changes with the permissions, and when an older file is restored with its old date.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns
