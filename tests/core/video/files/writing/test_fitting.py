"""The sizes of annotated films, and frames of other shapes in them."""

import numpy as np
import pytest

from core.recognition.drawing import annotate
from core.recognition.reading import Reading
from core.video.files.writing.fitting import FILM_SIDE, annotated_in_film, fill_film, film_size, size_in_film
from core.vision.faces import Face

READING = Reading(Face((10, 20, 40, 60)), {"model": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)})


@pytest.mark.parametrize(
    ("size_wh", "film_wh"),
    [
        ((640, 480), (640, 480)),
        ((641, 479), (642, 480)),
        ((1920, 1080), (1920, 1080)),
        ((3840, 2160), (1920, 1080)),
        ((2160, 3840), (1080, 1920)),
        ((7680, 4321), (1920, 1080)),
        ((48, 48), (192, 192)),
        ((75, 51), (300, 204)),
        ((1, 1), (160, 160)),
        ((1, 20_000), (2, 1920)),
        ((1000, 21), (1000, 22)),
    ],
)
def test_a_film_has_even_sides_of_a_legible_size(size_wh, film_wh):
    assert film_size(size_wh) == film_wh
    assert max(film_wh) <= FILM_SIDE
    assert film_size(film_wh) == film_wh


@pytest.mark.parametrize("size_wh", [(640, 480), (641, 479), (3840, 2161), (48, 47), (1000, 21), (1, 1), (20_000, 1)])
def test_annotated_frames_fill_the_film(size_wh):
    image = np.full((size_wh[1], size_wh[0], 3), 200, np.uint8)
    film_wh = film_size(size_wh)
    shown = fill_film(annotated_in_film(image, [], "model", film_wh), film_wh)
    assert shown.shape == (film_wh[1], film_wh[0], 3)
    assert shown.min() == 200


def test_a_frame_of_the_size_of_the_film_is_only_annotated():
    image = np.random.default_rng(0).integers(0, 255, (480, 640, 3), np.uint8)
    shown = fill_film(annotated_in_film(image, [READING], "model", (640, 480)), (640, 480))
    assert np.array_equal(shown, annotate(image, [READING], "model"))


def test_a_frame_is_never_drawn_on():
    image = np.zeros((60, 90, 3), np.uint8)
    annotated_in_film(image, [READING], "model", film_size((90, 60)))
    assert not image.any()


@pytest.mark.parametrize(
    ("size_wh", "shown_wh"),
    [((480, 640), (360, 480)), ((320, 240), (640, 480)), ((1280, 720), (640, 360)), ((100_000, 2), (640, 1))],
)
def test_frames_of_another_shape_keep_their_proportions(size_wh, shown_wh):
    assert size_in_film(size_wh, (640, 480)) == shown_wh


def test_frames_of_another_shape_get_black_bars():
    shown = fill_film(np.full((100, 50, 3), 200, np.uint8), (300, 200))
    assert shown[:, :100].max() == 0
    assert shown[:, 100:200].min() == 200
    assert shown[:, 200:].max() == 0


def test_an_odd_side_gets_its_last_row_twice():
    image = np.arange(161 * 201 * 3, dtype=np.uint32).astype(np.uint8).reshape(161, 201, 3)
    shown = fill_film(image, (202, 162))
    assert np.array_equal(shown[:161, :201], image)
    assert np.array_equal(shown[161], shown[160])
    assert np.array_equal(shown[:, 201], shown[:, 200])
