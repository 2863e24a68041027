"""Who reads the frames: detector, models, mirror."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from core.classifiers.base import Reader
from core.files import sha256
from core.vision.detectors import detector_names, yunet
from core.vision.detectors.defaults import WEBCAM_DETECTOR
from dashboard import keys, resources
from dashboard.components import explanations, notices, pickers


class Choice(NamedTuple):
    """What reads the frames."""

    detector: str
    classifiers: Mapping[str, Reader]
    mirror: bool


def choose() -> Choice:
    """Widgets for the detector, the models and the mirror; the models are loaded. Stops the page without any."""
    if not resources.models.model_names():
        notices.no_models_notice()
        st.stop()
    left, right, last = st.columns([3, 6, 2], vertical_alignment="bottom")
    with left:
        names = detector_names()
        detector = st.selectbox(
            "Face detector", names, names.index(WEBCAM_DETECTOR), key=keys.DETECTOR, help=explanations.DETECTOR_HELP
        )
    with right:
        models = pickers.models_picker("Models (the video shows the first one's label)")
    with last:
        mirror = st.toggle(
            "Mirror", key=keys.MIRROR, help="Show the picture as a mirror does; the models see it so too."
        )
    if detector == "yunet" and (file := yunet.model_file()):
        st.caption(f"{file.name}, sha256 {sha256(file)}. Not measured: FERscope does not ship this detector.")
    if not models:
        models = [pickers.default_pair(resources.models.model_names())[0]]
        st.caption(f"No model is chosen; {models[0]} reads meanwhile.")
    return Choice(detector, {name: resources.recognition.shared_classifier(name) for name in models}, mirror)
