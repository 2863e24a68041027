"""Crops of turned faces are upright: drawn patterns and a portrait, each turned about the centre of the face."""

import math

import cv2
import numpy as np
import pytest
import skimage.data

from core.vision.crops import FACE_SIZE, Square, crop_face, square_of
from core.vision.faces import Face
from core.vision.images import Image, to_rgb, turn_clockwise

SIZE = 300
"""Width and height of the pattern's image."""


def centred(side: int, angle: float | None = None) -> Face:
    """Return a square face near the middle of the pattern's image."""
    start = SIZE // 2 - side // 2
    return Face((start, start, start + side, start + side), angle=angle)


def pattern(angle: float, face: Face) -> Image:
    """Draw smooth waves around the centre of the face, turned counterclockwise by this many degrees."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] + 0.5  # the centre of the first pixel is at 0.5
    x, y = x - face.centre[0], y - face.centre[1]
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    right, down = (x * cos - y * sin) / face.size_wh[0], (x * sin + y * cos) / face.size_wh[0]
    levels = 127 + 60 * np.sin(8 * right + 0.3) + 50 * np.sin(6 * down + 1)
    return to_rgb(levels.round().astype(np.uint8))


def turned_portrait(angle: float, face: Face) -> Image:
    """Return the portrait of an astronaut, turned counterclockwise about the centre of the face."""
    x, y = face.centre
    matrix = cv2.getRotationMatrix2D((x - 0.5, y - 0.5), angle, 1)
    return cv2.warpAffine(skimage.data.astronaut(), matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE)


def mean_difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(int) - b).mean())


@pytest.mark.parametrize("angle", [12.5, 30, -45, 90, 137, 180, -90])
@pytest.mark.parametrize("side", [30, 47, 48, 49, 96, 97, 120])
def test_the_crop_of_a_turned_pattern_is_that_of_the_upright_one(side, angle):
    """A crop that is half a pixel away would differ by more than one level on average."""
    upright, turned = centred(side), centred(side, angle)
    expected = crop_face(pattern(0, upright), upright)
    assert mean_difference(crop_face(pattern(angle, turned), turned), expected) < 0.5


def test_quarter_turns_are_exact():
    face = centred(96)
    expected = crop_face(pattern(0, face), face)
    for degrees in (90, 180, 270):
        turned_image = turn_clockwise(pattern(0, face), degrees)
        np.testing.assert_array_equal(crop_face(turned_image, centred(96, -degrees)), expected)


@pytest.mark.parametrize("angle", [20, 30, -30, 60, 180])
def test_the_crop_of_a_turned_portrait_is_nearly_that_of_the_upright_one(angle):
    upright = Face((176, 66, 272, 162))
    image = turned_portrait(angle, upright)
    expected = crop_face(skimage.data.astronaut(), upright)
    assert mean_difference(crop_face(image, Face(upright.xyxy, angle=float(angle))), expected) < 4
    assert mean_difference(crop_face(image, upright), expected) > 12  # if it stays turned


def test_the_turn_of_the_crop_follows_the_sign_of_the_angle():
    face = Face((176, 66, 272, 162))
    image, expected = turned_portrait(30, face), crop_face(skimage.data.astronaut(), face)
    right, wrong = (mean_difference(crop_face(image, Face(face.xyxy, angle=angle)), expected) for angle in (30, -30))
    assert right < wrong / 3


@pytest.mark.parametrize("side", [20, 96])
def test_turned_squares_repeat_the_border_of_the_image(side):
    """Left of the image, all columns are like its first one, so a square out there shows only its gray level."""
    image = to_rgb(np.tile(np.linspace(40, 200, 100).astype(np.uint8), (100, 1)))
    half = side // 2
    outside = crop_face(image, Face((-5 - 3 * half, 50 - half, -5 - half, 50 + half), angle=45.0))
    assert (outside == 40).all()
    across = crop_face(image, Face((-half, 50 - half, half, 50 + half), angle=90.0)).astype(int)
    assert (across[:23] == 40).all()  # the top of this head is on the left
    assert np.all(np.diff(across[25:], axis=0) >= 0) and across.max() > 40


def test_the_corners_are_clockwise_from_the_upper_left_one():
    assert Square((10, 20), 4).corners == ((8, 18), (12, 18), (12, 22), (8, 22))
    np.testing.assert_allclose(Square((10, 20), 4, 90).corners, [(8, 22), (8, 18), (12, 18), (12, 22)])
    np.testing.assert_allclose(Square((10, 20), 4, 180).corners, [(12, 22), (8, 22), (8, 18), (12, 18)])
    diagonal = math.sqrt(8)
    at_45 = [(10 - diagonal, 20), (10, 20 - diagonal), (10 + diagonal, 20), (10, 20 + diagonal)]
    np.testing.assert_allclose(Square((10, 20), 4, 45).corners, at_45)


@pytest.mark.parametrize("angle", [0.0, 13.0, 90.0, -120.0])
def test_the_corners_have_the_side_as_their_distance_and_the_centre_as_their_mean(angle):
    corners = np.array(Square((50.5, 40), 30, angle).corners)
    np.testing.assert_allclose(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1), 30)
    np.testing.assert_allclose(corners.mean(axis=0), (50.5, 40))


def test_the_margin_also_extends_turned_squares():
    face = centred(80, 30.0)
    image = pattern(30, face)
    wide = crop_face(image, face, 0.25)
    assert square_of(face, 0.25) == Square(face.centre, 120, 30.0)
    np.testing.assert_array_equal(wide, crop_face(image, centred(120, 30.0)))


@pytest.mark.parametrize("side", [1, 2, 3, 5000])
def test_tiny_and_huge_turned_squares_can_be_cropped(side):
    half = side // 2
    face = Face((50 - half, 50 - half, 50 - half + side, 50 - half + side), angle=33.0)
    crop = crop_face(np.full((100, 120, 3), 77, np.uint8), face)
    assert crop.shape == (FACE_SIZE, FACE_SIZE)
    assert (crop == 77).all()


def test_a_turned_box_whose_sides_differ_gives_a_square_with_the_longer_side():
    face = Face((100, 100, 140, 200), angle=90.0)
    assert square_of(face) == Square((120, 150), 100, 90.0)
    assert crop_face(pattern(0, face), face).shape == (FACE_SIZE, FACE_SIZE)
