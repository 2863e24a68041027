"""The files about FER2013 that ship with FERscope, and the manifest in use."""

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
"""Fingerprint (hash of images and labels) of the complete Kaggle archive, the data set of the shipped models."""

SHIPPED_REMEDY = "restore it from FERscope's repository"


def shipped_manifest() -> pd.DataFrame:
    """Read the manifest of the Kaggle archive that ships with FERscope."""
    path = _shipped("manifest.parquet")
    with damage_as_input_error(path, SHIPPED_REMEDY):
        return read_manifest(path)


def mean_faces() -> NDArray[np.float32]:
    """Read the mean Training face of each class, (7, 48, 48) float32 in the order of EMOTIONS."""
    return _shipped_array("means.npy")


def face_variances() -> NDArray[np.float32]:
    """Read the variance of each pixel of the Training faces of each class, (7, 48, 48) float32 in squared gray levels.

    See `core.data.faces_of_class.class_variances`.
    """
    return _shipped_array("variances.npy")


def load_manifest() -> pd.DataFrame:
    """Read the manifest of the import in use, or the shipped one if nothing is imported."""
    current = current_import()
    return current.manifest() if current else shipped_manifest()


def is_fer2013(manifest: pd.DataFrame) -> bool:
    """Return whether a manifest lists the same images with the same labels as the shipped manifest, in any order."""
    columns = ["image_id", "true_label"]
    given, expected = (table[columns].astype(str).sort_values("image_id") for table in (manifest, shipped_manifest()))
    return np.array_equal(given.to_numpy(), expected.to_numpy())


def _shipped_array(name: str) -> NDArray[np.float32]:
    path = _shipped(name)
    with damage_as_input_error(path, SHIPPED_REMEDY):
        return np.asarray(np.load(path), np.float32)


def _shipped(name: str) -> Path:
    """Return the path of a shipped file. Raises InputError if the file is missing.

    FERSCOPE_DATA may set a data folder that contains only imports. The file is then taken from FERscope's own folder.
    """
    candidates = (paths.DATA_DIR / name, paths.ROOT / "data" / name)
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise InputError(f"{candidates[-1]} is missing; {SHIPPED_REMEDY}.")
    return found
