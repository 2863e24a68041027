"""The YuNet detector: with a fake network, because FERscope does not ship the real one, and with the real one."""

import cv2
import numpy as np
import pytest
import skimage.data

from core.exceptions import InputError
from core.vision.detectors import DETECTORS, detector_names, make_detector, yunet
from core.vision.detectors.landmarks import BOX_MARGIN
from core.vision.faces import Face, angle_of, matches_any
from core.vision.images import turn_clockwise


class FakeNetwork:
    """Return the given detections, and record the input."""

    def __init__(self, detections: list[list[float]]) -> None:
        self.detections = detections

    def setInputSize(self, size_wh: tuple[int, int]) -> None:
        self.size_wh = size_wh

    def detect(self, image: np.ndarray):
        self.input = image
        return 1, np.array(self.detections, np.float32) if self.detections else None


def detection(left: float, top: float, width: float, height: float, score: float, *eyes: float) -> list[float]:
    """Return one detection as YuNet does: 15 columns, with the other landmarks at 0."""
    return [left, top, width, height, *(eyes or [0.0] * 4), *[0.0] * 6, score]


@pytest.fixture
def model_file(without_yunet):
    """A file that is not the real network."""
    path = without_yunet / "face_detection_yunet_2023mar.onnx"
    path.write_bytes(b"not a network")
    return path


def use_fake_network(detections: list[list[float]], monkeypatch) -> FakeNetwork:
    """Replace the network of detectors that are made from now on. Its `arguments` are those of its creation."""
    network = FakeNetwork(detections)

    def create(*arguments):
        network.arguments = arguments
        return network

    monkeypatch.setattr(yunet.cv2.FaceDetectorYN, "create", create)
    return network


def test_the_network_gets_a_shrunk_bgr_image_and_its_detections_become_faces_sorted_by_size(model_file, monkeypatch):
    detections = [
        detection(10, 20, 30, 40, 0.8, 15, 35, 35, 15),
        detection(300, -10, 100, 60, 1.01),
        detection(-50, 0, 20, 20, 0.9),  # outside the image
    ]
    network = use_fake_network(detections, monkeypatch)
    image = np.zeros((480, 1280, 3), np.uint8)
    image[..., 0] = 200  # red
    large, small = make_detector("yunet").detect(image)
    assert network.size_wh == (640, 240)
    assert network.input[0, 0].tolist() == [0, 0, 200]  # BGR
    assert (large.xyxy, large.confidence) == ((600, 0, 800, 100), 1.0)
    assert (small.xyxy, small.confidence) == ((20, 40, 80, 120), pytest.approx(0.8))
    assert small.eyes == ((30, 70), (70, 30)) and small.angle == pytest.approx(45)


def test_no_detections_give_an_empty_list(model_file, monkeypatch):
    use_fake_network([], monkeypatch)
    assert make_detector("yunet").detect(np.zeros((100, 100, 3), np.uint8)) == []


def test_the_file_and_the_lowest_score_are_given_to_the_network(model_file, monkeypatch):
    network = use_fake_network([], monkeypatch)
    make_detector("yunet")
    assert (network.arguments[0], network.arguments[3]) == (str(model_file), yunet.MIN_SCORE)
    frames_detector = DETECTORS["yunet"].make_for_frames()
    assert network.arguments[3] == yunet.FRAME_SCORE < yunet.MIN_SCORE
    assert frames_detector.margin == BOX_MARGIN


@pytest.mark.parametrize(("shape", "searched_wh"), [((960, 1280), (320, 240)), ((1280, 960), (320, 427))])
def test_frames_are_shrunk_to_a_smaller_width_also_if_they_are_upright(model_file, monkeypatch, shape, searched_wh):
    network = use_fake_network([detection(32, 24, 32, 24, 0.4)], monkeypatch)
    (face,) = DETECTORS["yunet"].make_for_frames().detect(np.zeros((*shape, 3), np.uint8))
    assert network.size_wh == searched_wh
    assert face.xyxy == tuple(round(edge * shape[1] / 320) for edge in (32, 24, 64, 48))
    assert face.confidence == pytest.approx(0.4)


def test_small_images_are_not_enlarged(model_file, monkeypatch):
    network = use_fake_network([], monkeypatch)
    make_detector("yunet").detect(np.zeros((40, 50, 3), np.uint8))
    assert network.size_wh == (50, 40)


@pytest.mark.parametrize("shape", [(32, 640), (640, 32), (1, 1), (3000, 150), (100, 3000)])
def test_images_that_are_too_narrow_for_the_network_after_shrinking_are_not_searched(model_file, monkeypatch, shape):
    """OpenCV reads memory that nobody has written if a side has at most 32 pixels, and may return infinite values."""
    use_fake_network([detection(0, -np.inf, 0, np.inf, 1)], monkeypatch)
    assert make_detector("yunet").detect(np.zeros((*shape, 3), np.uint8)) == []


@pytest.mark.parametrize("shape", [(33, 640), (640, 33), (33, 33), (3000, 160)])
def test_images_that_are_just_wide_enough_are_searched(model_file, monkeypatch, shape):
    use_fake_network([detection(0, 0, 10, 10, 1)], monkeypatch)
    assert len(make_detector("yunet").detect(np.zeros((*shape, 3), np.uint8))) == 1


def test_without_its_model_file_yunet_is_not_listed_and_cannot_be_made(without_yunet):
    assert "yunet" not in detector_names()
    assert yunet.why_missing() == "its model file is missing: run `python -m core get yunet`"
    for make in (lambda: make_detector("yunet"), DETECTORS["yunet"].make_for_frames):
        with pytest.raises(InputError, match="needs its model file: run `python -m core get yunet`, or choose another"):
            make()


def test_with_an_invalid_model_file_yunet_is_listed_but_raises_an_input_error(model_file):
    assert "yunet" in detector_names() and yunet.why_missing() is None
    with pytest.raises(InputError, match=r"cannot read the model face_detection.*; run `python -m core get yunet`"):
        make_detector("yunet")


def test_the_real_network_finds_the_portrait_with_its_eyes(with_yunet):
    (face,) = make_detector("yunet").detect(skimage.data.astronaut())
    np.testing.assert_allclose(face.xyxy, (178, 63, 268, 176), atol=6)
    np.testing.assert_allclose(face.eyes, ((200, 102), (247, 103)), atol=4)
    assert face.angle == angle_of(face.eyes) and abs(face.angle) < 4
    assert face.confidence > 0.9


@pytest.mark.parametrize("angle", [-60, -30, 30, 60])
def test_the_real_network_finds_tilted_faces(with_yunet, angle):
    """Their angles are not compared: the network places the eyes of tilted faces too horizontally."""
    matrix = cv2.getRotationMatrix2D((222, 120), angle, 1)
    image = cv2.warpAffine(skimage.data.astronaut(), matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    (face,) = make_detector("yunet").detect(image)
    assert matches_any(face, [Face((172, 62, 272, 172))])
    assert face.angle == angle_of(face.eyes)


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (20, 30), (32, 640), (33, 33), (33, 640), (640, 33)])
def test_the_real_network_finds_nothing_in_tiny_and_narrow_images(with_yunet, shape):
    for value in (0, 128, 255):
        for make in (DETECTORS["yunet"].make, DETECTORS["yunet"].make_for_frames):
            assert make().detect(np.full((*shape, 3), value, np.uint8)) == []


def test_the_real_network_for_frames_finds_the_portrait_in_frames_of_any_size(with_yunet):
    detector = DETECTORS["yunet"].make_for_frames()
    image = skimage.data.astronaut()
    for frame in (image, image[:300], image[:, 100:350], turn_clockwise(image, 0), image[:200, 124:324]):
        assert len(detector.detect(np.ascontiguousarray(frame))) == 1
