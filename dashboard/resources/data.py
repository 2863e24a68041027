"""Cached access to the data set in use."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data import provenance, shipped, store
from core.data.issues import conflicts
from core.models.card import Card
from core.vision.crops import Faces
from dashboard.resources.stamps import Stamp, data_stamp, fingerprint


def manifest() -> pd.DataFrame:
    """Return the imported data set's manifest, or the shipped one if nothing is imported."""
    return _manifest(data_stamp())


# Shared, not copied for each run of a page: callers must not change the table.
@st.cache_resource(max_entries=2, show_spinner=False)
def _manifest(stamp: Stamp) -> pd.DataFrame:
    return shipped.load_manifest()


def is_known(image_id: str) -> bool:
    """Return whether `manifest()` has an image with this id."""
    return image_id in _ids(data_stamp())


def positions(image_ids: "pd.Series[str] | Sequence[str]") -> NDArray[np.intp]:
    """Return the positions of images in `manifest()`, counted from 0. All ids must be in it."""
    return _ids(data_stamp()).get_indexer(pd.Index(image_ids))


@st.cache_resource(max_entries=2, show_spinner=False)
def _ids(stamp: Stamp) -> "pd.Index[str]":
    """Return the ids as an index, which finds them fast."""
    ids: pd.Index[str] = pd.Index(manifest()["image_id"])
    return ids


def faces() -> Faces | None:
    """Return the faces in the order of `manifest()`, (n, 48, 48) uint8; None if nothing is imported."""
    return _faces(data_stamp())


@st.cache_resource(max_entries=2, show_spinner=False)
def _faces(stamp: Stamp) -> Faces | None:
    current = store.current_import()
    return current.faces() if current else None


def faces_of(image_ids: "pd.Series[str] | Sequence[str]") -> Faces | None:
    """Return the faces of these images in the order of the ids, (n, 48, 48) uint8; None if nothing is imported.

    All ids must be in `manifest()`.
    """
    all_faces = faces()
    if all_faces is None:
        return None
    return np.asarray(all_faces[positions(image_ids)])


def labels_of_copies() -> dict[str, list[str]]:
    """Return image id -> the other labels of its exact copies, for the images that have such copies (shared table)."""
    return _labels_of_copies(data_stamp())


@st.cache_resource(max_entries=2, show_spinner=False)
def _labels_of_copies(stamp: Stamp) -> dict[str, list[str]]:
    conflicting = conflicts.label_conflicts(manifest())
    return conflicts.labels_of_copies(conflicting, conflicting)


def is_fer2013() -> bool:
    """Return whether the data set in use, imported or shipped, is FER2013."""
    return fingerprint() in (None, shipped.FER2013_FINGERPRINT) or _is_fer2013(data_stamp())


@st.cache_data(max_entries=2, show_spinner=False)
def _is_fer2013(stamp: Stamp) -> bool:
    return shipped.is_fer2013(shipped.load_manifest())


def is_trained_on_fer2013(card: Card) -> bool:
    """Return whether a model was trained on the Kaggle archive of FER2013, or on the current import if it is FER2013.

    FER2013 can have another fingerprint if it was imported from another file than the Kaggle archive.
    """
    fingerprints = {shipped.FER2013_FINGERPRINT, fingerprint()} if is_fer2013() else {shipped.FER2013_FINGERPRINT}
    return card.data_fingerprint in fingerprints


def val_note(card: Card) -> str | None:
    """Return a sentence if the model may have been trained on val images of the data set in use (`provenance`).

    Return None for a guest: nothing is known about its training, and it has no results on val.
    """
    if card.is_guest or card.was_trained_on_val:
        return None
    return _val_note(card.name, card.data_fingerprint, data_stamp())


@st.cache_data(max_entries=64, show_spinner=False)
def _val_note(name: str, trained_on: str, stamp: Stamp) -> str | None:
    return provenance.val_note(name, trained_on)


def mean_faces() -> NDArray[np.float32]:
    """Return the shipped mean faces of FER2013's Training images, (7, 48, 48) float32 in the order of EMOTIONS."""
    return _mean_faces(data_stamp())


@st.cache_data(max_entries=2, show_spinner=False)
def _mean_faces(stamp: Stamp) -> NDArray[np.float32]:
    return shipped.mean_faces()
