"""Boxes of faces, and crops of 48 x 48 pixels."""

import numpy as np
import pytest

from core.vision.crops import FACE_SIZE, crop_face
from core.vision.faces import Face, whole_image


def gray_image(levels) -> np.ndarray:
    """Convert (H, W) gray levels to (H, W, 3) uint8 RGB."""
    return np.repeat(np.asarray(levels, np.uint8)[..., np.newaxis], 3, axis=2)


def column_image(height: int, width: int) -> np.ndarray:
    """Return an image in which the gray level of each column is its index."""
    return gray_image(np.tile(np.arange(width), (height, 1)))


def test_size_and_area_follow_from_the_box_and_the_default_confidence_is_none():
    face = Face((10, 20, 40, 60))
    assert face.size_wh == (30, 40)
    assert face.area == 1200
    assert face.confidence is None


def test_faces_are_equal_if_box_and_confidence_are_equal():
    assert Face((1, 2, 3, 4)) == Face((1, 2, 3, 4))
    assert Face((1, 2, 3, 4)) != Face((1, 2, 3, 4), confidence=0.5)


def test_whole_image_returns_a_box_as_large_as_the_image():
    assert whole_image(column_image(20, 30)).xyxy == (0, 0, 30, 20)


def test_a_box_of_48_pixels_is_cropped_without_resizing():
    crop = crop_face(column_image(100, 200), Face((50, 10, 98, 58)))
    assert crop.dtype == np.uint8
    np.testing.assert_array_equal(crop, np.tile(np.arange(50, 98), (48, 1)))


def test_cropping_a_whole_fer2013_image_does_not_change_it():
    original = np.random.default_rng(0).integers(0, 256, (48, 48), np.uint8)
    image = gray_image(original)
    np.testing.assert_array_equal(crop_face(image, whole_image(image)), original)


def test_boxes_larger_than_48_pixels_are_shrunk_by_averaging():
    stripes = gray_image(np.tile([0, 200], (96, 48)))
    np.testing.assert_array_equal(crop_face(stripes, whole_image(stripes)), np.full((48, 48), 100))


def test_boxes_smaller_than_48_pixels_are_enlarged_with_interpolation():
    crop = crop_face(column_image(24, 24) * 10, Face((0, 0, 24, 24))).astype(int)
    assert crop.shape == (FACE_SIZE, FACE_SIZE)
    assert np.all(np.diff(crop[0]) >= 0)
    assert np.diff(crop[0]).max() <= 5


def test_the_crop_is_a_square_around_the_centre_of_the_box_and_repeats_the_image_border():
    image = column_image(48, 100)
    at_left_border = crop_face(image, Face((0, 0, 24, 48)))  # the square begins 12 columns left of the image
    np.testing.assert_array_equal(at_left_border[0, :14], [0] * 13 + [1])
    assert at_left_border[0, -1] == 35
    at_right_border = crop_face(image, Face((76, 0, 100, 48)))
    np.testing.assert_array_equal(at_right_border[0, -13:], [99] * 13)


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (0, 0, 100, 1), (99, 47, 100, 48), (0, 0, 100, 48)])
def test_any_box_inside_the_image_can_be_cropped(box):
    assert crop_face(column_image(48, 100), Face(box)).shape == (FACE_SIZE, FACE_SIZE)


def test_changing_the_crop_does_not_change_the_image():
    image = column_image(48, 100)
    before = image.copy()
    crop_face(image, whole_image(image))[:] = 0
    np.testing.assert_array_equal(image, before)
