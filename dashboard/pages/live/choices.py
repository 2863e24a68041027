"""Widgets for the face detector, the models and the mirroring of the video."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from core.classifiers.base import CalibratedClassifier
from core.files import sha256
from core.vision.detectors import detector_names, yunet
from core.vision.detectors.defaults import WEBCAM_DETECTOR
from dashboard import keys, resources
from dashboard.components import explanations, notices, pickers


class Choice(NamedTuple):
    """The visitor's settings for a stream."""

    detector: str
    classifiers: Mapping[str, CalibratedClassifier]
    mirror: bool


def choose_settings() -> Choice:
    """Show the widgets and load the chosen models. Stop the page with a message if there is no model."""
    if not resources.models.model_names():
        notices.no_models_notice()
        st.stop()
    left, middle, right = st.columns([3, 6, 2], vertical_alignment="bottom")
    with left:
        names = detector_names()
        detector = st.selectbox(
            "Face detector", names, names.index(WEBCAM_DETECTOR), key=keys.DETECTOR, help=explanations.DETECTOR_HELP
        )
    with middle:
        models = pickers.models_picker("Models (the video shows the labels of the first)")
    with right:
        mirror = st.toggle(
            "Mirror", key=keys.MIRROR, help="Flip the video left to right. The models see the flipped frames."
        )
    if detector == "yunet" and (file := yunet.model_file()):
        st.caption(f"`yunet` uses {file.name} (SHA-256 {sha256(file)}). This detector has not been evaluated.")
    if not models:
        models = [pickers.default_pair(resources.models.model_names())[0]]
        st.caption(f"No model is chosen, so {models[0]} is used.")
    return Choice(detector, {name: resources.recognition.shared_classifier(name) for name in models}, mirror)
