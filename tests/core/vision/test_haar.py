"""The Haar detector: boxes on shrunk images, missing confidences, and the effect of the size after shrinking."""

import numpy as np
import skimage.data

from core.vision.detectors.haar import HaarDetector


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
