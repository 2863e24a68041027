"""Why models say what they say: maps over the face, for the predicted and for the true label."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.classifiers.calibrated import Calibrated
from core.evaluation.attribution.explanation import Explanation
from core.evaluation.attribution.methods import METHODS, methods_for
from core.exceptions import InputError
from dashboard import keys, resources
from dashboard.components.face_view import maps
from dashboard.components.face_view.answers import Answer

BEST = "Best per model"
"""The entry of the switch between methods with which each model is explained in the best way that suits it."""

Face = NDArray[np.uint8]


@st.fragment
def show(face: Face | None, answers: Sequence[Answer], true: str) -> None:
    """Show each model's maps, and a switch between the methods if there are several.

    `face` is (48, 48) uint8, or None without an import. `answers` are those of models A and B.
    """
    if not answers:
        return
    st.html("<h3>Why</h3>")
    if face is None:
        st.html('<p class="ferscope-note">Without imported images, there is nothing to explain.</p>')
        return
    loaded = {each.model: _load(each) for each in answers}
    method = _method_switch([each for each in loaded.values() if not isinstance(each, str)])
    sections = [
        _model_html(side, each, face, true, method, loaded[each.model])
        for side, each in zip("AB", answers, strict=False)
    ]
    st.html(maps.maps_html(sections, all(each.label in (None, true) for each in answers)))


def _load(answer: Answer) -> Calibrated | str:
    """Return the model, or a sentence on why it cannot be explained."""
    if not resources.models.card(answer.model).can_predict:
        return "It consists of predictions. Only a model that can predict changed faces can be explained."
    try:
        return resources.recognition.classifier(answer.model)
    except InputError as error:
        return str(error)


def _method_switch(classifiers: Sequence[Calibrated]) -> str | None:
    """Let the visitor choose one method for both models if there are several; None: the best for each model."""
    known = list(dict.fromkeys(name for classifier in classifiers for name in methods_for(classifier)))
    if len(known) < 2:
        return None
    titles = {METHODS[name].title: name for name in known}
    chosen = st.segmented_control(
        "Explained by",
        [BEST, *titles],
        default=BEST,
        required=True,
        key=keys.FACE_METHOD,
        wrap=True,
        help="A model that a method does not suit is explained by the best one that does.",
        persist_state="session",
    )
    return titles.get(chosen or BEST)


def _model_html(side: str, answer: Answer, face: Face, true: str, method: str | None, loaded: Calibrated | str) -> str:
    """Return the maps of one model, or a sentence on why there are none."""
    found = loaded if isinstance(loaded, str) else _explanations(answer, face, true, method, loaded)

    def role_of(label: str) -> str:
        return " and ".join(
            role for role, whose in (("predicted", answer.label), ("true label", true)) if label == whose
        )

    return maps.model_html(f"{side}: {answer.model}", answer.model, face, found, role_of)


def _explanations(
    answer: Answer, face: Face, true: str, method: str | None, classifier: Calibrated
) -> list[Explanation] | str:
    """Return the explanations for the predicted and for the true label, or a sentence on why there are none."""
    labels = tuple(dict.fromkeys([answer.label or true, true]))
    suitable = method if method in methods_for(classifier) else None
    try:
        return resources.attributions.explain(answer.model, face, labels, suitable)
    except InputError as error:
        return str(error)
