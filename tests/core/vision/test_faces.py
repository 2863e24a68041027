"""Boxes of faces with their eyes and angles, and how they are scaled, mirrored and turned."""

import math

import numpy as np
import pytest

from core.vision.faces import (
    Face,
    angle_of,
    centre_is_inside,
    clipped_face,
    matches_any,
    mirrored,
    scaled,
    turned,
    whole_image,
)
from core.vision.images import turn_clockwise

SIZE_WH = (200, 120)
"""Size of the image of `FACE`."""

EYES = ((45.0, 40.0), (65.0, 35.0))
FACE = clipped_face((30, 20, 80, 90), SIZE_WH, 0.9, EYES)
"""A face whose head is turned counterclockwise by 14 degrees: the right eye in the image is higher."""


def eyes_at(angle: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the eyes of a face turned counterclockwise by this many degrees; y points down in an image."""
    x, y = 10 * math.cos(math.radians(angle)), 10 * math.sin(math.radians(angle))
    return (50 - x, 50 + y), (50 + x, 50 - y)


def assert_same(face: Face, expected: Face) -> None:
    """Compare two faces with eyes and angles. Angles of -180 and 180 are equal."""
    assert (face.xyxy, face.confidence) == (expected.xyxy, expected.confidence)
    np.testing.assert_allclose(face.eyes, expected.eyes)
    assert (face.angle - expected.angle + 180) % 360 - 180 == pytest.approx(0, abs=1e-9)


def test_size_and_centre_and_area_follow_from_the_box_and_the_rest_is_none_by_default():
    face = Face((10, 20, 40, 60))
    assert face.size_wh == (30, 40)
    assert face.centre == (25, 40)
    assert face.area == 1200
    assert (face.confidence, face.eyes, face.angle) == (None, None, None)


def test_faces_are_equal_if_all_values_are_equal():
    assert Face((1, 2, 3, 4)) == Face((1, 2, 3, 4))
    assert Face((1, 2, 3, 4)) != Face((1, 2, 3, 4), confidence=0.5)
    assert Face((1, 2, 3, 4)) != Face((1, 2, 3, 4), angle=5.0)


def test_whole_image_returns_a_box_as_large_as_the_image():
    assert whole_image(np.zeros((20, 30, 3), np.uint8)).xyxy == (0, 0, 30, 20)


@pytest.mark.parametrize("angle", [0, 10, 30, 90, 150, -10, -45, -90, -179])
def test_the_angle_of_the_eyes_is_positive_if_the_head_is_turned_counterclockwise(angle):
    assert angle_of(eyes_at(angle)) == pytest.approx(angle)


def test_the_angle_of_upright_and_upside_down_faces():
    assert angle_of(((10, 50), (30, 50))) == 0
    assert abs(angle_of(((30, 50), (10, 50)))) == 180


def test_clipped_face_rounds_and_clips_the_box_and_keeps_the_eyes_where_they_are():
    face = clipped_face((-5.4, 10.6, 30.4, 500), SIZE_WH, 0.7, ((-2, 20), (18, 0)))
    assert face == Face((0, 11, 30, 120), 0.7, ((-2, 20), (18, 0)), pytest.approx(45))
    assert clipped_face((1, 2, 3, 4), SIZE_WH) == Face((1, 2, 3, 4))


def test_a_box_outside_the_image_has_no_area():
    assert clipped_face((-50, 10, -20, 40), SIZE_WH).area == 0
    assert clipped_face((210, 130, 240, 160), SIZE_WH).area == 0


def test_scaled_scales_the_box_and_the_eyes_and_keeps_the_angle():
    face = scaled(FACE, 0.5, 0.5)
    assert face.xyxy == (15, 10, 40, 45)
    assert face.eyes == ((22.5, 20), (32.5, 17.5))
    assert (face.angle, face.confidence) == (FACE.angle, 0.9)


def test_a_scaled_box_keeps_at_least_one_pixel():
    assert scaled(Face((30, 20, 33, 22)), 0.01, 0.01).xyxy == (0, 0, 1, 1)


def test_mirrored_swaps_the_eyes_and_the_sign_of_the_angle():
    face = mirrored(FACE, SIZE_WH[0])
    assert face.xyxy == (120, 20, 170, 90)
    assert face.eyes == ((135, 35), (155, 40))  # the left one in the image still comes first
    assert face.angle == -FACE.angle == pytest.approx(angle_of(face.eyes))
    assert mirrored(face, SIZE_WH[0]) == FACE


@pytest.mark.parametrize("change", [lambda f: scaled(f, 0.5, 0.5), lambda f: mirrored(f, 200)])
def test_a_face_without_eyes_stays_without_eyes_and_angle(change):
    face = change(Face((30, 20, 80, 90)))
    assert (face.eyes, face.angle) == (None, None)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turning_moves_the_box_and_the_eyes_with_the_pixels(degrees):
    image = np.zeros((SIZE_WH[1], SIZE_WH[0], 3), np.uint8)
    left, top, right, bottom = FACE.xyxy
    image[top:bottom, left:right, 0] = 255
    for channel, (x, y) in enumerate(FACE.eyes, start=1):
        image[int(y) - 1 : int(y) + 1, int(x) - 1 : int(x) + 1, channel] = 255  # around the point (x, y)
    face, image = turned(FACE, degrees, SIZE_WH), turn_clockwise(image, degrees)
    for channel, centre in enumerate((face.centre, *face.eyes)):
        rows, columns = np.nonzero(image[..., channel])
        assert (columns.mean() + 0.5, rows.mean() + 0.5) == pytest.approx(centre)
    rows, columns = np.nonzero(image[..., 0])
    assert face.xyxy == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert face.angle == pytest.approx(angle_of(face.eyes))


def test_a_clockwise_turn_lowers_the_counterclockwise_angle():
    assert turned(FACE, 90, SIZE_WH).angle == pytest.approx(FACE.angle - 90)
    assert turned(FACE, 270, SIZE_WH).angle == pytest.approx(FACE.angle + 90)
    assert abs(turned(FACE, 180, SIZE_WH).angle) == pytest.approx(180 - FACE.angle)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turning_there_and_back_is_the_identity(degrees):
    size_wh = SIZE_WH if degrees in (0, 180) else SIZE_WH[::-1]
    assert_same(turned(turned(FACE, degrees, SIZE_WH), (360 - degrees) % 360, size_wh), FACE)


def test_four_quarter_turns_are_the_identity():
    face, size_wh = FACE, SIZE_WH
    for _ in range(4):
        face, size_wh = turned(face, 90, size_wh), size_wh[::-1]
    assert_same(face, FACE)


@pytest.mark.parametrize(("degrees", "angle"), [(90, 90), (180, 180), (270, -90)])
def test_a_face_without_eyes_gets_the_angle_of_the_turn_after_which_it_was_found(degrees, angle):
    """The image was turned clockwise by `degrees`; a face that is upright in it is mapped back."""
    size_wh = SIZE_WH if degrees == 180 else SIZE_WH[::-1]
    face = turned(Face((10, 20, 40, 60)), 360 - degrees, size_wh)
    assert face.eyes is None
    assert abs(face.angle) == 180 if degrees == 180 else face.angle == angle


def test_a_face_without_eyes_has_no_angle_if_the_image_is_not_turned():
    assert turned(Face((10, 20, 40, 60)), 0, SIZE_WH) == Face((10, 20, 40, 60))


def test_two_boxes_match_if_the_centre_of_one_is_inside_the_other():
    large, small, beside = Face((0, 0, 100, 100)), Face((60, 60, 90, 90)), Face((90, 0, 190, 100))
    assert centre_is_inside(small, large) and not centre_is_inside(large, small)
    assert matches_any(large, [beside, small])
    assert not matches_any(large, [beside])
    assert not matches_any(large, [])
