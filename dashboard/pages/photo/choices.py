"""Where photos come from, and who reads them."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.recognition import photos
from core.recognition.photos import Photo
from core.vision.detectors import detector_names
from core.vision.detectors.defaults import DEFAULT_DETECTOR
from dashboard import keys, resources
from dashboard.components import explanations, notices, pickers
from dashboard.resources.recognition import PHOTOS_AT_ONCE

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


def notice() -> None:
    st.info(NOTICE, icon=":material/shield_person:")


def choose() -> tuple[str, list[str]]:
    """Widgets for the detector and the models. Stops the page, with a sentence, where no model is there or chosen."""
    names = resources.models.model_names()
    if not names:
        notices.no_models_notice()
        st.stop()
    left, right = st.columns([1, 3])
    with left:
        detectors = detector_names()
        start = detectors.index(DEFAULT_DETECTOR)
        detector = st.selectbox(
            "Face detector", detectors, start, key=keys.PHOTO_DETECTOR, help=explanations.DETECTOR_HELP
        )
    with right:
        models = pickers.models_picker("Models")
    if not models:
        st.info("No model is chosen: choose one above, and it reads the photo.", icon=":material/info:")
        st.stop()
    return detector, models


def pick() -> list[Photo]:
    """Widgets for uploads and the camera; the example photo where neither has given one."""
    source = st.segmented_control(
        "Photos from", [UPLOAD, CAMERA], default=UPLOAD, required=True, key=keys.PHOTO_SOURCE, bind="query-params"
    )
    files = _snapshot() if source == CAMERA else _uploads()
    if not files:
        st.caption(EXAMPLE_CREDIT)
        return [resources.recognition.example_photo()]
    if len(files) > PHOTOS_AT_ONCE:
        st.warning(
            f"The first {PHOTOS_AT_ONCE} of {len(files)} photos are read: remove some to see the others. "
            "`python -m core predict` reads any number.",
            icon=":material/photo_library:",
        )
        files = files[:PHOTOS_AT_ONCE]
    names = photos.unique_names([file.name for file in files])
    return [Photo(file.file_id, name, file.getvalue()) for file, name in zip(files, names, strict=True)]


def _uploads() -> list[UploadedFile]:
    return st.file_uploader(
        f"JPEG, PNG, WebP or BMP, up to 50 megapixels and {MAX_UPLOAD_MB} MB; {PHOTOS_AT_ONCE} at once",
        type="image",
        accept_multiple_files=True,
        max_upload_size=MAX_UPLOAD_MB,
        key=keys.UPLOADS,
    )


def _snapshot() -> list[UploadedFile]:
    snapshot = st.camera_input("Take a snapshot; nothing else of the camera is sent", key=keys.SNAPSHOT)
    return [snapshot] if snapshot else []


def choose_labels(models: Sequence[str]) -> str:
    """Whose labels are drawn on the photos."""
    if len(models) == 1:
        return models[0]
    return st.segmented_control("Labels on the photos by", models, default=models[0], required=True) or models[0]
