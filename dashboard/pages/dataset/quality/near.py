"""Near copies: the search for them where they are not known yet, and what copies are worth to each model."""

import streamlit as st

from core.exceptions import InputError
from dashboard import faults, keys, resources
from dashboard.components import displays, layout
from dashboard.components.face_view import comparing
from dashboard.pages.dataset.gallery.facts import Facts
from dashboard.pages.dataset.quality import worth
from dashboard.plain_text import escape_markdown

ONCE = (
    "Near copies of this data set are not known yet. The search compares its test images with those of Training, once. "
    "It takes about a minute, in which the app is slower; you can leave the page meanwhile. "
    "`python -m core audit` does the same."
)

WITHOUT_IMAGES = (
    "Near copies of this data set are not known yet, and finding them needs its images: import them, then press the "
    "button that appears here."
)


def show(facts: Facts) -> None:
    """Show what copies are worth, or the search for near copies if they are not known."""
    layout.subheader("What copies are worth")
    if facts.pairs is None:
        _show_search()
        return
    if note := resources.near_copies.note():
        st.warning(escape_markdown(note), icon=":material/warning:")
    displays.show_when_seen("Accuracy with and without copies", worth.show)


def _show_search() -> None:
    """Show the button that starts the search, or its progress with a button that stops it."""
    if resources.data.faces() is None:
        st.info(WITHOUT_IMAGES, icon=":material/info:")
        return
    place = st.empty()
    progress = resources.near_copies.progress()
    if progress is None:
        with place.container():
            st.markdown(ONCE)
            if error := resources.near_copies.error():
                st.warning(_sentence(error), icon=":material/warning:")
            st.button(
                "Search for near copies",
                key=keys.NEAR_SEARCH,
                icon=":material/search:",
                on_click=resources.near_copies.start,
            )
        return
    done, total = progress
    with place.container():
        st.progress(done / max(total, 1), "Searching for near copies ...")
        st.button("Stop", key=keys.NEAR_STOP, icon=":material/stop:", on_click=resources.near_copies.stop)
        comparing.run_again_soon(keys.NEAR_WAIT, keys.NEAR_ROUND)


def _sentence(error: Exception) -> str:
    return escape_markdown(error) if isinstance(error, InputError) else faults.UNEXPECTED
