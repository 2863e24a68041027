"""Explanations are computed once per model, face, labels and method, and anew for changed weights."""

import os
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.classifiers.calibrated import Calibrated
from core.exceptions import InputError
from dashboard import resources
from dashboard.resources import attributions
from tests.core.evaluation.attribution.classifiers import face_with_square, looks_at_square
from tests.fixtures.guests import NETWORK, guest, write_guest
from tests.fixtures.models import write_model

FACE = face_with_square()


pytestmark = pytest.mark.usefixtures("one_session_with_empty_caches")


@pytest.fixture
def loads(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A model that looks at one square; return the list of the names that are loaded."""
    names: list[str] = []

    def load(name: str) -> Calibrated:
        names.append(name)
        return looks_at_square()

    write_model("square", skill=1)
    monkeypatch.setattr(attributions.recognition, "classifier", load)
    return names


def test_an_explanation_is_computed_once_per_face_labels_and_method(loads: list[str]) -> None:
    first = resources.attributions.explain("square", FACE, ("happy",))
    assert resources.attributions.explain("square", FACE.copy(), ("happy",)) is first
    assert len(loads) == 1
    assert first[0].method == "occlusion"
    resources.attributions.explain("square", FACE, ("sad",))
    resources.attributions.explain("square", FACE, ("happy",), "occlusion")
    resources.attributions.explain("square", FACE.T, ("happy",))
    assert len(loads) == 4


def test_a_changed_model_is_explained_anew(loads: list[str]) -> None:
    first = resources.attributions.explain("square", FACE, ("happy",))
    os.utime(paths.MODELS_DIR / "square" / "card.json", ns=(1, 2**62))
    assert resources.attributions.explain("square", FACE, ("happy",)) is not first


def test_a_guest_of_the_visit_has_the_same_explanation_as_a_kept_one(shipped: Path) -> None:
    resources.guests.keep_for_visit(guest("network", NETWORK))
    write_guest("kept", NETWORK)
    of_visit, kept = (resources.attributions.explain(name, FACE, ("happy",))[0] for name in ("network", "kept"))
    assert of_visit.method == kept.method == "occlusion"
    np.testing.assert_allclose(of_visit.values, kept.values, atol=1e-6)


def test_an_unknown_label_or_a_method_that_does_not_suit_is_an_input_error(loads: list[str]) -> None:
    with pytest.raises(InputError, match="unknown label"):
        resources.attributions.explain("square", FACE, ("hapy",))
    with pytest.raises(InputError, match="does not suit"):
        resources.attributions.explain("square", FACE, ("happy",), "contributions")


def test_predictions_without_a_model_are_an_input_error(shipped: Path) -> None:
    write_guest("theirs")
    with pytest.raises(InputError, match="consists of predictions only"):
        resources.attributions.explain("theirs", FACE, ("happy",))
