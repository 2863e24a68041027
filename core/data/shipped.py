"""The facts about FER2013 that ship with FERscope, and the manifest in use."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core import paths
from core.data.manifest import read_manifest
from core.data.store import current_import
from core.exceptions import InputError
from core.files import damage_in_words

SHIPPED_REMEDY = "it comes with FERscope's code: fetch it again"


def shipped_manifest() -> pd.DataFrame:
    """The manifest of the Kaggle archive that ships with FERscope."""
    path = _shipped("manifest.parquet")
    with damage_in_words(path, SHIPPED_REMEDY):
        return read_manifest(path)


def mean_faces() -> NDArray[np.float32]:
    """(7, 48, 48) float32: the mean Training face of each class, in the order of EMOTIONS."""
    path = _shipped("means.npy")
    with damage_in_words(path, SHIPPED_REMEDY):
        return np.asarray(np.load(path), np.float32)


def load_manifest() -> pd.DataFrame:
    """The manifest of the import in use, else the shipped one."""
    current = current_import()
    return current.manifest() if current else shipped_manifest()


def _shipped(name: str) -> Path:
    """In the data folder, or with the code, where FERSCOPE_DATA names a folder for imports alone."""
    places = (paths.DATA_DIR / name, paths.ROOT / "data" / name)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise InputError(f"{places[-1]} is missing; {SHIPPED_REMEDY}.")
    return found
