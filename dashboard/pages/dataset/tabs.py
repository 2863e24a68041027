"""The tabs of the page. Only the open one is computed."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard import keys, resources
from dashboard.components.addressed import read_from_address, warn_of_unknown, write_to_address
from dashboard.pages.dataset import classes, gallery, quality
from dashboard.pages.dataset.opening import GALLERY

CLASSES, QUALITY, CLEAN = "classes", "quality", "clean"

TITLES = {CLASSES: "Classes", GALLERY: "Gallery", QUALITY: "Quality", CLEAN: "Clean list"}
"""Name in the address -> name on screen."""

OF_GALLERY = (keys.IMAGE, keys.GALLERY_KIND, keys.SPLIT, keys.EMOTION, keys.GALLERY_ORDER, keys.SAMPLE_DRAW)
"""Query parameters that belong to the gallery: a link with one of them, but no tab, opens it."""


def show_clean_list() -> None:
    """Show the clean list. It is imported when it is first opened."""
    from dashboard.pages.dataset.clean import show

    show()


PANELS: Mapping[str, Callable[[], None]] = {
    CLASSES: classes.show,
    GALLERY: gallery.show,
    QUALITY: quality.show,
    CLEAN: show_clean_list,
}


def pick() -> str:
    """Show the tabs, and return the name of the open one. The address keeps it.

    Without any choice, the gallery is open, or the classes if there are no images to show.
    """
    warn_of_unknown(keys.TAB, "a tab", TITLES)
    default = CLASSES if resources.data.faces() is None else GALLERY
    if in_address := read_from_address(keys.TAB, TITLES):
        st.session_state[keys.TAB] = in_address[0]
    elif st.session_state.get(keys.TAB) not in TITLES:
        is_of_gallery = any(st.query_params.get(key) for key in OF_GALLERY)
        st.session_state[keys.TAB] = GALLERY if is_of_gallery else default
    with st.container(key=keys.DATASET_TABS):
        chosen = st.segmented_control(
            "Part of the page",
            list(TITLES),
            format_func=TITLES.__getitem__,
            required=True,
            key=keys.TAB,
            wrap=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    name = str(chosen or default)
    write_to_address(keys.TAB, [name], [default])
    return name
