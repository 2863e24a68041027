"""The results of one or several photos. With several, thumbnails choose the one that is shown large."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.exceptions import InputError
from core.recognition import photos as core_photos
from core.recognition.photos import Photo, PhotoReading
from dashboard import keys
from dashboard.components import displays, downloads, layout
from dashboard.pages.photo import archive, cards, results, sources, thumbnails
from dashboard.pages.photo.sources import Photos
from dashboard.plain_text import escape_markdown

LONGEST_NAME = 20
"""Longer names of photos are shortened under thumbnails."""


@st.fragment
def show(chosen: Photos, detector: str, models: Sequence[str]) -> None:
    """Show the photos and their downloads. A choice that concerns only photos does not run the rest of the page."""
    readings = _read(chosen.photos, detector, models)
    shown = [photo for photo in chosen.photos if photo.key in readings]
    if shown:
        drawn_model = _drawn_model(models)
        photo = _choose_photo(shown, readings, drawn_model) if len(shown) > 1 else shown[0]
        results.show(photo, readings[photo.key], models, drawn_model)
    if len(shown) > 1:
        layout.subheader("All faces")
        displays.text_table(cards.faces_table({photo.name: readings[photo.key] for photo in shown}, models))
    with st.container(horizontal=True):
        if shown:
            _show_downloads(shown, readings, drawn_model)
        if not chosen.are_example:
            _show_clear_button(chosen.photos)


def _read(photos: Sequence[Photo], detector: str, models: Sequence[str]) -> dict[str, PhotoReading]:
    """Return the readings by the photos' keys. Those that cannot be read are left out, with an error for each."""
    readings = {}
    for photo in photos:
        try:
            readings[photo.key] = results.read(photo, detector, models)
        except InputError as error:
            title = escape_markdown(photo.name, results.LONGEST_NAME)
            st.error(f"{title}: {escape_markdown(error)}", icon=":material/broken_image:")
    return readings


def _drawn_model(models: Sequence[str]) -> str:
    """Return the model whose labels are drawn on the photos: the visitor's choice, or the first."""
    drawn = st.session_state.get(keys.DRAWN_MODEL)
    return str(drawn) if drawn in models else models[0]


def _choose_photo(photos: Sequence[Photo], readings: Mapping[str, PhotoReading], model: str) -> Photo:
    """Show one thumbnail per photo, and return the chosen one."""
    by_name = {photo.name: photo for photo in photos}
    labels = {name: f"{number} · {escape_markdown(name, LONGEST_NAME)}" for number, name in enumerate(by_name, start=1)}
    if st.session_state.get(keys.CHOSEN_PHOTO) not in by_name:
        st.session_state[keys.CHOSEN_PHOTO] = photos[0].name
    st.html(thumbnails.html([readings[photo.key] for photo in photos], model))
    with st.container(key=thumbnails.GALLERY):
        st.pills(
            "Photo",
            list(by_name),
            required=True,
            format_func=labels.__getitem__,
            key=keys.CHOSEN_PHOTO,
            label_visibility="collapsed",
            wrap=False,
        )
    return by_name[st.session_state[keys.CHOSEN_PHOTO]]


def _show_downloads(photos: Sequence[Photo], readings: Mapping[str, PhotoReading], drawn_model: str) -> None:
    named = {photo.name: readings[photo.key] for photo in photos}
    if len(photos) > 1:
        downloads.button(
            "All photos and readings (ZIP)",
            partial(archive.zipped, named, drawn_model),
            "photos.zip",
            "application/zip",
            "photos-zip",
            help=archive.ABOUT,
        )
    table = core_photos.readings_table(named)
    if not table.empty:
        downloads.csv_button(table, "readings", "All readings as CSV")


def _show_clear_button(photos: list[Photo]) -> None:
    label = "Clear all photos" if len(photos) > 1 else "Clear the photo"
    if st.button(label, key=keys.CLEAR_PHOTOS, type="tertiary", icon=":material/delete:"):
        sources.clear(photos)
        st.rerun()
