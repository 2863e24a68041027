"""The button that compares all images of the data set, once, so that similar faces can be found."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import paths
from core.exceptions import InputError
from dashboard import faults, keys, resources
from dashboard.plain_text import escape_markdown

ONCE = (
    "This compares all images of the data set, once. It takes one to several minutes, in which the app is slower. You "
    "can leave the page meanwhile."
)

COMPARING = "Comparing the images ..."

REFRESH_S = 2.0
"""Seconds between two updates of the progress."""

SCRIPT = (paths.ROOT / "dashboard" / "assets" / "wait.js").read_text(encoding="utf-8")

# A fragment with `run_every` would do the same. But with one, Streamlit leaves elements of earlier runs on the page,
# such as the marks of the face before.
_wait = st.components.v2.component("ferscope_wait", html="<span></span>", js=SCRIPT)


def is_ready(key: str, title_html: str = "") -> bool:
    """Return whether similar faces are found at once. If not, show a button that prepares this, then the progress.

    `key` is that of the button, and `title_html` stands above it. Until all is ready, the part of the page that calls
    this runs again and again. Raises InputError without a default network.
    """
    if resources.neighbours.is_ready():
        return True
    place = st.empty()
    if resources.neighbours.progress() is None and not _start(place.container(), key, title_html):
        return False
    with place.container():
        if title_html:
            st.html(title_html)
        _show_progress()
    return False


def _start(place: DeltaGenerator, key: str, title_html: str) -> bool:
    """Show the button, and why the latest try has failed. Return whether a new one has just been started."""
    with place:
        st.html(f'{title_html}<p class="ferscope-note">{ONCE}</p>')
        if not st.button("Find faces like this one", key=key, icon=":material/search:"):
            if error := resources.neighbours.error():
                _show_failure(error)
            return False
        try:
            resources.neighbours.start()
        except InputError as error:
            _show_failure(error)
            return False
    return True


def _show_failure(error: Exception) -> None:
    sentence = escape_markdown(error) if isinstance(error, InputError) else faults.UNEXPECTED
    st.warning(sentence, icon=":material/warning:")


def _show_progress() -> None:
    """Show the progress, and run this part of the page again after a while. The page can be used meanwhile."""
    done, total = resources.neighbours.progress() or (1, 1)
    st.progress(done / max(total, 1), COMPARING)
    run_again_soon(keys.FACE_WAIT, keys.FACE_ROUND)


def run_again_soon(key: str, round_key: str) -> None:
    """Run this part of the page again after `REFRESH_S` seconds. `key` is that of the element that waits.

    `round_key` is the name in the session state of the number of runs.
    """
    st.session_state[round_key] = number = st.session_state.get(round_key, 0) + 1
    _wait(data={"round": number, "wait_ms": 1000 * REFRESH_S}, key=key, on_over_change=lambda: None)
