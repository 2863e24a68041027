"""Set up the server process. `streamlit_app.py` calls these functions; each runs only once per process."""

import functools
from contextlib import suppress
from pathlib import Path

import streamlit as st

from core import paths
from core.exceptions import InputError
from core.recognition.recognizer import DEFAULT_MODELS
from core.runtime.memory import freeze_loaded
from core.runtime.threads import use_one_thread
from dashboard import resources
from dashboard.faults import replace_error_boxes
from dashboard.file_sweeps import delay_sweeps
from dashboard.films.folders import delete_leftovers

ASSETS = paths.ROOT / "dashboard" / "assets"


@functools.cache
def styles() -> str:
    """Return the style sheets of the app as HTML."""
    return f"<style>{''.join(map(_text, sorted((ASSETS / 'styles').glob('*.css'))))}</style>"


def script_of_visit(visit: int) -> str:
    """Return the script that runs once per visit to a page, as HTML. The browser runs it again when it has changed."""
    return f"<script>// visit {visit}\n{_visit_script()}</script>"


@functools.cache
def _visit_script() -> str:
    return _text(ASSETS / "visit.js")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@st.cache_resource(show_spinner=False)
def prepare_app() -> None:
    """Show errors in words, limit numerical libraries to one thread, and keep files long enough to download them.

    Also delete the films that a killed server has left on the disk.

    One face is too little work to share among threads. Extra threads would compete with other sessions for cores.
    """
    replace_error_boxes()
    use_one_thread()
    delay_sweeps()
    delete_leftovers()


@st.cache_resource(show_spinner="Loading the models ...")
def prepare_streams() -> None:
    """Load what camera streams need. This is slow, so only the Live page waits for it.

    Replace streamlit-webrtc's video track by one that does not send a frame twice. The library has no option for this.
    Then exclude all loaded objects from garbage collection, because scanning them would stop all streams for 0.25 s.
    """
    import catboost  # noqa: F401

    from core.classifiers.families import CLASSIFIERS
    from dashboard.pages.live import camera_view, chart_and_downloads, readings_view, round, round_summary  # noqa: F401
    from dashboard.streaming.fresh_track import use_fresh_tracks

    for family in CLASSIFIERS.values():
        family.load_class()
    for name in DEFAULT_MODELS:
        with suppress(InputError):  # the Live page shows this error
            resources.recognition.shared_classifier(name)
    use_fresh_tracks()
    freeze_loaded()
