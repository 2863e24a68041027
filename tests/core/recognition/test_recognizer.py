"""Recognizer and readings: faces, labels, confidences and thresholds."""

import numpy as np
import pytest

from core.classifiers import loading
from core.exceptions import InputError
from core.recognition.reading import Reading
from core.recognition.recognizer import DEFAULT_MODELS, Recognizer, load_recognizer
from core.vision.detectors.defaults import DEFAULT_DETECTOR
from core.vision.faces import Face
from tests.fixtures.fakes import FakeClassifier, FakeDetector, bright_is_happy


@pytest.fixture
def white_and_black() -> np.ndarray:
    """Return a (100, 200, 3) image, white on the left and black on the right."""
    image = np.zeros((100, 200, 3), np.uint8)
    image[:, :100] = 255
    return image


LEFT_BOX, RIGHT_BOX = (20, 20, 70, 70), (120, 20, 170, 70)


def test_label_and_confidence_are_those_of_the_largest_probability():
    reading = Reading(Face((0, 0, 1, 1)), {"m": (0.1, 0.0, 0.0, 0.2, 0.0, 0.6, 0.1)})
    assert reading.label("m") == "sad"
    assert reading.confidence("m") == 0.6


def test_each_reading_uses_the_crop_of_its_face_and_readings_keep_the_order_of_the_detector(white_and_black):
    recognizer = Recognizer(FakeDetector(RIGHT_BOX, LEFT_BOX), {"m": FakeClassifier(answer=bright_is_happy)})
    readings = recognizer.read(white_and_black)
    assert [reading.face.xyxy for reading in readings] == [RIGHT_BOX, LEFT_BOX]
    assert [reading.label("m") for reading in readings] == ["sad", "happy"]


def test_every_model_runs_once_on_all_crops(white_and_black):
    models = {"a": FakeClassifier(answer="fear"), "b": FakeClassifier(answer="angry")}
    reading = Recognizer(FakeDetector(LEFT_BOX, RIGHT_BOX), models).read(white_and_black)[0]
    assert {name: reading.label(name) for name in models} == {"a": "fear", "b": "angry"}
    assert [model.calls for model in models.values()] == [[(2, 48, 48)]] * 2


def test_the_probabilities_of_a_reading_are_python_floats(white_and_black):
    reading = Recognizer(FakeDetector(LEFT_BOX), {"m": FakeClassifier()}).read(white_and_black)[0]
    assert [type(value) for value in reading.probabilities["m"]] == [float] * 7


def test_without_faces_there_are_no_readings(white_and_black):
    assert Recognizer(FakeDetector(), {"m": FakeClassifier()}).read(white_and_black) == []


def test_without_models_faces_are_still_detected(white_and_black):
    assert Recognizer(FakeDetector(LEFT_BOX), {}).read(white_and_black) == [Reading(Face(LEFT_BOX), {}, {})]


def test_load_recognizer_uses_the_default_models_and_detector(monkeypatch):
    monkeypatch.setattr(loading, "load_classifier", lambda name: name)
    recognizer = load_recognizer()
    assert recognizer.classifiers == {name: name for name in DEFAULT_MODELS}
    assert type(recognizer.detector).__name__ == "HaarDetector"
    assert load_recognizer(("x",), DEFAULT_DETECTOR).classifiers == {"x": "x"}


def test_an_unknown_detector_raises_input_error_before_a_model_is_loaded(monkeypatch):
    monkeypatch.setattr(loading, "load_classifier", lambda name: pytest.fail("loaded"))
    with pytest.raises(InputError, match="unknown detector"):
        load_recognizer(detector="eyes")


def test_a_confidence_below_the_models_threshold_is_uncertain():
    reading = Reading(
        Face((0, 0, 1, 1)),
        {"a": (0.1, 0.0, 0.0, 0.2, 0.0, 0.6, 0.1), "b": (0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1)},
        {"a": 0.5, "b": 0.5},
    )
    assert reading.is_certain("a") and not reading.is_certain("b")
    assert reading.label_text("a") == "sad 60 %"
    assert reading.label_text("b") == "uncertain (angry 30 %)"


def test_a_model_without_a_threshold_is_never_uncertain():
    assert Reading(Face((0, 0, 1, 1)), {"m": (1 / 7,) * 7}).is_certain("m")


def test_readings_have_the_thresholds_of_the_classifiers(white_and_black):
    classifier = FakeClassifier(answer=(0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1))
    classifier.uncertain_below = 0.4
    (reading,) = Recognizer(FakeDetector(LEFT_BOX), {"m": classifier}).read(white_and_black)
    assert reading.thresholds == {"m": 0.4} and not reading.is_certain("m")
