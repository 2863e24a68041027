"""Cached explanations of predictions. Those of a guest of the visit are cached only for its session."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.evaluation.attribution import methods
from core.evaluation.attribution.explanation import Explanation
from core.vision.crops import FACE_SIZE
from dashboard.resources import guests, recognition
from dashboard.resources.stamps import Stamp, model_stamp


def explain(
    model: str, face: NDArray[np.uint8], labels: tuple[str, ...], method: str | None = None
) -> list[Explanation]:
    """Explain the prediction of a model for a face, (48, 48) uint8: one explanation per label (`methods.explain`).

    Callers must not change the result, which is shared. Raises InputError as `methods.explain`, and for a model that
    cannot be loaded, or consists of predictions.
    """
    cached = _explain_of_visit if guests.find(model) else _explain
    return cached(model, face.tobytes(), labels, method, model_stamp(model))


@st.cache_resource(max_entries=512, show_spinner=False)
def _explain(model: str, face: bytes, labels: tuple[str, ...], method: str | None, stamp: Stamp) -> list[Explanation]:
    return _compute(model, face, labels, method)


@st.cache_resource(max_entries=64, show_spinner=False, scope="session")
def _explain_of_visit(
    model: str, face: bytes, labels: tuple[str, ...], method: str | None, stamp: Stamp
) -> list[Explanation]:
    return _compute(model, face, labels, method)


def _compute(model: str, face: bytes, labels: tuple[str, ...], method: str | None) -> list[Explanation]:
    pixels = np.frombuffer(face, np.uint8).reshape(FACE_SIZE, FACE_SIZE)
    return methods.explain(recognition.classifier(model), pixels, labels, method)
