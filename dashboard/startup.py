"""Set up the server process. `streamlit_app.py` calls these functions; each runs only once per process."""

from contextlib import suppress

import streamlit as st

from core.exceptions import InputError
from core.recognition.recognizer import DEFAULT_MODELS
from core.runtime.memory import freeze_loaded
from core.runtime.threads import use_one_thread
from dashboard import resources
from dashboard.file_sweeps import delay_sweeps


@st.cache_resource(show_spinner=False)
def prepare_app() -> None:
    """Limit numerical libraries to one thread, and keep download files until the browser has fetched them.

    Splitting the work on one face over several threads is slower when other sessions keep those threads busy.
    """
    use_one_thread()
    delay_sweeps()


@st.cache_resource(show_spinner="Loading the models ...")
def prepare_streams() -> None:
    """Load what camera streams need. Other pages do not wait for these slow imports.

    Replaces streamlit-webrtc's video track by one that never sends a frame twice; the library has no option for this.
    Then excludes all loaded objects from garbage collection: a pass over them would stop all streams for 0.25 s.
    """
    import catboost  # noqa: F401

    from core.classifiers.families import CLASSIFIERS
    from dashboard.pages.live import camera_view, course, readings_view, round  # noqa: F401
    from dashboard.streaming.fresh_track import use_fresh_tracks

    for family in CLASSIFIERS.values():
        family.load_class()
    for name in DEFAULT_MODELS:
        with suppress(InputError):  # the page shows this error
            resources.recognition.shared_classifier(name)
    use_fresh_tracks()
    freeze_loaded()
