"""A still face is found at once and in each frame, in many places and sizes, and keeps its number and its box."""

import numpy as np
import pytest

from core.video.stream import FrameReader, FrameReading
from core.vision.detectors import DETECTORS
from tests.browser.films import FRAMES_PER_S, Head, still_face
from tests.fixtures.fakes import FakeClassifier

FRAMES = 12

MAX_FRAMES_WITHOUT_FACE = 2
"""Frames at the start of the video in which the face may not be found yet."""

MAX_MOVE_OF_FRAME, MAX_MOVE_OF_FACE = 0.01, 0.06
"""An edge of the box may move by this share of the frame's width, or of the face's width if that is more.

Frames are searched at a width of 320 pixels, so 0.01 is three pixels there.
"""


@pytest.fixture(params=["yunet", "libfacedetection"])
def detector(request: pytest.FixtureRequest) -> str:
    """The name of each detector that searches every frame. Those that cannot be used here are skipped."""
    if request.param == "yunet":
        request.getfixturevalue("with_yunet")
    if reason := DETECTORS[request.param].why_missing():
        pytest.skip(reason)
    return request.param


def read_film(detector: str, head: Head, size_wh: tuple[int, int]) -> list[FrameReading]:
    """Read a video of 30 frames/s with this head. The frames differ by their noise."""
    now_s = [0.0]
    reader = FrameReader(detector, {"fake": FakeClassifier()}, clock=lambda: now_s[0])
    readings = []
    for number, image in enumerate(still_face(head, size_wh, FRAMES)):
        now_s[0] = number / FRAMES_PER_S
        readings.append(reader.read(image))
    return readings


@pytest.mark.case("c9", "c10")
@pytest.mark.parametrize("x_share, y_share", [(0.5, 0.5), (0.25, 0.38), (0.75, 0.42), (0.65, 0.6)])
@pytest.mark.parametrize("width_share", [0.08, 0.15, 0.3])
@pytest.mark.parametrize("size_wh", [(640, 480), (1280, 720), (480, 640)])
def test_a_still_face_is_found_in_each_frame_and_stays(detector, size_wh, width_share, x_share, y_share):
    width, height = size_wh
    face_width = width_share * width
    frames = read_film(detector, Head(x_share * width, y_share * height, face_width), size_wh)
    counts = [len(frame.readings) for frame in frames]
    assert set(counts[MAX_FRAMES_WITHOUT_FACE:]) == {1}
    assert max(counts) == 1
    found = [frame.readings[0] for frame in frames if frame.readings]
    assert {reading.number for reading in found} == {1}
    boxes = np.array([reading.face.xyxy for reading in found])
    assert np.ptp(boxes, axis=0).max() <= max(MAX_MOVE_OF_FRAME * width, MAX_MOVE_OF_FACE * face_width)
    x, y = found[-1].face.centre
    assert abs(x - x_share * width) < 0.2 * face_width
    assert abs(y - y_share * height) < 0.2 * face_width


@pytest.mark.case("c9")
@pytest.mark.parametrize("x_share, y_share", [(0.5, 0.5), (0.75, 0.42), (0.65, 0.6)])
@pytest.mark.parametrize("width_share", [0.15, 0.3])
def test_a_still_face_that_haar_multi_has_found_is_never_lost_again(width_share, x_share, y_share):
    head = Head(x_share * 640, y_share * 480, width_share * 640)
    counts = [len(frame.readings) for frame in read_film("haar-multi", head, (640, 480))]
    assert set(counts[counts.index(1) :]) == {1}
