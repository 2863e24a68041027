"""One row of widgets: photos or a film, where photos come from, and, folded, the face detector and the models."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from dashboard import keys, resources
from dashboard.components import addressed, detectors, notices, pickers
from dashboard.plain_text import escape_html

PHOTOS, FILM = "Photos", "Film"
UPLOAD, CAMERA = "Upload", "Camera"

KIND_SWITCH = ("What to read", [PHOTOS, FILM], keys.KIND)
SOURCE_SWITCH = ("Photos from", [UPLOAD, CAMERA], keys.PHOTO_SOURCE)
"""Label, options and key of each switch."""

MAX_NAMED = 3
"""Models that are named in the row; of more, only the number is."""

LONGEST_NAME = 24
"""Longer names of models are shortened in the row."""


class Choices(NamedTuple):
    """The choices of the visitor."""

    kind: str
    """`PHOTOS` or `FILM`."""
    source: str
    """`UPLOAD` or `CAMERA`, for photos."""
    detector: str
    models: list[str]
    """In the order of choice; may be empty."""


def choose() -> Choices:
    """Show the row. Stop the page with a message if there is no model. The address keeps kind, source and models."""
    _stop_without_models(video=False)
    for label, options, key in (KIND_SWITCH, SOURCE_SWITCH):
        addressed.warn_of_unknown(key, f"a value of {label!r}", options)
    with st.container(key="photo-choices", horizontal=True, vertical_alignment="center"):
        kind = _switch(*KIND_SWITCH)
        source = _switch(*SOURCE_SWITCH) if kind == PHOTOS else UPLOAD
        _stop_without_models(video=kind == FILM)
        detector, models = _choose_detector_and_models(kind == FILM)
    return Choices(kind, source, detector, models)


def _switch(label: str, options: list[str], key: str) -> str:
    return st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        label_visibility="collapsed",
        bind="query-params",
        persist_state="session",
    )


def _choose_detector_and_models(video: bool) -> tuple[str, list[str]]:
    """Show the choice in a few words, with a button that opens its widgets."""
    with st.container(width="content", horizontal=True, vertical_alignment="center"):
        words = st.container(width="content")
        with st.popover("Change", type="tertiary", help="Change the face detector and the models"):
            detector = detectors.detector_picker(keys.FILM_DETECTOR if video else keys.PHOTO_DETECTOR, video)
            detectors.show_about_detector(detector, video)
            names = _offered(video)
            label = "Models (the film shows the labels of the first)" if video else "Models"
            models = pickers.models_picker(label, names)
            notices.guests_left_out_notice(names)
    words.html(f'<span class="ferscope-chosen">{in_words(detector, models)}</span>', width="content")
    return detector, models


def _offered(video: bool) -> list[str]:
    """Return the models to choose from. A program of its own reads films, and knows no guests of this visit."""
    hidden = resources.guests.of_visit() if video else {}
    return [name for name in resources.models.predicting_names() if name not in hidden]


def _stop_without_models(video: bool) -> None:
    """If there is no model to choose, say so and stop the page."""
    if not _offered(video):
        notices.no_models_notice()
        notices.guests_left_out_notice(())
        st.stop()


def in_words(detector: str, models: Sequence[str]) -> str:
    """Return the choice as HTML: `yunet · cnn, catboost`."""
    named = ", ".join(escape_html(name, LONGEST_NAME) for name in models) or "no model"
    return f"{escape_html(detector)} · {named if len(models) <= MAX_NAMED else f'{len(models)} models'}"


def usable_models(chosen: Choices) -> list[str]:
    """Return the chosen models that can predict; the others are left out, with a warning.

    Stop the page with a message if no model is left, or if the detector of a film cannot be created.
    """
    # Nobody sees the warning in the closed popover.
    addressed.warn_of_unknown(keys.MODELS, "a model", resources.models.model_names())
    if chosen.kind == FILM:
        detectors.stop_if_unusable(chosen.detector)
    if not chosen.models:
        st.info("No model is chosen. Choose one above, under **Change**.", icon=":material/info:")
        st.stop()
    return pickers.usable_models(chosen.models)
