"""The data set in use, cached."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data import shipped, store
from core.vision.crops import Faces
from dashboard.resources.stamps import Stamp, data_stamp


def manifest() -> pd.DataFrame:
    """The imported data set's manifest, else the shipped one."""
    return _manifest(data_stamp())


@st.cache_data(max_entries=2, show_spinner=False)
def _manifest(stamp: Stamp) -> pd.DataFrame:
    return shipped.load_manifest()


def faces() -> Faces | None:
    """(n, 48, 48) uint8, row i belongs to row i of `manifest()`; None if nothing is imported."""
    return _faces(data_stamp())


@st.cache_resource(max_entries=2, show_spinner=False)
def _faces(stamp: Stamp) -> Faces | None:
    current = store.current_import()
    return current.faces() if current else None


def faces_of(image_ids: "pd.Series[str]") -> Faces | None:
    """(n, 48, 48) uint8 in the order of the ids, all of them in `manifest()`; None if nothing is imported."""
    everything = faces()
    if everything is None:
        return None
    return np.asarray(everything[pd.Index(manifest()["image_id"]).get_indexer(image_ids)])


def mean_faces() -> NDArray[np.float32]:
    """(7, 48, 48) float32, in the order of EMOTIONS."""
    return _mean_faces(data_stamp())


@st.cache_data(max_entries=2, show_spinner=False)
def _mean_faces(stamp: Stamp) -> NDArray[np.float32]:
    return shipped.mean_faces()
