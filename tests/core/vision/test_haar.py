"""The Haar detector: boxes on shrunk images, missing confidences, the size after shrinking, and the second search."""

import numpy as np
import pytest
import skimage.data

from core.vision.detectors import haar
from core.vision.detectors.haar import HaarDetector
from core.vision.faces import Face


def test_boxes_are_in_pixels_of_the_original_image_if_it_was_shrunk():
    image = skimage.data.astronaut().repeat(4, axis=0).repeat(4, axis=1)
    face = HaarDetector(shrunk_side=512).detect(image)[0]
    np.testing.assert_allclose(face.xyxy, np.array((176, 66, 272, 162)) * 4, atol=48)


def test_faces_have_no_confidence():
    assert [face.confidence for face in HaarDetector().detect(skimage.data.astronaut())] == [None]


def test_smaller_faces_are_found_if_the_image_is_shrunk_less():
    image = np.full((1024, 1024, 3), 127, np.uint8)
    image[:256, :256] = skimage.data.astronaut()[::2, ::2]
    assert len(HaarDetector(shrunk_side=1024).detect(image)) == 1
    assert HaarDetector(shrunk_side=320).detect(image) == []


class FakeCascade:
    """Cascade that finds nothing in the first image and the given boxes (left, top, width, height) in all others."""

    def __init__(self, *boxes_xywh: tuple[int, int, int, int]) -> None:
        self.boxes = np.array(boxes_xywh, np.int32)
        self.searched: list[np.ndarray] = []

    def detectMultiScale(self, image, *_, **__):
        self.searched.append(image)
        return () if len(self.searched) == 1 else self.boxes


@pytest.fixture
def detector_with(monkeypatch):
    """Return a function that makes a `HaarDetector` for at most 200 pixels with a cascade of its own."""

    def make(cascade):
        monkeypatch.setattr(haar, "cascade", lambda name: cascade)
        return HaarDetector(shrunk_side=200)

    return make


NOISE = np.random.default_rng(0).integers(0, 256, (200, 400, 3), np.uint8)
"""Image that is shrunk to 200 x 100 pixels. Its border is 10 pixels wide."""


def test_an_image_without_a_face_is_searched_again_without_equalisation_and_with_a_border(detector_with):
    cascade = FakeCascade()
    assert detector_with(cascade).detect(NOISE) == []
    first, second = cascade.searched
    assert first.shape == (100, 200) and second.shape == (120, 220)
    shrunk = haar.shrunk(haar.to_gray(NOISE), 200)
    assert np.array_equal(second[10:-10, 10:-10], shrunk) and not np.array_equal(first, shrunk)
    assert np.array_equal(second[0, 10:-10], shrunk[0])  # the border repeats the pixels at the edge


def test_boxes_of_the_second_search_are_shifted_back_and_clipped_and_sorted_by_their_size(detector_with):
    only_in_border = (0, 0, 10, 10)
    cascade = FakeCascade(only_in_border, (30, 40, 30, 30), (0, 0, 50, 60), (180, 60, 40, 40))
    assert detector_with(cascade).detect(NOISE) == [
        Face((0, 0, 80, 100)),
        Face((340, 100, 400, 180)),
        Face((40, 60, 100, 120)),
    ]


def test_an_image_with_a_face_is_searched_once(detector_with):
    cascade = FakeCascade((20, 20, 40, 40))
    cascade.searched.append(NOISE)  # as if the first image had been searched already
    assert detector_with(cascade).detect(NOISE) == [Face((40, 40, 120, 120))]
    assert len(cascade.searched) == 2


def test_a_face_that_is_cut_by_the_image_border_is_found_by_the_second_search():
    forehead_cut_off = np.ascontiguousarray(skimage.data.astronaut()[90:])
    (face,) = HaarDetector(shrunk_side=320).detect(forehead_cut_off)
    np.testing.assert_allclose(face.xyxy, (176, 0, 272, 72), atol=12)
