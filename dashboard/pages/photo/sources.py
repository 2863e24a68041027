"""Where photos come from: uploads, the camera, or the example."""

from typing import NamedTuple

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.recognition import photos
from core.recognition.photos import Photo
from core.vision.formats import FORMAT_NAMES, MAX_MB, MAX_PIXELS, SUFFIXES
from dashboard import keys, resources
from dashboard.pages.photo.choices import CAMERA
from dashboard.resources.recognition import MAX_PHOTOS

FORMATS = f"{FORMAT_NAMES}, up to {MAX_PIXELS // 1_000_000} megapixels and {MAX_MB} MB each."


class Photos(NamedTuple):
    """The photos to read, at least one."""

    photos: list[Photo]
    are_example: bool
    """Whether the visitor has given no photo, so that this is the example."""


def choose_photos(source: str) -> Photos:
    """Show the widget for uploads or the camera. Return the example photo if no photo was given."""
    files = _snapshot() if source == CAMERA else _uploads()
    if not files:
        return Photos([resources.recognition.example_photo()], are_example=True)
    if len(files) > MAX_PHOTOS:
        st.warning(
            f"The first {MAX_PHOTOS} of {len(files)} photos are shown. Remove some of them to see the others. "
            "The command `python -m core predict` takes any number of photos.",
            icon=":material/photo_library:",
        )
        files = files[:MAX_PHOTOS]
    names = photos.unique_names([file.name for file in files])
    return Photos(
        [Photo(file.file_id, name, file.getvalue()) for file, name in zip(files, names, strict=True)],
        are_example=False,
    )


def _uploads() -> list[UploadedFile]:
    with st.container(key="photo-drop-zone"):
        return st.file_uploader(
            f"Up to {MAX_PHOTOS} photos",
            type=list(SUFFIXES),
            accept_multiple_files=True,
            max_upload_size=MAX_MB,
            key=_of_this_round(keys.UPLOADS),
            help=FORMATS,
        )


def _snapshot() -> list[UploadedFile]:
    snapshot = st.camera_input(
        "Take a snapshot. The camera sends nothing else.", key=_of_this_round(keys.SNAPSHOT), width=420
    )
    return [snapshot] if snapshot else []


def _of_this_round(key: str) -> str:
    """Return a key that changes when the visitor clears the photos, so that the widget starts empty again."""
    return keys.per_item(key, str(st.session_state.get(keys.PHOTO_ROUND, 0)))


def clear(cleared: list[Photo]) -> None:
    """Remove these photos, all that was read from them, and the choices made for them."""
    resources.recognition.forget_photos(cleared)
    for photo in cleared:
        for key in (keys.WHOLE_PHOTO, keys.TURN):
            st.session_state.pop(keys.per_item(key, photo.key), None)
    st.session_state[keys.PHOTO_ROUND] = st.session_state.get(keys.PHOTO_ROUND, 0) + 1
