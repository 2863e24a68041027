"""Widgets to choose photos or a film, the face detector and the models."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.recognition import photos
from core.recognition.photos import Photo
from core.vision.formats import FORMAT_NAMES, MAX_MB, MAX_PIXELS, SUFFIXES
from dashboard import keys, resources
from dashboard.components import detectors, notices, pickers
from dashboard.plain_text import escape_markdown
from dashboard.resources.recognition import MAX_PHOTOS

PHOTOS, FILM = "Photos", "Film"
UPLOAD, CAMERA = "Upload", "Camera"

PREDICTED = (
    "The result is a *predicted expression*: the label that the face would probably have in FER2013. "
    "A facial expression [is not a feeling](https://doi.org/10.1177/1529100619832930) (Barrett et al. 2019). "
    "Do not use this at work or in education."
)

NOTICE = (
    "The server that runs this page keeps photos in memory only and **never stores** them. They are deleted a few "
    "minutes after you close the page. Use only photos of people who know about this use and agree to it. "
    f"{PREDICTED}"
)

FILM_NOTICE = (
    "While the server reads your film, the film and its results are in a **temporary folder** of this server. The "
    "folder is **deleted** when the reading ends, when you cancel it, or when you leave this page; after a crash, at "
    "the next start of the server. The results are then only in memory, until you clear them or close the tab. "
    "Use only films of people who know about this use and agree to it. "
    f"{PREDICTED}"
)

EXAMPLE_CREDIT = (
    "No photo yet: here is an example. It shows the astronaut Eileen Collins. The photograph is by NASA and in the "
    "public domain; scikit-image provides it."
)


def choose_kind() -> str:
    """Show a choice between photos and a film, and return `PHOTOS` or `FILM`. The address keeps it.

    Visitors who come back to their film see it at once.
    """
    default = FILM if resources.films.current() else PHOTOS
    return st.segmented_control(
        "What to read", [PHOTOS, FILM], default=default, required=True, key=keys.KIND, bind="query-params"
    )


def show_notice(kind: str) -> None:
    """Show what happens to photos or films, and what a predicted expression is and is not."""
    st.info(FILM_NOTICE if kind == FILM else NOTICE, icon=":material/shield_person:")


def choose_detector_and_models(kind: str) -> tuple[str, list[str]]:
    """Show widgets for the detector and the models. Stop the page with a message if no model exists or is chosen.

    Chosen models that cannot be loaded are left out, with a warning.
    """
    names = resources.models.model_names()
    if not names:
        notices.no_models_notice()
        st.stop()
    video = kind == FILM
    left, right = st.columns([1, 3])
    with left:
        detector = detectors.detector_picker(keys.FILM_DETECTOR if video else keys.PHOTO_DETECTOR, video)
    with right:
        models = pickers.models_picker("Models (the film shows the labels of the first)" if video else "Models")
    detectors.show_detector_notes(detector, video)
    if not models:
        st.info("No model is chosen. Choose one above to predict the expressions.", icon=":material/info:")
        st.stop()
    return detector, pickers.usable_models(models)


def choose_photos() -> list[Photo]:
    """Show widgets for uploads and the camera. Return the example photo if no photo was given."""
    source = st.segmented_control(
        "Photos from", [UPLOAD, CAMERA], default=UPLOAD, required=True, key=keys.PHOTO_SOURCE, bind="query-params"
    )
    files = _snapshot() if source == CAMERA else _uploads()
    if not files:
        st.caption(EXAMPLE_CREDIT)
        return [resources.recognition.example_photo()]
    if len(files) > MAX_PHOTOS:
        st.warning(
            f"The first {MAX_PHOTOS} of {len(files)} photos are shown. Remove some of them to see the others. "
            "The command `python -m core predict` takes any number of photos.",
            icon=":material/photo_library:",
        )
        files = files[:MAX_PHOTOS]
    names = photos.unique_names([file.name for file in files])
    return [Photo(file.file_id, name, file.getvalue()) for file, name in zip(files, names, strict=True)]


def _uploads() -> list[UploadedFile]:
    return st.file_uploader(
        f"{FORMAT_NAMES}, up to {MAX_PIXELS // 1_000_000} megapixels and {MAX_MB} MB each; at most {MAX_PHOTOS} photos",
        type=list(SUFFIXES),
        accept_multiple_files=True,
        max_upload_size=MAX_MB,
        key=keys.UPLOADS,
    )


def _snapshot() -> list[UploadedFile]:
    snapshot = st.camera_input("Take a snapshot. The camera sends nothing else.", key=keys.SNAPSHOT)
    return [snapshot] if snapshot else []


def choose_model_to_draw(models: Sequence[str]) -> str:
    """Return the model whose labels are drawn on the photos. If there are several, let the visitor choose."""
    if len(models) == 1:
        return models[0]
    chosen = st.segmented_control(
        "Labels drawn on the photos", models, default=models[0], required=True, format_func=escape_markdown
    )
    return chosen or models[0]
