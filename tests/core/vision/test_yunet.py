"""YuNet with a stand-in for its network: what goes in, and what becomes of its rows. Its weights do not ship."""

import numpy as np
import pytest

from core import paths
from core.exceptions import InputError
from core.files import sha256
from core.vision.detectors import detector_names, make_detector, yunet


class StandIn:
    """Answers with the given rows, and keeps what it was shown."""

    def __init__(self, rows: list[list[float]]) -> None:
        self.rows = rows

    def setInputSize(self, size_wh: tuple[int, int]) -> None:
        self.size_wh = size_wh

    def detect(self, image: np.ndarray):
        self.seen = image
        return 1, np.array(self.rows, np.float32) if self.rows else None


def row(x: float, y: float, width: float, height: float, score: float) -> list[float]:
    return [x, y, width, height, *[0.0] * 10, score]


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    (tmp_path / "detectors").mkdir()
    path = tmp_path / "detectors" / "face_detection_yunet_2023mar.onnx"
    path.write_bytes(b"not a network")
    return path


def detector(rows: list[list[float]], monkeypatch) -> tuple[yunet.YunetDetector, StandIn]:
    network = StandIn(rows)
    monkeypatch.setattr(yunet.cv2.FaceDetectorYN, "create", lambda *_: network)
    return make_detector("yunet"), network


def test_boxes_are_enlarged_clipped_and_sorted(file, monkeypatch):
    rows = [row(10, 20, 30, 40, 0.8), row(300, -10, 100, 60, 1.01), row(-50, 0, 20, 20, 0.9)]
    made, network = detector(rows, monkeypatch)
    image = np.zeros((480, 1280, 3), np.uint8)
    image[..., 0] = 200  # red
    large, small = made.detect(image)
    assert network.size_wh == (640, 240)
    assert network.seen[0, 0].tolist() == [0, 0, 200]  # as OpenCV's networks want it
    assert (large.xyxy, large.confidence) == ((600, 0, 800, 100), 1.0)
    assert (small.xyxy, small.confidence) == ((20, 40, 80, 120), pytest.approx(0.8))


def test_no_face_is_a_normal_answer(file, monkeypatch):
    made, _ = detector([], monkeypatch)
    assert made.detect(np.zeros((100, 100, 3), np.uint8)) == []


def test_without_its_file_it_is_not_offered_and_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    assert "yunet" not in detector_names()
    with pytest.raises(InputError, match="needs its model file: put"):
        make_detector("yunet")


def test_a_file_that_is_no_network_says_so(file):
    assert "yunet" in detector_names()
    assert len(sha256(file)) == 64
    with pytest.raises(InputError, match="is no model that OpenCV"):
        make_detector("yunet")
