"""Cached access to loaded models and to the readings of photos."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.classifiers.calibrated import Calibrated
from core.classifiers.loading import load_classifier
from core.classifiers.shared import SharedClassifier
from core.exceptions import InputError
from core.recognition import photos
from core.recognition.recognizer import Recognizer
from core.vision.crops import FACE_SIZE
from core.vision.detectors import make_detector
from dashboard.resources import guests
from dashboard.resources.stamps import Stamp, detector_stamp, model_stamp

MAX_LOADED_MODELS = 64
"""Maximum number of models in memory. If more were in use, the cache would keep dropping and reloading them."""

MAX_PHOTOS = 20
"""Maximum number of photos that a visitor can show at once. Twice as many readings are cached."""


def classifier(name: str) -> Calibrated:
    """Return the model, loaded once for all sessions, or a guest of this visit, loaded once for this session.

    Raises InputError if its weights do not fit its card, and for a guest that consists of predictions.
    """
    if guest := guests.find(name):
        return guest.classifier
    return _classifier(name, model_stamp(name))


@st.cache_resource(max_entries=MAX_LOADED_MODELS, show_spinner="Loading the model ...")
def _classifier(name: str, stamp: Stamp) -> Calibrated:
    loaded = load_classifier(name)
    # The first prediction is slow: it sets up threads and buffers. Do it now, not on a webcam's first frame.
    loaded.predict_proba(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))
    return loaded


def fault(name: str) -> str | None:
    """Return why a model cannot predict, as a sentence, for example because its weights are damaged; None if it can.

    The reason is not cached, because it may lie in the files of another model that this one needs.
    """
    try:
        classifier(name)
    except InputError as error:
        return str(error)
    return None


def shared_classifier(name: str) -> SharedClassifier:
    """Return the model for use by video streams: it predicts the faces of several streams in one batch."""
    if guest := guests.find(name):
        return guest.shared_classifier
    return _shared_classifier(name, model_stamp(name))


@st.cache_resource(max_entries=MAX_LOADED_MODELS, show_spinner=False)
def _shared_classifier(name: str, stamp: Stamp) -> SharedClassifier:
    return SharedClassifier(classifier(name))


def detector_error(name: str) -> str | None:
    """Return why a detector cannot be created, for example because its file is damaged; None if it can."""
    return _detector_error(name, detector_stamp(name))


@st.cache_data(show_spinner=False)
def _detector_error(name: str, stamp: Stamp) -> str | None:
    try:
        make_detector(name)
    except InputError as error:
        return str(error)
    return None


def example_photo() -> photos.Photo:
    """Return the photo that is shown until the visitor adds one."""
    return _example_photo()


@st.cache_resource(show_spinner=False)
def _example_photo() -> photos.Photo:
    return photos.example_photo()


def read_photo(
    photo: photos.Photo, detector: str, models: tuple[str, ...], as_one_face: bool, turned_by: int | None
) -> photos.PhotoReading:
    """Return the models' readings of a photo, cached per session.

    If `as_one_face` is true, the whole photo is read as one face, without a detector. `turned_by` is the clockwise turn
    that the visitor chose, in degrees, or None. Raises InputError if the photo cannot be decoded.
    """
    stamps = (*map(model_stamp, models), detector_stamp(detector))
    return _read_photo(photo.key, detector, models, as_one_face, turned_by, stamps, photo.data)


@st.cache_resource(scope="session", max_entries=2 * MAX_PHOTOS, show_spinner="Reading the photo ...")
def _read_photo(
    key: str,
    detector: str,
    models: tuple[str, ...],
    as_one_face: bool,
    turned_by: int | None,
    stamp: tuple[Stamp, ...],
    _data: bytes,
) -> photos.PhotoReading:
    # Streamlit leaves arguments that begin with an underscore out of the cache key. `key` stands for `_data` there.
    recognizer = Recognizer(make_detector(detector), {name: classifier(name) for name in models})
    return photos.read(_data, recognizer, as_one_face, turned_by)


def forget_photos(forgotten: Sequence[photos.Photo]) -> None:
    """Delete the files of these photos, and the readings of all photos, from the memory of this session."""
    _read_photo.clear()
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for photo in forgotten:
            context.uploaded_file_mgr.remove_file(context.session_id, photo.key)
