"""The recognizer: which faces, crops and models it uses. Tests of readings alone are in test_reading.py."""

import numpy as np
import pytest

from core.classifiers import loading
from core.exceptions import InputError
from core.recognition.quality import BLURRED, TOO_DARK, Quality
from core.recognition.reading import Reading
from core.recognition.recognizer import DEFAULT_MODELS, Recognizer, load_recognizer
from core.vision.crops import crop_faces
from core.vision.detectors import make_detector
from core.vision.detectors.defaults import default_detector
from core.vision.detectors.haar import HaarDetector
from core.vision.faces import Face
from tests.fixtures.fakes import FakeClassifier, FakeDetector, bright_is_happy


@pytest.fixture
def white_and_black() -> np.ndarray:
    """Return a (100, 200, 3) image, white on the left and black on the right."""
    image = np.zeros((100, 200, 3), np.uint8)
    image[:, :100] = 255
    return image


LEFT_BOX, RIGHT_BOX = (20, 20, 70, 70), (120, 20, 170, 70)


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
    (reading,) = Recognizer(FakeDetector(LEFT_BOX), {}).read(white_and_black)
    assert reading == Reading(Face(LEFT_BOX), {}, {}, quality=Quality(50, 255.0, 0.0))


def test_load_recognizer_uses_the_default_models_and_detector(monkeypatch):
    monkeypatch.setattr(loading, "load_classifier", lambda name: name)
    recognizer = load_recognizer()
    assert recognizer.classifiers == {name: name for name in DEFAULT_MODELS}
    assert recognizer.detector_name == default_detector()
    assert type(recognizer.detector) is type(make_detector(default_detector()))


def test_load_recognizer_uses_the_named_models_and_detector(monkeypatch):
    monkeypatch.setattr(loading, "load_classifier", lambda name: name)
    recognizer = load_recognizer(("x",), "haar-fast")
    assert recognizer.classifiers == {"x": "x"}
    assert (recognizer.detector_name, type(recognizer.detector)) == ("haar-fast", HaarDetector)


def test_faces_are_cropped_with_the_margin_of_the_detector(white_and_black):
    """The box is white; with the margin, a black strip at its right becomes part of the crop."""
    detector = FakeDetector((50, 20, 100, 70))
    detector.margin = 0.5
    recognizer = Recognizer(detector, {})
    crops = recognizer.crop(white_and_black, detector.faces)
    assert (crops[0][:, :35] == 255).all() and (crops[0][:, 37:] == 0).all()  # three quarters are white
    (reading,) = recognizer.read(white_and_black)
    assert reading.quality.side == 100
    assert reading.quality.brightness == pytest.approx(float(crops.mean()), abs=0.01)


def test_the_margin_of_the_crops_can_be_given(white_and_black):
    recognizer = Recognizer(FakeDetector(LEFT_BOX), {})
    faces = [Face(LEFT_BOX)]
    (reading,) = recognizer.read_crops(faces, crop_faces(white_and_black, faces, 0.1), margin=0.1)
    assert reading.quality.side == 60


def test_each_reading_has_the_quality_of_its_face(white_and_black):
    readings = Recognizer(FakeDetector(LEFT_BOX, RIGHT_BOX), {}).read(white_and_black)
    assert [reading.quality.brightness for reading in readings] == [255, 0]
    assert [reading.quality.flaw for reading in readings] == [BLURRED, TOO_DARK]


def test_an_unknown_detector_raises_input_error_before_a_model_is_loaded(monkeypatch):
    monkeypatch.setattr(loading, "load_classifier", lambda name: pytest.fail("loaded"))
    with pytest.raises(InputError, match="unknown detector"):
        load_recognizer(detector="eyes")


def test_readings_have_the_thresholds_of_the_classifiers(white_and_black):
    classifier = FakeClassifier(answer=(0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1))
    classifier.uncertain_below = 0.4
    (reading,) = Recognizer(FakeDetector(LEFT_BOX), {"m": classifier}).read(white_and_black)
    assert reading.thresholds == {"m": 0.4} and not reading.is_certain("m")
