"""The Haar detector: boxes on shrunk images, missing confidences, and the effect of the working side."""

import numpy as np
import skimage.data

from core.vision.detectors.haar import HaarDetector


def test_boxes_are_in_pixels_of_the_original_image_if_it_was_shrunk():
    image = skimage.data.astronaut().repeat(4, axis=0).repeat(4, axis=1)
    face = HaarDetector(working_side=512).detect(image)[0]
    np.testing.assert_allclose(face.xyxy, np.array((176, 66, 272, 162)) * 4, atol=48)


def test_faces_have_no_confidence():
    assert [face.confidence for face in HaarDetector().detect(skimage.data.astronaut())] == [None]


def test_a_larger_working_side_finds_smaller_faces():
    image = np.full((1024, 1024, 3), 127, np.uint8)
    image[:256, :256] = skimage.data.astronaut()[::2, ::2]
    assert len(HaarDetector(working_side=1024).detect(image)) == 1
    assert HaarDetector(working_side=320).detect(image) == []
