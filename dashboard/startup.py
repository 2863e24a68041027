"""What is set for the whole process when the app starts; each function is called once, by streamlit_app.py."""

from contextlib import suppress

import streamlit as st

from core.exceptions import InputError
from core.recognition.recognizer import DEFAULT_MODELS
from core.runtime.memory import freeze_loaded
from core.runtime.threads import use_one_thread
from dashboard import resources
from dashboard.file_sweeps import sweep_slowly


@st.cache_resource(show_spinner=False)
def prepare_app() -> None:
    """One thread for the numerical libraries, and files that stay until the browser has fetched them.

    A face is too little work to be split: each part waits for a thread that another session keeps busy.
    """
    use_one_thread()
    sweep_slowly()


@st.cache_resource(show_spinner="Loading the models ...")
def prepare_streams() -> None:
    """What cameras need, before the first one starts; other pages need not wait for these imports.

    The track that sends no frame twice takes the place of streamlit-webrtc's own, which has no option for it. Then
    everything that has been loaded, the default models too, is taken out of the garbage collector's sight: going
    through it would stop all streams for a quarter of a second.
    """
    import catboost  # noqa: F401

    from core.classifiers.families import CLASSIFIERS
    from dashboard.pages.live import camera_view, course, readings_view, round  # noqa: F401
    from dashboard.streaming.fresh_track import use_fresh_tracks

    for family in CLASSIFIERS.values():
        family.load_class()
    for name in DEFAULT_MODELS:
        with suppress(InputError):  # the page says what is wrong with it
            resources.recognition.shared_classifier(name)
    use_fresh_tracks()
    freeze_loaded()
