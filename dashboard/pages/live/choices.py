"""Widgets for the face detector, the models and the mirroring of the video."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from core.classifiers.base import CalibratedClassifier
from dashboard import keys, resources
from dashboard.components import detectors, notices, pickers
from dashboard.plain_text import escape_markdown


class Choice(NamedTuple):
    """The visitor's settings for a stream."""

    detector: str
    classifiers: Mapping[str, CalibratedClassifier]
    mirror: bool


def choose_settings() -> Choice:
    """Show the widgets and load the chosen models. Stop the page with a message if there is no model.

    Models that are damaged are left out, with a warning.
    """
    notices.model_faults_notice()
    if not resources.models.model_names():
        notices.no_models_notice()
        st.stop()
    left, middle, right = st.columns([3, 6, 2], vertical_alignment="bottom")
    with left:
        detector = detectors.detector_picker(keys.DETECTOR, video=True)
    with middle:
        models = pickers.models_picker("Models (the video shows the labels of the first)")
    with right:
        mirror = st.toggle(
            "Mirror", key=keys.MIRROR, help="Flip the video left to right. The models see the flipped frames."
        )
    detectors.show_detector_notes(detector, video=True)
    if not models:
        models = [pickers.default_pair(resources.models.model_names())[0]]
        st.caption(f"No model is chosen, so {escape_markdown(models[0])} is used.")
    models = pickers.usable_models(models)
    return Choice(detector, {name: resources.recognition.shared_classifier(name) for name in models}, mirror)
