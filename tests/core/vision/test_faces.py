"""The one crop, and boxes."""

import numpy as np
import pytest

from core.vision.crops import FACE_SIZE, crop_face
from core.vision.faces import Face, whole_image


def gray(array) -> np.ndarray:
    """(H, W) numbers -> (H, W, 3) uint8 RGB."""
    return np.repeat(np.asarray(array, np.uint8)[..., np.newaxis], 3, axis=2)


def columns(height: int, width: int) -> np.ndarray:
    """Each column is as bright as its number."""
    return gray(np.tile(np.arange(width), (height, 1)))


def test_size_and_area():
    face = Face((10, 20, 40, 60))
    assert face.size_wh == (30, 40)
    assert face.area == 1200
    assert face.confidence is None


def test_faces_compare_by_value():
    assert Face((1, 2, 3, 4)) == Face((1, 2, 3, 4))
    assert Face((1, 2, 3, 4)) != Face((1, 2, 3, 4), confidence=0.5)


def test_whole_image():
    assert whole_image(columns(20, 30)).xyxy == (0, 0, 30, 20)


def test_a_box_of_the_crops_size_is_cut_out_as_it_is():
    crop = crop_face(columns(100, 200), Face((50, 10, 98, 58)))
    assert crop.dtype == np.uint8
    np.testing.assert_array_equal(crop, np.tile(np.arange(50, 98), (48, 1)))


def test_a_fer2013_picture_comes_through_unchanged():
    picture = np.random.default_rng(0).integers(0, 256, (48, 48), np.uint8)
    image = gray(picture)
    np.testing.assert_array_equal(crop_face(image, whole_image(image)), picture)


def test_larger_boxes_are_averaged():
    stripes = gray(np.tile([0, 200], (96, 48)))
    np.testing.assert_array_equal(crop_face(stripes, whole_image(stripes)), np.full((48, 48), 100))


def test_smaller_boxes_are_enlarged_smoothly():
    crop = crop_face(columns(24, 24) * 10, Face((0, 0, 24, 24))).astype(int)
    assert crop.shape == (FACE_SIZE, FACE_SIZE)
    assert np.all(np.diff(crop[0]) >= 0)
    assert np.diff(crop[0]).max() <= 5


def test_the_square_grows_from_the_boxs_centre_and_replicates_the_border():
    image = columns(48, 100)
    tall = crop_face(image, Face((0, 0, 24, 48)))  # the square reaches 12 columns past the left edge
    np.testing.assert_array_equal(tall[0, :14], [0] * 13 + [1])
    assert tall[0, -1] == 35
    right = crop_face(image, Face((76, 0, 100, 48)))
    np.testing.assert_array_equal(right[0, -13:], [99] * 13)


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (0, 0, 100, 1), (99, 47, 100, 48), (0, 0, 100, 48)])
def test_any_box_inside_the_image_has_a_crop(box):
    assert crop_face(columns(48, 100), Face(box)).shape == (FACE_SIZE, FACE_SIZE)


def test_the_image_is_left_alone():
    image = columns(48, 100)
    before = image.copy()
    crop_face(image, whole_image(image))[:] = 0
    np.testing.assert_array_equal(image, before)
