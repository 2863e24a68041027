"""Predictions are explained by the best method that suits the model; faults are told in sentences."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.classifiers.calibrated import Calibrated
from core.classifiers.cnn.state_dict import notebook_network
from core.classifiers.loading import load_classifier
from core.emotions import EMOTIONS
from core.evaluation.attribution.methods import METHODS, explain, methods_for
from core.exceptions import LONGEST_MESSAGE, InputError
from core.recognition.photos import example_photo, read
from core.recognition.recognizer import load_recognizer
from core.vision.faces import Face
from tests.core.evaluation.attribution.classifiers import (
    face_with_square,
    linear_network_of_square,
    looks_at_square,
    small_network,
)
from tests.fixtures.fakes import FakeClassifier, FakeDetector

SHIPPED = ("cnn", "catboost", "cnn-seed", "catboost-seed", "catboost-on-cnn")


def test_every_method_says_what_it_does():
    for method in METHODS.values():
        assert method.title
        assert method.description.endswith(".")


def test_a_classifier_of_unknown_family_is_explained_by_occlusion():
    assert methods_for(looks_at_square()) == ("occlusion",)
    assert [each.method for each in explain(looks_at_square(), face_with_square(), ("happy",))] == ["occlusion"]


def test_explanations_are_in_the_order_of_the_labels():
    explanations = explain(looks_at_square(), face_with_square(), ("sad", "happy"))
    assert [each.label for each in explanations] == ["sad", "happy"]
    assert explanations[0].values.sum() < 0 < explanations[1].values.sum()
    assert explain(looks_at_square(), face_with_square(), ()) == []


def test_a_chosen_method_is_used():
    explanation = explain(linear_network_of_square(), face_with_square(), ("happy",), "occlusion")[0]
    assert explanation.method == "occlusion"


def test_a_state_dict_of_others_is_explained_by_its_gradients():
    network = notebook_network(load_classifier("cnn-seed").classifier.network.state_dict(), EMOTIONS)
    assert methods_for(Calibrated(network))[0] == "integrated-gradients"


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("name", ["small network", "catboost", "fake"])
def test_a_blank_face_has_finite_values(name, level):
    classifiers = {"small network": small_network, "catboost": lambda: load_classifier("catboost")}
    classifier = classifiers.get(name, looks_at_square)()
    face = np.full((48, 48), level, np.uint8)
    for method in methods_for(classifier):
        for explanation in explain(classifier, face, EMOTIONS, method):
            assert np.isfinite(explanation.values).all()


@pytest.mark.parametrize(
    ("labels", "method", "words"),
    [
        (("hapy",), None, "unknown label 'hapy'; choose from angry"),
        (("happy",), "gradcam", "unknown method 'gradcam'; choose from"),
        (("happy",), "contributions", "contributions does not suit this model; use occlusion."),
    ],
)
def test_an_unknown_name_is_refused_with_the_known_ones(labels, method, words):
    with pytest.raises(InputError, match=words):
        explain(looks_at_square(), face_with_square(), labels, method)


def fails(error: Exception) -> Calibrated:
    def predict(_face):
        raise error

    return Calibrated(FakeClassifier(answer=predict))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InputError("the graph cannot predict these faces."), "the graph cannot predict these faces."),
        (MemoryError(), "not enough memory"),
        (RuntimeError("could not create a primitive " * 50), "the model fails on changed faces"),
    ],
)
def test_a_model_that_fails_on_changed_faces_is_refused_in_a_sentence(error, words):
    with pytest.raises(InputError, match=words) as raised:
        explain(fails(error), face_with_square(), ("happy",))
    assert len(str(raised.value)) <= LONGEST_MESSAGE


def test_a_model_without_finite_probabilities_on_changed_faces_is_refused():
    face = face_with_square()
    answer = lambda given: [1, 0, 0, 0, 0, 0, 0] if np.array_equal(given, face) else [np.nan] * 7  # noqa: E731
    with pytest.raises(InputError, match="not finite"):
        explain(Calibrated(FakeClassifier(answer=answer)), face, ("happy",))


def test_a_network_without_finite_gradients_is_explained_by_occlusion():
    classifier = looks_at_square()
    network = SimpleNamespace(
        predict_proba=classifier.predict_proba,
        gradients=lambda faces, class_ids: np.full((len(class_ids), *faces.shape), np.inf),
    )
    with np.errstate(invalid="ignore"):
        assert explain(Calibrated(network), face_with_square(), ("happy",))[0].method == "occlusion"
        with pytest.raises(InputError, match="not finite; use another method"):
            explain(Calibrated(network), face_with_square(), ("happy",), "integrated-gradients")


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    """The face of the example photo, (48, 48) uint8."""
    recognizer = load_recognizer((), "haar-multi")
    return read(example_photo().data, recognizer, as_one_face=False).crops[0]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_models_are_explained_on_the_example_photo(name, portrait):
    classifier = load_classifier(name)
    label = EMOTIONS[int(classifier.predict_proba(portrait[None]).argmax())]
    explanations = explain(classifier, portrait, (label, "disgust"))
    assert {each.method for each in explanations} == {"integrated-gradients" if "cnn" in name[:3] else "occlusion"}
    for explanation in explanations:
        assert np.isfinite(explanation.values).all()
        assert np.abs(explanation.values).max() > 0
    assert not np.array_equal(explanations[0].values, explanations[1].values)


def test_a_crop_that_is_only_border_has_finite_values():
    """The fake detector puts the face beside the photo's edge, so that most of the crop is repeated border."""
    recognizer = load_recognizer((), "haar-multi")
    edge = FakeDetector((0, 0, 1, 1)).faces[0]
    assert isinstance(edge, Face)
    crop = recognizer.crop(np.zeros((2, 2, 3), np.uint8), [edge])[0]
    assert np.isfinite(explain(small_network(), crop, ("happy",))[0].values).all()
