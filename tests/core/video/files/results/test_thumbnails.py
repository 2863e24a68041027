"""Thumbnails of faces: place, scale, turned faces, image borders and images of any size."""

import cv2
import numpy as np
import pytest

from core.video.files.results.thumbnails import MARGIN, SIDE, thumbnail
from core.vision.faces import Face


def gradient(height: int, width: int) -> np.ndarray:
    """Return an image whose red is the row, whose green is the column, and whose blue is 200; all within 0..255."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack((rows, columns, np.full((height, width), 200)), axis=2).astype(np.uint8)


@pytest.mark.parametrize("half", [15, 35, 60])
def test_a_thumbnail_shows_the_face_and_a_margin_around_it(half: int) -> None:
    box = (120 - half, 125 - half, 120 + half, 125 + half)
    pixels = thumbnail(gradient(250, 250), Face(box))
    assert pixels.shape == (SIDE, SIDE, 3) and pixels.dtype == np.uint8
    reach = half * (1 + 2 * MARGIN)
    step = 2 * reach / SIDE
    for row, column in [(0, 0), (0, SIDE - 1), (SIDE // 2, SIDE // 2), (SIDE - 1, 0)]:
        expected = (125 - reach + (row + 0.5) * step - 0.5, 120 - reach + (column + 0.5) * step - 0.5)
        assert pixels[row, column, :2] == pytest.approx(expected, abs=2)
    assert (pixels[..., 2] == 200).all()


@pytest.mark.parametrize("angle", [-170.0, -60.0, 30.0, 90.0])
def test_turned_faces_are_upright(angle: float) -> None:
    upright = np.zeros((301, 301, 3), np.uint8)
    cv2.rectangle(upright, (130, 105), (170, 125), (255, 0, 0), cv2.FILLED)  # above the middle
    cv2.rectangle(upright, (105, 140), (125, 190), (0, 255, 0), cv2.FILLED)  # left of it
    turned = cv2.warpAffine(upright, cv2.getRotationMatrix2D((150, 150), angle, 1), (301, 301))
    box = (95, 95, 206, 206)
    expected = thumbnail(upright, Face(box)).astype(int)
    of_upright, of_box = (
        np.abs(expected - thumbnail(turned, face)).mean() for face in (Face(box, angle=angle), Face(box))
    )
    assert of_upright < 1.5 < 4 < of_box


def test_beyond_the_image_its_border_is_repeated() -> None:
    pixels = thumbnail(gradient(200, 200), Face((0, 100, 40, 140)))
    assert (pixels[:, :16, 1] == 0).all()  # left of the image
    assert pixels[:, -1, 1].mean() > 40


@pytest.mark.parametrize("size_wh", [(1, 1), (1, 900), (900, 1), (40_000, 3), (3, 40_000)])
def test_images_of_any_shape_have_thumbnails(size_wh: tuple[int, int]) -> None:
    width, height = size_wh
    pixels = thumbnail(np.full((height, width, 3), 90, np.uint8), Face((0, 0, width, height)))
    assert pixels.shape == (SIDE, SIDE, 3) and (pixels == 90).all()


def test_a_large_face_is_averaged_and_not_sampled() -> None:
    stripes = np.zeros((1200, 1200, 3), np.uint8)
    stripes[:, ::2] = 200
    pixels = thumbnail(stripes, Face((300, 300, 900, 900)))
    assert np.abs(pixels.astype(int) - 100).max() <= 25


def test_the_image_is_neither_kept_nor_changed() -> None:
    image = gradient(200, 200)
    before = image.copy()
    assert not np.shares_memory(thumbnail(image, Face((50, 50, 90, 90))), image)
    assert (image == before).all()
