"""Tests that every available detector must pass, and tests of `make_detector`.

Which detectors are available depends on the machine: `yunet` needs a file, and `libfacedetection` a package.
"""

from dataclasses import replace

import numpy as np
import pytest
import skimage.data

from core.exceptions import InputError
from core.vision.detectors import DETECTORS, detector_names, make_detector
from core.vision.faces import Face, matches_any
from core.vision.images import Image


@pytest.fixture(params=detector_names())
def detector(request):
    return make_detector(request.param)


@pytest.fixture(scope="module")
def astronaut() -> Image:
    return skimage.data.astronaut()


def two_portraits(portrait: Image) -> Image:
    """Return the portrait with a smaller copy to the left of it, (512, 896, 3)."""
    small = np.pad(portrait[::4, ::4].repeat(3, 0).repeat(3, 1), ((0, 128), (0, 0), (0, 0)), mode="edge")
    return np.hstack([small, portrait])


def is_inside(face: Face, image: Image) -> bool:
    left, top, right, bottom = face.xyxy
    return 0 <= left < right <= image.shape[1] and 0 <= top < bottom <= image.shape[0]


def test_finds_exactly_one_face_in_the_portrait(detector, astronaut):
    (face,) = detector.detect(astronaut)
    # Haar detectors return squares; networks return boxes from the forehead to the chin.
    expected = (176, 66, 272, 162) if face.eyes is None else (178, 63, 268, 175)
    np.testing.assert_allclose(face.xyxy, expected, atol=12)
    assert all(isinstance(edge, int) for edge in face.xyxy)
    assert face.confidence is None or 0 <= face.confidence <= 1


def test_the_margin_of_a_detector_is_a_small_share(detector):
    assert -0.2 < detector.margin < 0.3


def test_faces_are_inside_the_image_and_the_largest_comes_first(detector, astronaut):
    image = two_portraits(astronaut)
    faces = detector.detect(image)
    assert len(faces) >= 1
    assert faces == sorted(faces, key=lambda face: face.area, reverse=True)
    assert all(is_inside(face, image) for face in faces)
    assert faces[0].xyxy[0] > 384  # the larger portrait is on the right


def test_boxes_of_faces_cut_by_the_image_border_are_inside_the_image(detector, astronaut):
    for image in (astronaut[60:260, 170:275], astronaut[66:170, 100:280]):
        assert all(is_inside(face, image) for face in detector.detect(image))


@pytest.mark.parametrize("brightness", [1, 0.3, 0.1])
def test_finds_the_face_at_full_and_at_low_brightness(detector, astronaut, brightness):
    face, *others = detector.detect((astronaut * brightness).astype(np.uint8))
    assert matches_any(face, [Face((172, 62, 276, 166))])
    assert len(others) <= 1  # haar-multi takes a badge on the spacesuit for a face


@pytest.mark.parametrize("shape", [(480, 640), (48, 48), (29, 500), (1, 1), (1, 3000), (2000, 1), (24, 24)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_no_faces_are_found_in_images_of_one_colour_whatever_their_size(detector, shape, value):
    assert detector.detect(np.full((*shape, 3), value, np.uint8)) == []


def test_detection_does_not_change_the_image(detector, astronaut):
    before = astronaut.copy()
    detector.detect(astronaut)
    np.testing.assert_array_equal(astronaut, before)


def test_each_call_of_make_detector_returns_a_new_object():
    assert all(make_detector(name) is not make_detector(name) for name in detector_names())


def test_an_unknown_detector_name_raises_an_error_with_the_valid_names():
    with pytest.raises(
        InputError, match="unknown detector 'hair'; choose from yunet, libfacedetection, haar, haar-fast"
    ):
        make_detector("hair")


def test_a_detector_that_cannot_be_used_here_is_not_listed(monkeypatch):
    assert "haar" in detector_names()
    monkeypatch.setitem(DETECTORS, "haar", replace(DETECTORS["haar"], why_missing=lambda: "it is a test"))
    assert "haar" not in detector_names()


def test_names_are_listed_in_the_order_of_the_registry():
    assert detector_names() == [name for name in DETECTORS if name in detector_names()]
    assert all(0 < entry.smallest_face < 0.5 for entry in DETECTORS.values())


def test_detectors_for_frames_return_the_same_portrait(astronaut):
    for name in detector_names():
        if make_for_frames := DETECTORS[name].make_for_frames:
            detector = make_for_frames()
            (face,) = detector.detect(astronaut)
            assert matches_any(face, [Face((172, 62, 276, 166))])
            assert detector.margin == make_detector(name).margin
