"""Why models predict their labels for a face: maps of what speaks for a label, and against it."""

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.evaluation.attribution.explanation import Explanation
from core.exceptions import InputError
from dashboard import resources
from dashboard.components.face_view import maps


def show(face: NDArray[np.uint8], labels: Mapping[str, str]) -> None:
    """Show one map per model for its own label, and one for the other model's label if that is another.

    `face` is (48, 48) uint8; `labels` maps models to their labels.
    """
    all_labels = tuple(dict.fromkeys(labels.values()))
    sections = [_model_html(face, model, label, all_labels) for model, label in labels.items()]
    st.html(maps.maps_html(sections, len(all_labels) == 1))


def _model_html(face: NDArray[np.uint8], model: str, own: str, labels: tuple[str, ...]) -> str:
    """Return the maps of one model, its own label first, or a sentence on why there are none."""
    found: list[Explanation] | str
    try:
        found = resources.attributions.explain(model, face, tuple(dict.fromkeys([own, *labels])))
    except InputError as error:
        found = str(error)

    def role_of(label: str) -> str:
        return "its label" if label == own else "the other model's label"

    return maps.model_html(f"{model}: {own}", model, face, found, role_of, heading_level=3)
