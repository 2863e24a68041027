"""Loaded models and the readings of photos, cached."""

import numpy as np
import streamlit as st

from core.classifiers.calibrated import Calibrated
from core.classifiers.loading import load_classifier
from core.classifiers.shared import SharedClassifier
from core.recognition import photos
from core.recognition.recognizer import Recognizer
from core.vision.crops import FACE_SIZE
from core.vision.detectors import make_detector
from dashboard.resources.stamps import Stamp, model_stamp

MODELS_AT_ONCE = 64
"""Kept loaded. A cache with fewer places than are asked for in turn loads each one anew every time."""

PHOTOS_AT_ONCE = 20
"""Photos of one visitor whose readings are kept, and hence read."""


def classifier(name: str) -> Calibrated:
    """The model itself, loaded once and shared by all sessions; InputError if its weights do not fit its card."""
    return _classifier(name, model_stamp(name))


@st.cache_resource(max_entries=MODELS_AT_ONCE, show_spinner="Loading the model ...")
def _classifier(name: str, stamp: Stamp) -> Calibrated:
    loaded = load_classifier(name)
    # the first prediction sets up threads and buffers; a webcam's first frame must not wait for that
    loaded.predict_proba(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))
    return loaded


def shared_classifier(name: str) -> SharedClassifier:
    """The same model for streams: it reads together what several of them bring at the same time."""
    return _shared_classifier(name, model_stamp(name))


@st.cache_resource(max_entries=MODELS_AT_ONCE, show_spinner=False)
def _shared_classifier(name: str, stamp: Stamp) -> SharedClassifier:
    return SharedClassifier(classifier(name))


def example_photo() -> photos.Photo:
    """The photo that is read while nobody has given one."""
    return _example_photo()


@st.cache_resource(show_spinner=False)
def _example_photo() -> photos.Photo:
    return photos.example_photo()


def read_photo(photo: photos.Photo, detector: str, models: tuple[str, ...], whole: bool) -> photos.PhotoReading:
    """What the models read in a photo; forgotten with the session. InputError if it cannot be decoded."""
    return _read_photo(photo.key, detector, models, whole, tuple(map(model_stamp, models)), photo.data)


@st.cache_resource(scope="session", max_entries=2 * PHOTOS_AT_ONCE, show_spinner="Reading the photo ...")
def _read_photo(
    key: str, detector: str, models: tuple[str, ...], whole: bool, stamp: tuple[Stamp, ...], _data: bytes
) -> photos.PhotoReading:
    recognizer = Recognizer(make_detector(detector), {name: classifier(name) for name in models})
    return photos.read(_data, recognizer, whole)
