"""Widgets for the face detector, the models and the mirroring of the video, folded into one line."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from core.classifiers.base import CalibratedClassifier
from dashboard import keys, resources
from dashboard.components import addressed, detectors, notices, pickers
from dashboard.plain_text import escape_markdown


class Choice(NamedTuple):
    """The visitor's settings for a stream."""

    detector: str
    classifiers: Mapping[str, CalibratedClassifier]
    mirror: bool


def show_faults() -> None:
    """Show warnings about models that cannot be read. Stop the page with a message if there is no model."""
    notices.model_faults_notice()
    if not resources.models.predicting_names():
        notices.no_models_notice()
        notices.guests_left_out_notice(())
        st.stop()


def choose_settings() -> Choice:
    """Show one line with the settings and a button that opens their widgets, and load the chosen models.

    Models that are damaged are left out, with a warning. At least one model must have a readable card.
    """
    row = st.container(key="live-settings", horizontal=True, vertical_alignment="center")
    with row.popover("Settings", icon=":material/tune:", type="tertiary"):
        detector = detectors.detector_picker(keys.DETECTOR, video=True)
        detectors.show_about_detector(detector, video=True)
        names = resources.models.predicting_names()
        models = pickers.models_picker("Models (the video shows the labels of the first)", names)
        notices.guests_left_out_notice(names)
        mirror = st.toggle(
            "Mirror", key=keys.MIRROR, help="Flip the video left to right. The models see the flipped frames."
        )
        if not models:
            models = [pickers.default_pair(names)[0]]
            st.caption(f"No model is chosen, so {escape_markdown(models[0])} is used.")
    # Nobody sees the warning in the closed popover.
    addressed.warn_of_unknown(keys.MODELS, "a model", resources.models.model_names())
    detectors.stop_if_unusable(detector)
    models = pickers.usable_models(models)
    row.caption(escape_markdown(summary(detector, models, mirror)))
    return Choice(detector, {name: resources.recognition.shared_classifier(name) for name in models}, mirror)


def summary(detector: str, models: Sequence[str], mirror: bool) -> str:
    """Return the settings in one line, such as "libfacedetection · cnn, catboost · mirrored"."""
    return " · ".join([detector, ", ".join(models), *(["mirrored"] if mirror else [])])
