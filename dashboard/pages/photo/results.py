"""Each photo with its results, and their downloads."""

from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

import streamlit as st

from core.exceptions import InputError
from core.recognition import photos
from core.recognition.photos import Photo, PhotoReading
from dashboard import keys, resources
from dashboard.components import displays, downloads, layout
from dashboard.pages.photo import cards
from dashboard.plain_text import escape_markdown, one_line

NO_FACE = (
    "**No face was found.** Choose another detector above, turn the photo, or use one with a larger face. "
    "If the photo is already a face crop, as in FER2013, treat the whole photo as one face:"
)

TURNED = "The photo was turned by {} degrees clockwise, because its faces were found more surely that way."

LONGEST_NAME = 60
"""Longer names of photos are shortened on the page."""

SINGLE_CARD_WIDTH, CARD_WIDTH = 330, 250
"""Minimum card width in CSS pixels: for a photo with one face, and with several."""


def show(photo: Photo, detector: str, models: Sequence[str], drawn_model: str) -> PhotoReading | None:
    """Show a photo with its boxes, and the readings beside it. If it cannot be read, show an error and return None."""
    layout.subheader(escape_markdown(photo.name, LONGEST_NAME))
    whole_photo_key, turn_key = keys.per_item("whole", photo.key), keys.per_item(keys.TURN, photo.key)
    as_one_face, chosen_turn = st.session_state.get(whole_photo_key, False), st.session_state.get(turn_key)
    try:
        reading = resources.recognition.read_photo(photo, detector, tuple(models), as_one_face, chosen_turn)
    except InputError as error:
        st.error(
            f"{escape_markdown(photo.name, LONGEST_NAME)}: {escape_markdown(error)}", icon=":material/broken_image:"
        )
        return None
    left, right = st.columns([2, 3], gap="medium")
    with left:
        alt = f"{one_line(photo.name, LONGEST_NAME)} with the faces found in it"
        st.image(photos.preview(reading, drawn_model), width="stretch", alt=alt)
        with st.container(horizontal=True):
            _show_png_button(photo, reading, drawn_model)
            _show_turn_button(photo, reading, turn_key)
        if chosen_turn is None and reading.turned_by:
            st.caption(TURNED.format(reading.turned_by))
    with right:
        _show_readings(reading)
        st.toggle("Treat the whole photo as one face", key=whole_photo_key)
    return reading


def _show_readings(reading: PhotoReading) -> None:
    if not reading.readings:
        st.warning(NO_FACE, icon=":material/person_search:")
        return
    face_cards = cards.face_cards(reading)
    displays.face_grid(face_cards, card_width=SINGLE_CARD_WIDTH if len(face_cards) == 1 else CARD_WIDTH)


def _show_png_button(photo: Photo, reading: PhotoReading, drawn_model: str) -> None:
    downloads.button(
        "Annotated photo (PNG)",
        partial(photos.annotated_png, photo.data, reading, drawn_model),
        f"{PurePath(photo.name).stem}-annotated.png",
        "image/png",
        keys.per_item("png", photo.key),
    )


def _show_turn_button(photo: Photo, reading: PhotoReading, turn_key: str) -> None:
    """Show a button that turns the photo by 90 degrees clockwise, and reads it again."""

    def turn() -> None:
        st.session_state[turn_key] = (reading.turned_by + 90) % 360

    key = keys.per_item("turn-button", photo.key)
    st.button("Turn", key=key, icon=":material/rotate_90_degrees_cw:", on_click=turn, help="Turn the photo clockwise")


def show_csv_button(readings: dict[str, PhotoReading]) -> None:
    """Show a button that downloads all readings as CSV, if there are any."""
    table = photos.readings_table(readings)
    if not table.empty:
        downloads.csv_button(table, "readings", "All readings as CSV")
