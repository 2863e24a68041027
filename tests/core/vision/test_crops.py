"""Crops of 48 x 48 pixels of faces that are upright. The crops of turned faces are in test_turned_crops.py."""

import cv2
import numpy as np
import pytest

from core.vision.crops import FACE_SIZE, TRAINED_ANGLE, crop_face, crop_faces, square_of
from core.vision.faces import Face, whole_image
from core.vision.images import Image, to_gray


def gray_image(levels) -> np.ndarray:
    """Convert (H, W) gray levels to (H, W, 3) uint8 RGB."""
    return np.repeat(np.asarray(levels, np.uint8)[..., np.newaxis], 3, axis=2)


def column_image(height: int, width: int) -> np.ndarray:
    """Return an image in which the gray level of each column is its index."""
    return gray_image(np.tile(np.arange(width), (height, 1)))


def noise(height: int, width: int, seed: int = 0) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def crop_by_hand(image: Image, face: Face, margin: float) -> np.ndarray:
    """Crop a face as FERscope did before it turned any crop."""
    left, top, right, bottom = face.xyxy
    side = max(1, round(max(face.size_wh) * (1 + 2 * margin)))
    x0, y0 = round((left + right - side) / 2), round((top + bottom - side) / 2)
    around = 2 * side + max(image.shape)  # more than enough border on each side
    padded = np.pad(to_gray(image), around, mode="edge")
    square = padded[y0 + around : y0 + around + side, x0 + around : x0 + around + side]
    interpolation = cv2.INTER_AREA if side > FACE_SIZE else cv2.INTER_LINEAR
    return cv2.resize(square, (FACE_SIZE, FACE_SIZE), interpolation=interpolation)


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


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (0, 0, 100, 1), (99, 47, 100, 48), (0, 0, 100, 48), (50, 20, 50, 20)])
@pytest.mark.parametrize("angle", [None, 45.0, -180.0])
def test_any_box_inside_the_image_can_be_cropped(box, angle):
    assert crop_face(column_image(48, 100), Face(box, angle=angle)).shape == (FACE_SIZE, FACE_SIZE)


def test_changing_the_crop_does_not_change_the_image():
    image = column_image(48, 100)
    before = image.copy()
    crop_face(image, whole_image(image))[:] = 0
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("margin", [-0.1, 0.0, 0.04, 0.3])
@pytest.mark.parametrize("angle", [None, 0.0, 3.0, -TRAINED_ANGLE, TRAINED_ANGLE])
def test_faces_that_are_turned_little_are_cropped_as_before_to_the_last_bit(margin, angle):
    image, random = noise(90, 140), np.random.default_rng(1)
    for _ in range(20):
        left, top = int(random.integers(0, 139)), int(random.integers(0, 89))
        box = left, top, int(random.integers(left + 1, 141)), int(random.integers(top + 1, 91))
        face = Face(box, angle=angle)
        np.testing.assert_array_equal(crop_face(image, face, margin), crop_by_hand(image, face, margin))


@pytest.mark.parametrize(("margin", "side"), [(0.0, 100), (0.04, 108), (0.25, 150), (-0.1, 80), (-0.5, 1), (-2, 1)])
def test_the_margin_extends_the_longer_side_at_both_ends(margin, side):
    square = square_of(Face((10, 20, 70, 120)), margin)
    assert (square.side, square.centre, square.angle) == (side, (40, 70), 0)


def test_a_margin_of_one_half_shows_twice_as_much():
    image = column_image(96, 96)
    np.testing.assert_array_equal(crop_face(image, Face((24, 24, 72, 72)), 0.5), crop_face(image, whole_image(image)))


@pytest.mark.parametrize(
    ("angle", "expected"), [(None, 0), (TRAINED_ANGLE, 0), (TRAINED_ANGLE + 0.1, TRAINED_ANGLE + 0.1), (-90, -90)]
)
def test_a_square_is_turned_only_beyond_the_trained_angle(angle, expected):
    assert square_of(Face((0, 0, 10, 10), angle=angle)).angle == expected


def test_crop_faces_crops_all_faces_with_the_margin_and_may_get_none():
    image, faces = noise(100, 100), [Face((10, 10, 60, 60)), Face((30, 30, 50, 90), angle=40.0)]
    crops = crop_faces(image, faces, 0.1)
    for crop, face in zip(crops, faces, strict=True):
        np.testing.assert_array_equal(crop, crop_face(image, face, 0.1))
    empty = crop_faces(image, [])
    assert (empty.shape, empty.dtype) == ((0, 48, 48), np.uint8)
