"""One photo: the picture with its boxes, the buttons under it, and the faces beside it."""

from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

import streamlit as st

from core.recognition import photos
from core.recognition.photos import Photo, PhotoReading
from dashboard import keys, resources
from dashboard.components import displays, downloads, layout
from dashboard.pages.photo import cards
from dashboard.pages.photo.one_face import section
from dashboard.plain_text import escape_markdown, one_line

NO_FACE = (
    "**No face was found.** Choose another detector above, turn the photo, or use one with a larger face. "
    "If the photo is already a face crop, as in FER2013, treat the whole photo as one face."
)

TURNED = "The photo was turned by {} degrees clockwise, because its faces are easier to find that way."

EXAMPLE_CREDIT = (
    "No photo yet: here is an example. It shows the astronaut Eileen Collins. The photograph is by NASA and in the "
    "public domain; scikit-image provides it."
)

LONGEST_NAME = 60
"""Longer names of photos are shortened on the page."""

SINGLE_CARD_WIDTH, CARD_WIDTH = 330, 250
"""Minimum card width in CSS pixels: for a photo with one face, and with several."""

MAX_DESCRIBED = 5
"""Faces that the description of a picture names."""


def read(photo: Photo, detector: str, models: Sequence[str]) -> PhotoReading:
    """Read a photo as the visitor has chosen: as one face or not, and turned. Raises InputError if it is no photo."""
    as_one_face = st.session_state.get(keys.per_item(keys.WHOLE_PHOTO, photo.key), False)
    return resources.recognition.read_photo(photo, detector, tuple(models), as_one_face, _chosen_turn(photo))


def _chosen_turn(photo: Photo) -> int | None:
    """Return the turn in degrees clockwise that the visitor has chosen; None if the page finds it."""
    turn: int | None = st.session_state.get(keys.per_item(keys.TURN, photo.key))
    return turn


def show(photo: Photo, reading: PhotoReading, models: Sequence[str], drawn_model: str) -> None:
    """Show a photo with its boxes, and beside it its faces, and what the visitor can ask about each."""
    with st.container(key="photo-result"):
        layout.subheader(escape_markdown(photo.name, LONGEST_NAME))
        left, right = st.columns([2, 3], gap="medium")
        with left:
            picture = photos.preview(reading, drawn_model)
            st.image(picture, width="stretch", alt=description(photo, reading, drawn_model))
            with st.container(horizontal=True, vertical_alignment="bottom"):
                _show_buttons(photo, reading, models, drawn_model)
            for caption in _captions(photo, reading):
                st.caption(caption)
        with right:
            _show_faces(reading)
            section.show(photo, reading, models, drawn_model)


def description(photo: Photo, reading: PhotoReading, model: str) -> str:
    """Return what the picture shows, as text: `one.jpg: face 1 happy 84 %; face 2 sad 51 %, by cnn`."""
    name = one_line(photo.name, LONGEST_NAME)
    labels = [f"face {number} {one.label_text(model)}" for number, one in enumerate(reading.readings, start=1)]
    if not labels:
        return f"{name}: no face was found"
    more = len(labels) - MAX_DESCRIBED
    rest = f"; {more} more faces" if more > 0 else ""
    return f"{name}: {'; '.join(labels[:MAX_DESCRIBED])}{rest}, by {one_line(model)}"


def _captions(photo: Photo, reading: PhotoReading) -> list[str]:
    is_turned = reading.turned_by and _chosen_turn(photo) is None
    is_example = photo.key == resources.recognition.example_photo().key
    return [
        *([TURNED.format(reading.turned_by)] if is_turned else []),
        *([EXAMPLE_CREDIT] if is_example else []),
    ]


def _show_buttons(photo: Photo, reading: PhotoReading, models: Sequence[str], drawn_model: str) -> None:
    if len(models) > 1:
        st.session_state[keys.DRAWN_MODEL] = drawn_model
        st.segmented_control(
            "Labels drawn on the photos",
            models,
            required=True,
            key=keys.DRAWN_MODEL,
            format_func=escape_markdown,
        )
    _show_turn_button(photo, reading)
    st.toggle(
        "Treat the whole photo as one face",
        key=keys.per_item(keys.WHOLE_PHOTO, photo.key),
        help="Read the whole photo as one face, without a detector. This suits crops of faces, as in FER2013.",
        persist_state="session",
    )
    downloads.button(
        "Annotated photo (PNG)",
        partial(photos.annotated_png, photo.data, reading, drawn_model),
        f"{PurePath(photo.name).stem}-annotated.png",
        "image/png",
        keys.per_item("png", photo.key),
    )


def _show_turn_button(photo: Photo, reading: PhotoReading) -> None:
    """Show a button that turns the photo by 90 degrees clockwise, and reads it again."""

    def turn() -> None:
        st.session_state[keys.per_item(keys.TURN, photo.key)] = (reading.turned_by + 90) % 360

    key = keys.per_item("turn-button", photo.key)
    st.button("Turn", key=key, icon=":material/rotate_90_degrees_cw:", on_click=turn, help="Turn the photo clockwise")


def _show_faces(reading: PhotoReading) -> None:
    if not reading.readings:
        st.warning(NO_FACE, icon=":material/person_search:")
        return
    face_cards = cards.face_cards(reading)
    displays.face_grid(face_cards, card_width=SINGLE_CARD_WIDTH if len(face_cards) == 1 else CARD_WIDTH)
