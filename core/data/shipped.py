"""The manifest and mean faces that ship with FERscope, and the manifest in use."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import paths
from core.data.manifest import read_manifest
from core.data.store import current_import
from core.exceptions import InputError
from core.files import damage_as_input_error

FER2013_FINGERPRINT = "e3e277c140c29ac5"
"""Fingerprint of a complete import of the Kaggle archive, on which the shipped models were trained."""

SHIPPED_REMEDY = "restore it from FERscope's repository"


def shipped_manifest() -> pd.DataFrame:
    """Read the manifest of the Kaggle archive that ships with FERscope."""
    path = _shipped("manifest.parquet")
    with damage_as_input_error(path, SHIPPED_REMEDY):
        return read_manifest(path)


def mean_faces() -> NDArray[np.float32]:
    """Read the mean Training face of each class, (7, 48, 48) float32 in the order of EMOTIONS."""
    path = _shipped("means.npy")
    with damage_as_input_error(path, SHIPPED_REMEDY):
        return np.asarray(np.load(path), np.float32)


def load_manifest() -> pd.DataFrame:
    """Read the manifest of the import in use, or the shipped one if nothing is imported."""
    current = current_import()
    return current.manifest() if current else shipped_manifest()


def is_fer2013(manifest: pd.DataFrame) -> bool:
    """Return whether a manifest has the images and labels of the shipped one, in any order."""
    columns = ["image_id", "true_label"]
    given, own = (table[columns].astype(str).sort_values("image_id") for table in (manifest, shipped_manifest()))
    return np.array_equal(given.to_numpy(), own.to_numpy())


def _shipped(name: str) -> Path:
    """Path of a shipped file, in the data folder or beside the code.

    The second place matters if FERSCOPE_DATA names a folder that contains only imports.
    """
    places = (paths.DATA_DIR / name, paths.ROOT / "data" / name)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise InputError(f"{places[-1]} is missing; {SHIPPED_REMEDY}.")
    return found
