"""Faces like this one: the nearest in the embedding of the default network."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.exceptions import InputError
from dashboard import keys, resources
from dashboard.components import clickable
from dashboard.components.face_view import address, comparing
from dashboard.components.face_view.tiles import tiles_html
from dashboard.plain_text import escape_html

COUNT = 8
"""Number of similar faces that are shown."""

TITLE = "<h3>Faces like this one</h3>"

LEAD = "The nearest as the default network sees them, each with its distance. Press one to open it."

Face = NDArray[np.uint8]


def show(row: pd.Series, face: Face | None, models: Sequence[str]) -> None:
    """Show the faces that are nearest to this one; a press opens the view of that face.

    `row` is that of the manifest, and `face` (48, 48) uint8, or None without an import. Until the index exists, a
    button builds it.
    """
    if face is None:
        st.html(f'{TITLE}<p class="ferscope-note">Without imported images, there are no faces to compare.</p>')
        return
    try:
        if not comparing.is_ready(keys.FACE_FIND, TITLE):
            return
        found = resources.neighbours.nearest(face, COUNT, without=str(row["image_id"]))
    except InputError as error:
        st.html(f'{TITLE}<p class="ferscope-note">{escape_html(error)}</p>')
        return
    if found is not None and not found.empty:
        lead = f'<p class="ferscope-note"><strong>{_labels_text(found)}</strong> {LEAD}</p>'
        clickable.show(f"{TITLE}{lead}{_tiles_html(found, models)}", keys.FACE_TILES, _open)


def _open() -> None:
    address.open_face(clickable.choice_of(keys.FACE_TILES))


def _labels_text(found: pd.DataFrame) -> str:
    """Say how many of the similar faces have which label, such as "Labels: 6 happy, 2 fear."."""
    labels = resources.data.manifest()["true_label"].iloc[resources.data.positions(found["image_id"])]
    counts = labels.value_counts()
    return f"Labels: {', '.join(f'{count} {label}' for label, count in counts[counts > 0].items())}."


def distance_text(distance: float) -> str:
    """Return a distance of `Index.nearest` as text, such as "0.125". Only exact copies have the distance 0."""
    return "exact copy" if distance == 0 else f"{distance:.3f}"


def _tiles_html(found: pd.DataFrame, models: Sequence[str]) -> str:
    splits = resources.data.manifest()["split"].iloc[resources.data.positions(found["image_id"])]
    notes = [f"{split} · {distance_text(distance)}" for split, distance in zip(splits, found["distance"], strict=True)]
    return tiles_html(found["image_id"], models, "Faces like this one", notes)
