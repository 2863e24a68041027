"""The default detectors on machines with and without YuNet's file and libfacedetection, and what users are told."""

import hashlib
from dataclasses import replace

import pytest

from core.vision.detectors import DETECTORS, detector_names, yunet_file
from core.vision.detectors.defaults import (
    ABOUT,
    PHOTO_ORDER,
    VIDEO_ORDER,
    default_detector,
    default_sentence,
    detector_note,
    why_not_default,
)

REASON = "the moon is full"
OTHER_FILE = "face_detection_yunet_2024.onnx"


@pytest.fixture
def right_file(without_yunet, monkeypatch):
    """A file of YuNet that is taken for the verified one."""
    content = b"the right network"
    monkeypatch.setattr(yunet_file, "SHA256", hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(yunet_file, "SIZE", len(content))
    path = without_yunet / yunet_file.FILE_NAME
    path.write_bytes(content)
    return path


@pytest.fixture
def other_file(without_yunet):
    """A file of YuNet that is not the verified one."""
    path = without_yunet / OTHER_FILE
    path.write_bytes(b"another network")
    return path


@pytest.fixture
def library(monkeypatch):
    """The library libfacedetection is there, whether this machine has it or not."""
    use_library(monkeypatch, None)


@pytest.fixture
def no_library(monkeypatch):
    use_library(monkeypatch, REASON)


def use_library(monkeypatch, reason: str | None) -> None:
    entry = DETECTORS["libfacedetection"]
    monkeypatch.setitem(DETECTORS, "libfacedetection", replace(entry, why_missing=lambda: reason))


def defaults() -> tuple[str, str]:
    """Return the default detectors for photos and for video."""
    return default_detector(), default_detector(video=True)


def test_the_orders_contain_only_detectors_and_the_last_ones_need_nothing():
    assert {*PHOTO_ORDER, *VIDEO_ORDER} <= set(DETECTORS)
    assert DETECTORS[PHOTO_ORDER[-1]].why_missing() is None and DETECTORS[VIDEO_ORDER[-1]].why_missing() is None
    assert {*PHOTO_ORDER[:-1], *VIDEO_ORDER[:-1]} == set(ABOUT)


def test_the_default_of_this_machine_can_be_used():
    assert set(defaults()) <= set(detector_names())


def test_with_both_yunet_is_the_default(right_file, library):
    assert defaults() == ("yunet", "yunet")
    assert default_sentence() == default_sentence(video=True) == ABOUT["yunet"]


def test_yunet_is_the_default_without_the_library_too(right_file, no_library):
    assert defaults() == ("yunet", "yunet")


def test_without_yunet_libfacedetection_is_the_default(without_yunet, library):
    assert defaults() == ("libfacedetection", "libfacedetection")
    assert default_sentence() == default_sentence(video=True) == ABOUT["libfacedetection"]


def test_without_both_haar_cascades_are_the_default_and_the_sentence_says_what_is_missing(without_yunet, no_library):
    assert defaults() == ("haar-multi", "haar-multi-fast")
    for video, name in ((False, "haar-multi"), (True, "haar-multi-fast")):
        assert default_sentence(video) == (
            f"The faces are found by `{name}`: Haar cascades, which are slow and miss more faces than a network. "
            f"libfacedetection cannot be used, because {REASON}. "
            "`python -m core get yunet` downloads a better detector."
        )


def test_a_yunet_file_with_another_hash_is_never_the_default(other_file, library):
    assert "yunet" in detector_names()  # it can be chosen by name
    assert why_not_default("yunet") == "its model file is not the one that was measured"
    assert defaults() == ("libfacedetection", "libfacedetection")


def test_a_yunet_file_with_another_hash_is_not_even_the_default_if_only_haar_is_left(other_file, no_library):
    assert defaults() == ("haar-multi", "haar-multi-fast")


def test_the_verified_file_counts_even_if_another_one_lies_beside_it(right_file, library):
    (right_file.parent / OTHER_FILE).write_bytes(b"another network")
    assert yunet_file.installed_file() == right_file
    assert defaults() == ("yunet", "yunet")
    assert detector_note("yunet") is None


def test_a_file_that_is_replaced_by_another_one_is_noticed(right_file, library):
    assert default_detector() == "yunet"
    right_file.write_bytes(b"something else")
    assert default_detector() == "libfacedetection"
    right_file.unlink()
    assert why_not_default("yunet") == "its model file is missing: run `python -m core get yunet`"


def test_why_not_default_gives_the_reason_of_a_detector_that_is_missing(without_yunet, no_library):
    assert why_not_default("libfacedetection") == REASON
    assert why_not_default("haar-multi") is None


def test_there_is_a_note_on_a_yunet_file_that_was_not_measured(other_file):
    for video in (False, True):
        assert detector_note("yunet", video) == (
            f"yunet uses {OTHER_FILE}, which is not the file that was measured; `python -m core get yunet` fetches it."
        )


def test_there_is_no_note_if_a_network_is_used_that_was_measured(right_file, library):
    names = ["yunet", "libfacedetection", "haar", "haar-multi", "haar-multi-fast"]
    assert [detector_note(name, video) for name in names for video in (False, True)] == [None] * 10


def test_haar_cascades_have_a_note_only_if_they_are_the_last_resort(without_yunet, no_library):
    assert detector_note("haar-multi") == default_sentence()
    assert detector_note("haar-multi-fast", video=True) == default_sentence(video=True)
    assert detector_note("haar") is None  # chosen by the user
    assert detector_note("haar-multi", video=True) is None
    assert detector_note("haar-multi-fast") is None
    assert detector_note("yunet") is None  # without a file it cannot be made


def test_the_real_file_is_the_default(with_yunet):
    assert defaults() == ("yunet", "yunet")
    assert detector_note("yunet") is None
