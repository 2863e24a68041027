"""YuNet with a fake network, because its weights do not ship: network input, and rows converted to faces."""

import numpy as np
import pytest

from core import paths
from core.exceptions import InputError
from core.files import sha256
from core.vision.detectors import detector_names, make_detector, yunet


class FakeNetwork:
    """Return the given rows, and record the input."""

    def __init__(self, rows: list[list[float]]) -> None:
        self.rows = rows

    def setInputSize(self, size_wh: tuple[int, int]) -> None:
        self.size_wh = size_wh

    def detect(self, image: np.ndarray):
        self.input = image
        return 1, np.array(self.rows, np.float32) if self.rows else None


def row(x: float, y: float, width: float, height: float, score: float) -> list[float]:
    return [x, y, width, height, *[0.0] * 10, score]


@pytest.fixture
def model_file(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    (tmp_path / "detectors").mkdir()
    path = tmp_path / "detectors" / "face_detection_yunet_2023mar.onnx"
    path.write_bytes(b"not a network")
    return path


def make_fake_yunet(rows: list[list[float]], monkeypatch) -> tuple[yunet.YunetDetector, FakeNetwork]:
    network = FakeNetwork(rows)
    monkeypatch.setattr(yunet.cv2.FaceDetectorYN, "create", lambda *_: network)
    return make_detector("yunet"), network


def test_boxes_are_enlarged_clipped_and_sorted(model_file, monkeypatch):
    rows = [row(10, 20, 30, 40, 0.8), row(300, -10, 100, 60, 1.01), row(-50, 0, 20, 20, 0.9)]
    detector, network = make_fake_yunet(rows, monkeypatch)
    image = np.zeros((480, 1280, 3), np.uint8)
    image[..., 0] = 200  # red
    large, small = detector.detect(image)
    assert network.size_wh == (640, 240)
    assert network.input[0, 0].tolist() == [0, 0, 200]  # BGR, the order of OpenCV's networks
    assert (large.xyxy, large.confidence) == ((600, 0, 800, 100), 1.0)
    assert (small.xyxy, small.confidence) == ((20, 40, 80, 120), pytest.approx(0.8))


def test_an_image_without_faces_gives_an_empty_list(model_file, monkeypatch):
    detector, _ = make_fake_yunet([], monkeypatch)
    assert detector.detect(np.zeros((100, 100, 3), np.uint8)) == []


def test_yunet_is_unavailable_without_its_model_file(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    assert "yunet" not in detector_names()
    with pytest.raises(InputError, match="needs its model file: put"):
        make_detector("yunet")


def test_an_invalid_model_file_raises_an_input_error(model_file):
    assert "yunet" in detector_names()
    assert len(sha256(model_file)) == 64
    with pytest.raises(InputError, match="cannot read the model"):
        make_detector("yunet")
