"""What the pages say about each face detector."""

from pathlib import Path

import pytest

from core.vision.detectors import DETECTORS
from core.vision.detectors.defaults import ABOUT, PHOTO_ORDER, VIDEO_ORDER
from dashboard.components.detectors import SMALL_SHARE, about_detector
from tests.dashboard import machines

WARNING = "**Small faces may be missing**"
NETWORKS = ("yunet", "libfacedetection")


@pytest.mark.parametrize("video", [False, True])
@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_that_misses_small_faces_has_a_warning(name: str, video: bool) -> None:
    text = about_detector(name, video)
    assert (WARNING in text) == (DETECTORS[name].smallest(video) > SMALL_SHARE)
    assert ("frame" if video else "longer side of the photo") in text


@pytest.mark.parametrize(
    ("name", "video", "sentence"),
    [
        ("yunet", False, "It finds faces that are at least 3 % as wide as the longer side of the photo."),
        ("libfacedetection", True, "It finds faces that are at least 8 % as wide as the frame."),
        ("haar", False, "It finds faces that are at least 5 % as wide as the longer side of the photo."),
        ("haar-fine", False, "It finds faces that are at least 2.5 % as wide as the longer side of the photo."),
        ("haar-multi", False, "It finds faces that are at least 7 % as wide as the longer side of the photo."),
        ("haar-fast", False, "**Small faces may be missing**, below 10 % of the longer side of the photo."),
        ("haar-multi-fast", True, "**Small faces may be missing**, below 10 % of the frame."),
    ],
)
def test_the_text_ends_with_the_size_of_the_smallest_face(name: str, video: bool, sentence: str) -> None:
    assert about_detector(name, video).endswith(sentence)


def test_every_detector_is_described_in_a_few_words(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    machines.add_library(monkeypatch)
    for name in DETECTORS:
        assert about_detector(name).startswith("The faces are found by ")
    for name in NETWORKS:
        assert about_detector(name).startswith(ABOUT[name])
        assert "a small neural network" in ABOUT[name]


@pytest.mark.parametrize(("name", "video"), [("haar-multi", False), ("haar-multi-fast", True)])
def test_a_fallback_to_haar_says_why_and_what_to_do(
    name: str, video: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name == (VIDEO_ORDER if video else PHOTO_ORDER)[-1]
    machines.remove_library(monkeypatch)
    text = about_detector(name, video)
    assert f"libfacedetection cannot be used, because {machines.REASON}." in text
    assert "`python -m core get yunet` downloads a better detector" in text
    machines.add_library(monkeypatch)  # then haar-multi was chosen by the visitor
    assert "because" not in about_detector(name, video)


def test_a_file_of_yunet_that_was_not_measured_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machines.accept_fake_network(monkeypatch)
    machines.write_yunet_file(b"another network", "face_detection_yunet_2099.onnx")
    text = about_detector("yunet")
    assert "face_detection_yunet_2099.onnx, which is not the file that was measured" in text
    machines.write_yunet_file()
    assert "not the file that was measured" not in about_detector("yunet")
