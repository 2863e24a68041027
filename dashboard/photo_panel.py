"""The parts of the Photo page: where photos come from, who reads them, and what was read."""

from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

import streamlit as st

from core.detectors import detector_names
from core.exceptions import InputError
from core.recognizer import DEFAULT_DETECTOR, DEFAULT_MODELS
from dashboard import components, photos, resources, texts
from dashboard.photos import Photo, PhotoReading

UPLOAD, CAMERA = "Upload", "Camera"

MAX_UPLOAD_MB = 200

NOTICE = (
    "Photos are read in the memory of the server that runs this page and are **never stored**; they are gone minutes "
    "after you close it. Show it only people who know and agree. What you see is a *predicted expression*, the label "
    "that annotators would probably have chosen: the configuration of a face "
    "[is not a feeling](https://doi.org/10.1177/1529100619832930) (Barrett et al. 2019). "
    "Not for use at work or in education."
)

EXAMPLE_CREDIT = (
    "No photo yet: here is an example. Eileen Collins, NASA astronaut; photograph by NASA, in the public domain, "
    "from scikit-image."
)

NO_FACE = (
    "**No face was found.** For turned heads choose `haar-multi`, for small faces `haar-fine`. Is the "
    "picture a face already cut out, such as FER2013's own? Then read the whole of it as one face:"
)

ONE_CARD, MANY_CARDS = 330, 250
"""Least width of a face's card, in CSS pixels: one alone may be as wide as a phone's screen lets it."""


def notice() -> None:
    st.info(NOTICE, icon=":material/shield_person:")


def choose() -> tuple[str, list[str]]:
    """Widgets for the detector and the models. Stops the page, with a sentence, where no model is there or chosen."""
    names = resources.model_names()
    if not names:
        components.no_models_notice()
        st.stop()
    left, right = st.columns([1, 3])
    with left:
        detectors = detector_names()
        start = detectors.index(DEFAULT_DETECTOR)
        detector = st.selectbox("Face detector", detectors, start, key="photo-detector", help=texts.DETECTOR_HELP)
    with right:
        models = components.models_picker("Models", "models", components.default_pair(names, DEFAULT_MODELS))
    if not models:
        st.info("No model is chosen: choose one above, and it reads the photo.", icon=":material/info:")
        st.stop()
    return detector, models


def pick() -> list[Photo]:
    """Widgets for uploads and the camera; the example photo where neither has given one."""
    source = st.segmented_control(
        "Photos from", [UPLOAD, CAMERA], default=UPLOAD, required=True, key="source", bind="query-params"
    )
    files = _snapshot() if source == CAMERA else _uploads()
    if not files:
        st.caption(EXAMPLE_CREDIT)
        return [resources.example_photo()]
    if len(files) > resources.PHOTOS_AT_ONCE:
        st.warning(
            f"The first {resources.PHOTOS_AT_ONCE} of {len(files)} photos are read: remove some to see the others. "
            "`python -m core predict` reads any number.",
            icon=":material/photo_library:",
        )
        files = files[: resources.PHOTOS_AT_ONCE]
    names = photos.unique_names([file.name for file in files])
    return [Photo(file.file_id, name, file.getvalue()) for file, name in zip(files, names, strict=True)]


def _uploads() -> list:
    return st.file_uploader(
        f"JPEG, PNG, WebP or BMP, up to 50 megapixels and {MAX_UPLOAD_MB} MB; {resources.PHOTOS_AT_ONCE} at once",
        type="image",
        accept_multiple_files=True,
        max_upload_size=MAX_UPLOAD_MB,
        key="uploads",
    )


def _snapshot() -> list:
    snapshot = st.camera_input("Take a snapshot; nothing else of the camera is sent", key="snapshot")
    return [snapshot] if snapshot else []


def choose_labels(models: Sequence[str]) -> str:
    """Whose labels are drawn on the photos."""
    if len(models) == 1:
        return models[0]
    return st.segmented_control("Labels on the photos by", models, default=models[0], required=True) or models[0]


def show(photo: Photo, detector: str, models: Sequence[str], drawn: str) -> PhotoReading | None:
    """One photo with its boxes, and the readings beside it; an error box, and None, where it cannot be read."""
    components.subheader(photo.name)
    whole_key = f"whole-{photo.key}"
    try:
        reading = resources.read_photo(photo, detector, tuple(models), st.session_state.get(whole_key, False))
    except InputError as error:
        st.error(f"{photo.name}: {error}", icon=":material/broken_image:")
        return None
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.image(photos.preview(reading, drawn), width="stretch", alt=f"{photo.name} with the faces found in it")
        _download(photo, reading, drawn)
    with right:
        _show_readings(reading)
        st.toggle("Read the whole picture as one face", key=whole_key)
    return reading


def _show_readings(reading: PhotoReading) -> None:
    if not reading.readings:
        st.warning(NO_FACE, icon=":material/person_search:")
        return
    cards = photos.face_cards(reading)
    components.face_grid(cards, card_width=ONE_CARD if len(cards) == 1 else MANY_CARDS)


def _download(photo: Photo, reading: PhotoReading, drawn: str) -> None:
    st.download_button(
        "Annotated photo (PNG)",
        partial(photos.annotated_png, photo, reading, drawn),
        file_name=f"{PurePath(photo.name).stem}-annotated.png",
        mime="image/png",
        icon=":material/download:",
        on_click="ignore",
        key=f"png-{photo.key}",
    )


def download_numbers(readings: dict[str, PhotoReading]) -> None:
    """A button for all numbers as CSV, where there are any."""
    table = photos.readings_table(readings)
    if not table.empty:
        components.download_csv(table, "readings", "All readings as CSV")
