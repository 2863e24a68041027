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

NO_FACE = (
    "**No face was found.** Choose another detector: `haar-multi` for turned heads, `haar-fine` for small faces. "
    "If the photo is already a face crop, as in FER2013, treat the whole photo as one face:"
)

SINGLE_CARD_WIDTH, CARD_WIDTH = 330, 250
"""Minimum card width in CSS pixels: for a photo with one face, and with several."""


def show(photo: Photo, detector: str, models: Sequence[str], drawn_model: str) -> PhotoReading | None:
    """Show a photo with its boxes, and the readings beside it. If it cannot be read, show an error and return None."""
    layout.subheader(photo.name)
    whole_photo_key = keys.per_item("whole", photo.key)
    try:
        reading = resources.recognition.read_photo(
            photo, detector, tuple(models), st.session_state.get(whole_photo_key, False)
        )
    except InputError as error:
        st.error(f"{photo.name}: {error}", icon=":material/broken_image:")
        return None
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.image(photos.preview(reading, drawn_model), width="stretch", alt=f"{photo.name} with the faces found in it")
        _show_png_button(photo, reading, drawn_model)
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


def show_csv_button(readings: dict[str, PhotoReading]) -> None:
    """Show a button that downloads all readings as CSV, if there are any."""
    table = photos.readings_table(readings)
    if not table.empty:
        downloads.csv_button(table, "readings", "All readings as CSV")
