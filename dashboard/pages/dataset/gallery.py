"""Images of the data set, each of which opens its own view."""

from functools import partial

import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from dashboard import keys, resources
from dashboard.components import clickable, face_view, layout, pickers

SAMPLES = 20
"""Number of random images that are shown."""

SAMPLES_LIST, ISSUES_LIST = "samples", "issues"
"""The two lists of images on the page."""


def show_samples(manifest: pd.DataFrame) -> None:
    """Show random images of one emotion, and a button that replaces them with others."""
    layout.subheader("Samples", "Random images of one emotion, from all splits.")
    emotion = pickers.segmented_control("Emotion", EMOTIONS, keys.EMOTION)
    draw = st.session_state.setdefault(keys.SAMPLE_DRAW, 0)
    if st.button("Reshuffle", icon=":material/shuffle:"):
        st.session_state[keys.SAMPLE_DRAW] = draw = draw + 1
    candidates = manifest[manifest["true_label"] == emotion]
    samples = candidates.sample(min(SAMPLES, len(candidates)), random_state=draw)
    show_images(samples, samples["image_id"], SAMPLES_LIST)


@st.fragment
def show_images(rows: pd.DataFrame, ids: "pd.Series[str]", name: str) -> None:
    """Show one tile per row of the manifest, without faces if no data set is imported; a press opens the face.

    `ids` are those of the whole list, through which the open face's previous and next go. `name` tells the lists of the
    page apart: one face is open at a time.
    """
    models = _models()
    opened = face_view.opened() if name == _current_list() else None
    with st.container(key=keys.per_item(keys.FACE_SPLIT, name)):
        notes = [f"{usage}, {split}" for usage, split in zip(rows["usage"], rows["split"], strict=True)]
        html = face_view.tiles_html(rows["image_id"], (), "Images", notes)
        key = keys.per_item(keys.GALLERY_TILES, name)
        if clickable.show(html, key, partial(_open_pressed, key), opened) and name != _current_list():
            st.session_state[keys.GALLERY] = name
            st.rerun()  # the other list must close its view
        if opened is not None:
            face_view.show(opened, models, list(ids))


def _current_list() -> str:
    """Return the list whose face is open. A link opens a face in the first list of the page."""
    first = ISSUES_LIST if resources.data.faces() is None else SAMPLES_LIST
    return str(st.session_state.get(keys.GALLERY, first))


def _open_pressed(key: str) -> None:
    face_view.open_face(clickable.choice_of(key))


def _models() -> tuple[str, ...]:
    """Return models A and B that the visitor has chosen on other pages, or else the default ones; none without any."""
    names = resources.predictions.model_names()
    if not names:
        return ()
    first, second = pickers.default_pair(names)
    chosen = (st.session_state.get(keys.MODEL_A), st.session_state.get(keys.MODEL_B))
    a, b = chosen if set(chosen) <= set(names) else (first, second)
    return str(a), str(b)
