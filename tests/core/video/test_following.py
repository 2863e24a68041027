"""FollowingDetector on frames that show a moving portrait."""

import numpy as np
import pytest
from skimage.data import astronaut

from core.video.following import FULL_SEARCH_EVERY, FollowingDetector
from core.vision.detectors import make_detector
from core.vision.faces import Face
from core.vision.images import Image


class RecordingDetector:
    """A real detector that records the shapes of the images it searches."""

    margin = 0.03

    def __init__(self) -> None:
        self.detector = make_detector("haar-fast")
        self.searched_shapes: list[tuple[int, ...]] = []

    def detect(self, image: Image) -> list[Face]:
        self.searched_shapes.append(image.shape)
        return self.detector.detect(image)


@pytest.fixture
def detector() -> RecordingDetector:
    return RecordingDetector()


def shifted_portrait(pixels: int) -> Image:
    """Return a (480, 640, 3) frame with the portrait, shifted to the right by this many pixels."""
    frame = np.full((480, 640, 3), 90, np.uint8)
    frame[:, 40 + pixels : 40 + pixels + 512] = astronaut()[:480]
    return frame


def center_x(face: Face) -> float:
    return (face.xyxy[0] + face.xyxy[2]) / 2


def test_a_moving_face_is_found_again_in_small_search_squares(detector):
    following = FollowingDetector(detector)
    faces = [following.detect(shifted_portrait(4 * step)) for step in range(FULL_SEARCH_EVERY)]
    assert [len(found) for found in faces] == [1] * FULL_SEARCH_EVERY
    assert center_x(faces[-1][0]) - center_x(faces[0][0]) == pytest.approx(4 * (FULL_SEARCH_EVERY - 1), abs=12)
    assert detector.searched_shapes[0] == (480, 640, 3)
    assert all(height < 150 for height, _, _ in detector.searched_shapes[1:])


def test_the_whole_of_every_tenth_frame_is_searched(detector):
    following = FollowingDetector(detector)
    for _ in range(2 * FULL_SEARCH_EVERY):
        following.detect(shifted_portrait(0))
    assert detector.searched_shapes.count((480, 640, 3)) == 2


def test_a_lost_face_causes_a_search_of_the_whole_frame_and_can_be_found_again(detector):
    following = FollowingDetector(detector)
    following.detect(shifted_portrait(0))
    assert following.detect(np.full((480, 640, 3), 90, np.uint8)) == []
    assert detector.searched_shapes[-1] == (480, 640, 3)
    assert len(following.detect(shifted_portrait(30))) == 1


def test_a_changed_frame_size_causes_a_search_of_the_whole_frame(detector):
    following = FollowingDetector(detector)
    following.detect(shifted_portrait(0))
    following.detect(shifted_portrait(0)[::2, ::2])
    assert detector.searched_shapes[-1] == (240, 320, 3)


def test_a_face_in_two_overlapping_search_squares_is_returned_once(detector):
    following = FollowingDetector(detector)
    face = following.detect(shifted_portrait(0))[0]
    left, top, right, bottom = face.xyxy
    following._known = [face, Face((left + 20, top, right + 20, bottom))]
    assert len(following.detect(shifted_portrait(0))) == 1


def test_the_margin_is_that_of_the_detector(detector):
    assert FollowingDetector(detector).margin == 0.03


def test_boxes_stay_inside_the_frame(detector):
    following = FollowingDetector(detector)
    for step in range(12):
        frame = shifted_portrait(0)[:, 150 + 8 * step :]  # the left edge moves into the face
        height, width = frame.shape[:2]
        for face in following.detect(frame):
            assert 0 <= face.xyxy[0] < face.xyxy[2] <= width
            assert 0 <= face.xyxy[1] < face.xyxy[3] <= height
