"""Rows of YuNet networks become faces with eyes; images are shrunk for the search by their longer side or width."""

import cv2
import numpy as np
import pytest
import skimage.data

from core.vision.detectors.landmarks import BOX_MARGIN, faces_from_rows, search_copy
from core.vision.faces import Face, angle_of, matches_any, mirrored, turned
from core.vision.images import turn_clockwise


def row(box_xywh, score, eyes=((0, 0), (1, 0))) -> list[float]:
    """Return one row: the box, the eyes, three other landmarks and the score."""
    return [*box_xywh, *eyes[0], *eyes[1], *[7.0] * 6, score]


def test_boxes_and_eyes_are_scaled_to_the_image_and_the_angle_follows_from_the_eyes():
    (face,) = faces_from_rows([row((10, 20, 30, 40), 0.75, ((15, 30), (25, 20)))], 2.0, (400, 300))
    assert face == Face((20, 40, 80, 120), 0.75, ((30, 60), (50, 40)), pytest.approx(45))


def test_the_largest_face_comes_first_whatever_its_score():
    rows = [row((0, 0, 10, 10), 0.9), row((50, 50, 30, 30), 0.5), row((100, 0, 20, 20), 0.7)]
    assert [face.size_wh for face in faces_from_rows(rows, 1.0, (200, 200))] == [(30, 30), (20, 20), (10, 10)]


def test_boxes_are_clipped_and_those_outside_the_image_are_left_out():
    rows = [row((-5, -5, 20, 20), 0.9), row((-50, 0, 20, 20), 0.9), row((90, 90, 30, 30), 0.9), row((120, 0, 9, 9), 1)]
    assert [face.xyxy for face in faces_from_rows(rows, 1.0, (100, 100))] == [(0, 0, 15, 15), (90, 90, 100, 100)]


@pytest.mark.parametrize(("score", "confidence"), [(1.01, 1.0), (-0.2, 0.0), (0.4, 0.4)])
def test_scores_are_limited_to_0_and_1(score, confidence):
    (face,) = faces_from_rows([row((0, 0, 10, 10), score)], 1.0, (100, 100))
    assert face.confidence == confidence


def test_without_rows_there_are_no_faces():
    assert faces_from_rows([], 1.0, (100, 100)) == []


@pytest.mark.parametrize(
    ("size_wh", "by_width", "expected_wh"),
    [
        ((1280, 960), False, (640, 480)),
        ((1280, 960), True, (640, 480)),
        ((960, 1280), False, (480, 640)),
        ((960, 1280), True, (640, 853)),
        ((2560, 100), True, (640, 25)),
        ((100, 2560), True, (100, 2560)),  # its width is below the limit
        ((640, 640), True, (640, 640)),
        ((320, 200), False, (320, 200)),
        ((1000, 1000), False, (640, 640)),
        ((320, 200), True, (320, 200)),
        ((1, 3000), False, (1, 640)),
        ((3000, 1), True, (640, 1)),
        ((1, 1), True, (1, 1)),
    ],
)
def test_the_copy_for_the_search_fits_into_the_given_frame_or_width(size_wh, by_width, expected_wh):
    image = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
    copy = search_copy(image, 640, by_width)
    assert copy.shape == (expected_wh[1], expected_wh[0], 3)


def test_the_eyes_of_the_portrait_are_found(landmark_detector):
    (face,) = landmark_detector.detect(skimage.data.astronaut())
    np.testing.assert_allclose(face.eyes, ((200, 101), (247, 102)), atol=5)
    assert face.angle == angle_of(face.eyes) == pytest.approx(0, abs=5)
    assert face.confidence > 0.85
    assert landmark_detector.margin == BOX_MARGIN


def test_the_eyes_of_a_mirrored_portrait_are_found_in_the_same_order(landmark_detector):
    image = skimage.data.astronaut()
    (face,), (other,) = landmark_detector.detect(image), landmark_detector.detect(np.ascontiguousarray(image[:, ::-1]))
    np.testing.assert_allclose(other.eyes, mirrored(face, 512).eyes, atol=5)


def test_a_portrait_that_lies_on_its_side_is_found_with_lower_confidence_than_upright(landmark_detector):
    image = skimage.data.astronaut()
    (upright,) = landmark_detector.detect(image)
    for degrees in (90, 180, 270):
        for face in landmark_detector.detect(turn_clockwise(image, degrees)):
            assert face.confidence < upright.confidence
            assert matches_any(face, [turned(upright, degrees, (512, 512))])


@pytest.mark.parametrize("scale", [0.5, 3])
def test_boxes_and_eyes_are_in_pixels_of_the_given_image(landmark_detector, scale):
    image = skimage.data.astronaut()
    (face,) = landmark_detector.detect(image)
    (other,) = landmark_detector.detect(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    np.testing.assert_allclose(np.array(other.xyxy) / scale, face.xyxy, atol=8)
    np.testing.assert_allclose(np.array(other.eyes) / scale, face.eyes, atol=5)
