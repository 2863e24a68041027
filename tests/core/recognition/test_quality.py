"""The quality of faces: side, brightness and sharpness, and the order of the flaws."""

import cv2
import numpy as np
import pytest

from core.benchmarks.quality_limits import blurred, darkened
from core.recognition.quality import (
    BLURRED,
    MIN_BRIGHTNESS,
    MIN_SHARPNESS,
    MIN_SIDE,
    TOO_DARK,
    TOO_SMALL,
    Quality,
    measure_quality,
    relative_sharpness,
)
from core.vision.crops import Faces
from core.vision.faces import Face
from tests.fixtures.synthetic import draw_face


@pytest.fixture
def faces() -> Faces:
    """Ten drawn faces with gray levels of 30 to 100, so that they can be made twice as bright."""
    drawn = np.array([draw_face(seed) for seed in range(10)], np.uint8)
    return 30 + (drawn.astype(float) / 255 * 70).astype(np.uint8)


def test_relative_sharpness_does_not_depend_on_brightness(faces):
    np.testing.assert_allclose(relative_sharpness(faces + 90), relative_sharpness(faces), rtol=1e-5)


def test_relative_sharpness_does_not_depend_on_contrast(faces):
    np.testing.assert_allclose(relative_sharpness(faces * 2), relative_sharpness(faces), rtol=1e-5)
    np.testing.assert_allclose(relative_sharpness(255 - faces), relative_sharpness(faces), rtol=1e-5)


def test_relative_sharpness_falls_the_more_a_face_is_blurred(faces):
    values = [relative_sharpness(faces), *(relative_sharpness(blurred(faces, sigma)) for sigma in (0.5, 1, 2))]
    assert np.all(np.diff(values, axis=0) < 0)


def test_relative_sharpness_is_0_if_all_pixels_are_equal():
    flat = np.stack([np.full((48, 48), level, np.uint8) for level in (0, 1, 128, 255)])
    sharpness = relative_sharpness(flat)
    assert sharpness.tolist() == [0, 0, 0, 0] and sharpness.dtype == np.float64


def test_relative_sharpness_by_hand():
    """A chessboard of single pixels has the Laplacian 4 times twice its deviation from the mean: 8 squared is 64."""
    board = (np.indices((48, 48)).sum(axis=0) % 2 * 100).astype(np.uint8)
    assert relative_sharpness(board[np.newaxis])[0] == pytest.approx(64, rel=0.05)


def test_relative_sharpness_of_no_faces_is_empty():
    assert relative_sharpness(np.zeros((0, 48, 48), np.uint8)).shape == (0,)


@pytest.mark.parametrize(
    ("side", "brightness", "sharpness", "flaw"),
    [
        (MIN_SIDE, MIN_BRIGHTNESS, MIN_SHARPNESS, None),
        (MIN_SIDE - 1, MIN_BRIGHTNESS, MIN_SHARPNESS, TOO_SMALL),
        (MIN_SIDE, MIN_BRIGHTNESS - 0.1, MIN_SHARPNESS, TOO_DARK),
        (MIN_SIDE, MIN_BRIGHTNESS, MIN_SHARPNESS - 0.001, BLURRED),
        (1, 0.0, 0.0, TOO_SMALL),
        (500, 0.0, 0.0, TOO_DARK),
        (500, 255.0, 0.0, BLURRED),
        (500, 255.0, 9.0, None),
    ],
)
def test_the_first_flaw_is_named_and_the_limits_themselves_are_good_enough(side, brightness, sharpness, flaw):
    assert Quality(side, brightness, sharpness).flaw == flaw


def test_the_flaws_are_plain_words():
    assert (TOO_SMALL, TOO_DARK, BLURRED) == ("too small", "too dark", "blurred")


def test_measure_quality_gives_one_value_per_face_and_counts_the_margin(faces):
    boxes = [Face((0, 0, 100, 50)), Face((0, 0, 40, 40), angle=45.0)]
    first, second = measure_quality(boxes, faces[:2], margin=0.1)
    assert (first.side, second.side) == (120, 48)
    assert first.brightness == pytest.approx(faces[0].mean(), abs=0.01)
    assert second.sharpness == pytest.approx(relative_sharpness(faces)[1])
    assert [type(value) for value in (first.side, first.brightness, first.sharpness)] == [int, float, float]
    assert measure_quality([], faces[:0], margin=0.1) == []


def test_a_darkened_face_is_too_dark_and_a_blurred_one_is_blurred(faces):
    def flaw(crops: Faces) -> str | None:
        return measure_quality([Face((0, 0, 60, 60))], crops, 0.0)[0].flaw

    face = cv2.normalize(faces[:1], None, 0, 255, cv2.NORM_MINMAX)
    assert flaw(face) is None
    assert flaw(darkened(face, 0.1)) == TOO_DARK
    assert flaw(blurred(face, 6)) == BLURRED
