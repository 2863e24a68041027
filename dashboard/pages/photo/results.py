"""What was read in a photo, beside the photo itself."""

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
    "**No face was found.** For turned heads choose `haar-multi`, for small faces `haar-fine`. Is the "
    "picture a face already cut out, such as FER2013's own? Then read the whole of it as one face:"
)

ONE_CARD, MANY_CARDS = 330, 250
"""Least width of a face's card, in CSS pixels: one alone may be as wide as a phone's screen lets it."""


def show(photo: Photo, detector: str, models: Sequence[str], drawn: str) -> PhotoReading | None:
    """One photo with its boxes, and the readings beside it; an error box, and None, if it cannot be read."""
    layout.subheader(photo.name)
    whole_key = keys.of("whole", photo.key)
    try:
        reading = resources.recognition.read_photo(
            photo, detector, tuple(models), st.session_state.get(whole_key, False)
        )
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
    shown = cards.face_cards(reading)
    displays.face_grid(shown, card_width=ONE_CARD if len(shown) == 1 else MANY_CARDS)


def _download(photo: Photo, reading: PhotoReading, drawn: str) -> None:
    downloads.button(
        "Annotated photo (PNG)",
        partial(photos.annotated_png, photo.data, reading, drawn),
        f"{PurePath(photo.name).stem}-annotated.png",
        "image/png",
        keys.of("png", photo.key),
    )


def download_numbers(readings: dict[str, PhotoReading]) -> None:
    """A button for all numbers as CSV, if there are any."""
    table = photos.readings_table(readings)
    if not table.empty:
        downloads.csv_button(table, "readings", "All readings as CSV")
