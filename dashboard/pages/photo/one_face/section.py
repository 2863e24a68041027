"""The folded parts about one face of a photo."""

from collections.abc import Sequence

import streamlit as st

from core.recognition.photos import Photo, PhotoReading
from dashboard import faults, keys
from dashboard.pages.photo.one_face import similar, why

MODELS_COMPARED = 2
"""Models whose labels are explained, and whose labels of similar faces are shown."""


@st.fragment
def show(photo: Photo, reading: PhotoReading, models: Sequence[str], drawn_model: str) -> None:
    """Show two folded parts about a face of the photo; their content is made when the visitor opens them.

    With several faces, the visitor chooses one. Of several models, `drawn_model` and one more are explained.
    """
    if not reading.readings:
        return
    compared = list(dict.fromkeys([drawn_model, *models]))[:MODELS_COMPARED]
    with st.container(key="photo-one-face"):
        index = _choose_face(photo, len(reading.readings))
        face = reading.crops[index]
        part = st.expander("Why this label", key=keys.PHOTO_WHY, on_change="rerun")
        if part.open:
            with part, faults.show_input_errors():
                why.show(face, {model: reading.readings[index].label(model) for model in compared})
        part = st.expander("Faces like this one", key=keys.PHOTO_SIMILAR, on_change="rerun")
        if part.open:
            with part, faults.show_input_errors():
                similar.show(face, compared)


def _choose_face(photo: Photo, count: int) -> int:
    """Return the position of the face that the visitor has chosen, counted from 0. A single face needs no choice."""
    if count == 1:
        return 0
    return st.segmented_control(
        "Look closer at face",
        range(count),
        default=0,
        required=True,
        format_func=lambda index: str(index + 1),
        key=keys.per_item(keys.PHOTO_FACE, f"{photo.key}-{count}"),
        wrap=True,
    )
