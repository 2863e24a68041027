"""Every cache of the app. Tables are cached by value, models and mapped faces are shared by all sessions.

Keys carry the import's fingerprint and the newest change in a model's folder, so that a new import or a retrained
model shows up at the next rerun, without a restart. The cache alone reads them: hence the unused arguments.
"""
# ruff: noqa: ARG001

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core import artifacts, comparison, dataset, ensemble, evaluation, metrics, paths
from core.artifacts import Card
from core.classifiers.base import Classifier
from core.classifiers.shared import SharedClassifier
from core.detectors import make_detector
from core.exceptions import InputError
from core.faces import FACE_SIZE, Faces
from core.memory import settle
from core.recognizer import Recognizer
from core.steadiness import Steadiness
from core.threads import use_one_thread
from dashboard import photos
from dashboard.places import Places, limit_from_environment
from dashboard.switches import switched_on

Stamp = tuple[object, ...]
"""Changes whenever what it stands for changes on disk."""

MODELS_AT_ONCE = 64
"""Kept loaded. A cache with fewer places than are asked for in turn loads each one anew every time."""

PHOTOS_AT_ONCE = 20
"""Photos of one visitor whose readings are kept, and hence read."""


def read_only() -> bool:
    """Whether this is a shared deployment, on which nobody may change the server's files."""
    return switched_on("FERSCOPE_READ_ONLY", os.environ)


def fingerprint() -> str | None:
    """The imported data set's fingerprint; None where nothing is imported."""
    current = dataset.current_import()
    return current.fingerprint if current else None


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _data_stamp() -> Stamp:
    shipped = (paths.DATA_DIR / name for name in ("manifest.parquet", "means.npy"))
    return str(paths.DATA_DIR), fingerprint(), *map(_changed, shipped)


def _model_stamp(name: str) -> Stamp:
    folder = paths.MODELS_DIR / name
    return str(folder), max(map(_changed, [folder, *folder.glob("*")]))


def _stamp(*models: str) -> Stamp:
    return _data_stamp() + tuple(map(_model_stamp, models))


def manifest() -> pd.DataFrame:
    """The imported data set's manifest, else the shipped one."""
    return _manifest(_data_stamp())


@st.cache_data(max_entries=2, show_spinner=False)
def _manifest(stamp: Stamp) -> pd.DataFrame:
    return dataset.load_manifest()


def faces() -> Faces | None:
    """(n, 48, 48) uint8, row i belongs to row i of `manifest()`; None where nothing is imported."""
    return _faces(_data_stamp())


@st.cache_resource(max_entries=2, show_spinner=False)
def _faces(stamp: Stamp) -> Faces | None:
    current = dataset.current_import()
    return current.faces() if current else None


def faces_of(image_ids: "pd.Series[str]") -> Faces | None:
    """(n, 48, 48) uint8 in the order of the ids, all of them in `manifest()`; None where nothing is imported."""
    everything = faces()
    if everything is None:
        return None
    return np.asarray(everything[pd.Index(manifest()["image_id"]).get_indexer(image_ids)])


def mean_faces() -> np.ndarray:
    """(7, 48, 48) float32, in the order of EMOTIONS."""
    return _mean_faces(_data_stamp())


@st.cache_data(max_entries=2, show_spinner=False)
def _mean_faces(stamp: Stamp) -> np.ndarray:
    return dataset.mean_faces()


def model_names() -> list[str]:
    """The models whose card can be read, sorted by name; empty where there is none."""
    return list(cards())


def cards() -> dict[str, Card]:
    """The readable cards by model name."""
    return _catalog()[0]


def model_faults() -> dict[str, str]:
    """Model name -> the sentence that says why its card cannot be read."""
    return _catalog()[1]


def _catalog() -> tuple[dict[str, Card], dict[str, str]]:
    return _read_catalog(tuple((name, _model_stamp(name)) for name in artifacts.model_names()))


@st.cache_data(max_entries=4, show_spinner=False)
def _read_catalog(stamps: tuple[tuple[str, Stamp], ...]) -> tuple[dict[str, Card], dict[str, str]]:
    readable, faults = {}, {}
    for name, _ in stamps:
        try:
            readable[name] = artifacts.read_card(name)
        except InputError as error:
            faults[name] = str(error)
    return readable, faults


def card(name: str) -> Card:
    """The card of one model of `model_names()`."""
    return cards()[name]


def history(name: str) -> pd.DataFrame:
    """One row an epoch or iteration: step, losses, accuracies, learning_rate, kept."""
    return _history(name, _model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _history(name: str, stamp: Stamp) -> pd.DataFrame:
    return artifacts.read_history(name)


def robustness(name: str) -> pd.DataFrame | None:
    """The model's robustness.csv; None where it has not been measured."""
    return _robustness(name, _model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _robustness(name: str, stamp: Stamp) -> pd.DataFrame | None:
    return artifacts.read_robustness(name)


def steadiness(name: str) -> Steadiness | None:
    """The model's steadiness.json; None where it has not been measured."""
    return _steadiness(name, _model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _steadiness(name: str, stamp: Stamp) -> Steadiness | None:
    return artifacts.read_steadiness(name)


def scored(name: str) -> pd.DataFrame:
    """The model's stored predictions joined with the manifest."""
    return _scored(name, _stamp(name))


@st.cache_data(max_entries=16, show_spinner=False)
def _scored(name: str, stamp: Stamp) -> pd.DataFrame:
    return evaluation.scored_predictions(name, manifest())


def ensemble_summary(names: tuple[str, ...]) -> dict[str, Any]:
    """`metrics.summary` on all test images of the mean of these models' probabilities."""
    return _ensemble_summary(names, _stamp(*names))


@st.cache_data(max_entries=16, show_spinner=False)
def _ensemble_summary(names: tuple[str, ...], stamp: Stamp) -> dict[str, Any]:
    mean = ensemble.mean_predictions([artifacts.read_predictions(name) for name in names])
    return metrics.summary(metrics.slice_rows(evaluation.join_manifest(mean, manifest()), "test"))


def pairs(a: str, b: str) -> pd.DataFrame:
    """Two models' scored predictions side by side, one row an image that both have predicted."""
    return _pairs(a, b, _stamp(a, b))


@st.cache_data(max_entries=16, show_spinner=False)
def _pairs(a: str, b: str, stamp: Stamp) -> pd.DataFrame:
    return comparison.pair(scored(a), scored(b))


def bootstrap(a: str, b: str, slice_name: str) -> dict[str, Any]:
    """The paired bootstrap of a minus b on one slice; a second or two the first time."""
    return _bootstrap(a, b, slice_name, _stamp(a, b))


@st.cache_data(max_entries=64, show_spinner="Resampling the slice 2,000 times ...")
def _bootstrap(a: str, b: str, slice_name: str, stamp: Stamp) -> dict[str, Any]:
    return comparison.paired_bootstrap(metrics.slice_rows(pairs(a, b), slice_name))


def classifier(name: str) -> Classifier:
    """The model itself, loaded once and shared by all sessions; InputError where its weights do not fit its card."""
    return _classifier(name, _model_stamp(name))


@st.cache_resource(max_entries=MODELS_AT_ONCE, show_spinner="Loading the model ...")
def _classifier(name: str, stamp: Stamp) -> Classifier:
    loaded = artifacts.load_classifier(name)
    use_one_thread()
    # the first prediction sets up threads and buffers; a webcam's first frame must not wait for that
    loaded.predict_proba(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))
    return loaded


def shared_classifier(name: str) -> SharedClassifier:
    """The same model for streams: it reads together what several of them bring at the same time."""
    return _shared_classifier(name, _model_stamp(name))


@st.cache_resource(max_entries=MODELS_AT_ONCE, show_spinner=False)
def _shared_classifier(name: str, stamp: Stamp) -> SharedClassifier:
    return SharedClassifier(classifier(name))


@st.cache_resource(show_spinner=False)
def places() -> Places:
    """The places for cameras on this server, one object for all sessions."""
    made = Places(limit_from_environment())
    settle()  # who asks has loaded what streams need, and none runs yet
    return made


def example_photo() -> photos.Photo:
    """The photo that is read while nobody has given one."""
    return _example_photo()


@st.cache_resource(show_spinner=False)
def _example_photo() -> photos.Photo:
    return photos.example_photo()


def read_photo(photo: photos.Photo, detector: str, models: tuple[str, ...], whole: bool) -> photos.PhotoReading:
    """What the models read in a photo; forgotten with the session. InputError where it cannot be decoded."""
    return _read_photo(photo.key, detector, models, whole, tuple(map(_model_stamp, models)), photo.data)


@st.cache_resource(scope="session", max_entries=2 * PHOTOS_AT_ONCE, show_spinner="Reading the photo ...")
def _read_photo(
    key: str, detector: str, models: tuple[str, ...], whole: bool, stamp: Stamp, _data: bytes
) -> photos.PhotoReading:
    recognizer = Recognizer(make_detector(detector), {name: classifier(name) for name in models})
    return photos.read(_data, recognizer, whole)
