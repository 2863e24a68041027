"""Open the gallery with images of one kind, from other parts of the page."""

import streamlit as st

from dashboard import keys
from dashboard.pages.dataset.gallery.filter import ANY
from dashboard.pages.dataset.gallery.kinds import KINDS

GALLERY = "gallery"
"""The name of the gallery's tab."""


def open_gallery(kind: str, emotion: str | None = None, split: str | None = None) -> None:
    """Open the gallery at the next run, with a kind of `KINDS`, and no other filters than these.

    Choices from earlier would hide some of the images. Call this before the widgets of the page run.
    """
    st.session_state[keys.TAB] = GALLERY
    st.session_state[keys.GALLERY_KIND] = kind
    st.session_state[keys.GALLERY_ORDER] = KINDS[kind].order
    st.session_state[keys.EMOTION] = emotion or ANY
    st.session_state[keys.SPLIT] = split or ANY
