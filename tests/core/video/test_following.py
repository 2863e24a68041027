"""Following faces from frame to frame, on a portrait that moves."""

import numpy as np
import pytest
from skimage.data import astronaut

from core.video.following import FULL_SEARCH_EVERY, FollowingDetector
from core.vision.detectors import make_detector
from core.vision.faces import Face
from core.vision.images import Image


class Counting:
    """Passes on to a real detector and keeps the sizes of the images it searched."""

    def __init__(self) -> None:
        self.detector = make_detector("haar-fast")
        self.searched: list[tuple[int, ...]] = []

    def detect(self, image: Image) -> list[Face]:
        self.searched.append(image.shape)
        return self.detector.detect(image)


@pytest.fixture
def inner() -> Counting:
    return Counting()


def moved(pixels: int) -> Image:
    """(480, 640, 3) the portrait, so many pixels to the right."""
    frame = np.full((480, 640, 3), 90, np.uint8)
    frame[:, 40 + pixels : 40 + pixels + 512] = astronaut()[:480]
    return frame


def centre(face: Face) -> float:
    return (face.xyxy[0] + face.xyxy[2]) / 2


def test_a_moving_face_is_followed_by_small_searches(inner):
    following = FollowingDetector(inner)
    faces = [following.detect(moved(4 * step)) for step in range(FULL_SEARCH_EVERY)]
    assert [len(found) for found in faces] == [1] * FULL_SEARCH_EVERY
    assert centre(faces[-1][0]) - centre(faces[0][0]) == pytest.approx(4 * (FULL_SEARCH_EVERY - 1), abs=12)
    assert inner.searched[0] == (480, 640, 3)
    assert all(height < 150 for height, _, _ in inner.searched[1:])


def test_the_whole_frame_is_searched_now_and_then(inner):
    following = FollowingDetector(inner)
    for _ in range(2 * FULL_SEARCH_EVERY):
        following.detect(moved(0))
    assert inner.searched.count((480, 640, 3)) == 2


def test_a_lost_face_is_searched_everywhere_at_once(inner):
    following = FollowingDetector(inner)
    following.detect(moved(0))
    assert following.detect(np.full((480, 640, 3), 90, np.uint8)) == []
    assert inner.searched[-1] == (480, 640, 3)
    assert len(following.detect(moved(30))) == 1


def test_another_frame_size_is_searched_as_a_whole(inner):
    following = FollowingDetector(inner)
    following.detect(moved(0))
    following.detect(moved(0)[::2, ::2])
    assert inner.searched[-1] == (240, 320, 3)


def test_two_neighbourhoods_never_give_the_same_face_twice(inner):
    following = FollowingDetector(inner)
    face = following.detect(moved(0))[0]
    left, top, right, bottom = face.xyxy
    following._known = [face, Face((left + 20, top, right + 20, bottom))]
    assert len(following.detect(moved(0))) == 1


def test_boxes_stay_inside_the_frame(inner):
    following = FollowingDetector(inner)
    for step in range(12):
        for face in following.detect(moved(0)[:, 150 + 8 * step :]):
            assert 0 <= face.xyxy[0] < face.xyxy[2] <= 490 - 8 * step
            assert 0 <= face.xyxy[1] < face.xyxy[3] <= 480
