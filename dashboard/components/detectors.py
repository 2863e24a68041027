"""The choice of the face detector, and what the pages say about it."""

import streamlit as st

from core.exceptions import InputError
from core.vision.detectors import DETECTORS, detector_names, yunet_file
from core.vision.detectors.defaults import ABOUT, default_detector, detector_note
from dashboard import keys, resources, switches
from dashboard.components import explanations
from dashboard.plain_text import escape_markdown

SMALL_SHARE = 0.08
"""A detector whose smallest face is a larger share than this may miss people who sit at a desk before a webcam."""

DOWNLOADING = "Downloading YuNet ..."


def detector_picker(key: str, video: bool = False) -> str:
    """Choose a face detector, by default the best for photos or for video, and say what it is."""
    names = detector_names()
    if (new := st.session_state.pop(keys.NEW_DETECTOR, None)) in names:
        st.session_state[key] = new
    default = names.index(default_detector(video))
    return st.selectbox("Face detector", names, default, key=key, help=explanations.DETECTOR_HELP)


def show_about_detector(name: str, video: bool = False) -> None:
    """Say in plain words what the detector is and what it may miss. Offer YuNet's file unless it is there."""
    st.caption(about_detector(name, video))
    if yunet_file.verified_file() is None and not switches.read_only():
        _offer_yunet(name)


def stop_if_unusable(name: str) -> None:
    """If a detector cannot be created, show the error and stop the page."""
    if error := resources.recognition.detector_error(name):
        st.error(escape_markdown(error), icon=":material/error:")
        st.stop()


def about_detector(name: str, video: bool = False) -> str:
    """Return one or two sentences on a detector: what it is, and how small the faces may be."""
    about = detector_note(name, video) or ABOUT.get(name) or f"The faces are found by `{name}`: Haar cascades."
    share = DETECTORS[name].smallest(video)
    whole = "frame" if video else "longer side of the photo"
    if share > SMALL_SHARE:
        return f"{about} **Small faces may be missing**, below {100 * share:g} % of the {whole}."
    return f"{about} It finds faces that are at least {100 * share:g} % as wide as the {whole}."


def _offer_yunet(name: str) -> None:
    """Show a button that downloads YuNet's file."""
    same_network = name in ("yunet", "libfacedetection")
    gain = "It finds the same faces in less time." if same_network else "It finds more faces in less time."
    label = f"Download YuNet from OpenCV ({yunet_file.SIZE / 1000:.0f} kB)"
    if not st.button(label, key=keys.GET_YUNET, icon=":material/download:", type="tertiary", help=gain):
        return
    bar = st.progress(0.0, DOWNLOADING)

    def on_progress(done: int, total: int) -> None:
        bar.progress(min(done / max(total, 1), 1.0), DOWNLOADING)

    try:
        yunet_file.download(on_progress)
    except InputError as error:
        bar.empty()
        st.error(escape_markdown(error), icon=":material/error:")
        return
    st.session_state[keys.NEW_DETECTOR] = "yunet"
    st.rerun()
