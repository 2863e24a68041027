"""The YuNet detector with a fake network, because FERscope does not ship the model file of the real network."""

import numpy as np
import pytest

from core import paths
from core.exceptions import InputError
from core.vision.detectors import detector_names, make_detector, yunet


class FakeNetwork:
    """Return the given detections, and record the input."""

    def __init__(self, detections: list[list[float]]) -> None:
        self.detections = detections

    def setInputSize(self, size_wh: tuple[int, int]) -> None:
        self.size_wh = size_wh

    def detect(self, image: np.ndarray):
        self.input = image
        return 1, np.array(self.detections, np.float32) if self.detections else None


def detection(left: float, top: float, width: float, height: float, score: float) -> list[float]:
    """Return one detection as YuNet does, with all landmarks at 0."""
    return [left, top, width, height, *[0.0] * 10, score]


@pytest.fixture
def model_file(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    (tmp_path / "detectors").mkdir()
    path = tmp_path / "detectors" / "face_detection_yunet_2023mar.onnx"
    path.write_bytes(b"not a network")
    return path


def make_fake_yunet(detections: list[list[float]], monkeypatch) -> tuple[yunet.YunetDetector, FakeNetwork]:
    network = FakeNetwork(detections)
    monkeypatch.setattr(yunet.cv2.FaceDetectorYN, "create", lambda *_: network)
    return make_detector("yunet"), network


def test_the_network_gets_a_shrunk_bgr_image_and_its_detections_become_faces_sorted_by_size(model_file, monkeypatch):
    detections = [
        detection(10, 20, 30, 40, 0.8),
        detection(300, -10, 100, 60, 1.01),
        detection(-50, 0, 20, 20, 0.9),  # outside the image
    ]
    detector, network = make_fake_yunet(detections, monkeypatch)
    image = np.zeros((480, 1280, 3), np.uint8)
    image[..., 0] = 200  # red
    large, small = detector.detect(image)
    assert network.size_wh == (640, 240)
    assert network.input[0, 0].tolist() == [0, 0, 200]  # BGR
    assert (large.xyxy, large.confidence) == ((600, 0, 800, 100), 1.0)
    assert (small.xyxy, small.confidence) == ((20, 40, 80, 120), pytest.approx(0.8))


def test_no_detections_give_an_empty_list(model_file, monkeypatch):
    detector, _ = make_fake_yunet([], monkeypatch)
    assert detector.detect(np.zeros((100, 100, 3), np.uint8)) == []


def test_without_its_model_file_yunet_is_not_listed_and_cannot_be_made(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    assert "yunet" not in detector_names()
    with pytest.raises(InputError, match="needs its model file: put"):
        make_detector("yunet")


def test_with_an_invalid_model_file_yunet_is_listed_but_raises_an_input_error(model_file):
    assert "yunet" in detector_names()
    with pytest.raises(InputError, match="cannot read the model"):
        make_detector("yunet")
