"""EveryFrameDetector keeps known faces at low scores; `make_video_detector` picks the way to search a video."""

from dataclasses import replace

import numpy as np
import pytest
from skimage.data import astronaut

from core.exceptions import InputError
from core.video.every_frame import MIN_NEW_SCORE, EveryFrameDetector
from core.video.following import FollowingDetector, SweepingFollower, make_video_detector
from core.vision.detectors import DETECTORS, Entry, detector_names
from core.vision.faces import Face
from core.vision.images import Image

FRAME = np.zeros((480, 640, 3), np.uint8)
BOX, MOVED, OTHER = (100, 100, 200, 200), (120, 110, 220, 210), (400, 100, 450, 150)
LOW, HIGH = MIN_NEW_SCORE - 0.1, MIN_NEW_SCORE + 0.1


class ScriptedDetector:
    """Return the faces of the next frame in a script."""

    margin = 0.07

    def __init__(self, *frames: list[Face]) -> None:
        self.frames = list(frames)

    def detect(self, image: Image) -> list[Face]:
        return self.frames.pop(0)


def found_in(*frames: list[Face], images: list[Image] | None = None) -> list[list[Face]]:
    """Return the faces found in each frame, if the detector returns these."""
    detector = EveryFrameDetector(ScriptedDetector(*frames), MIN_NEW_SCORE)
    return [detector.detect(image) for image in images or [FRAME] * len(frames)]


def test_a_new_face_needs_the_minimum_score():
    assert found_in([Face(BOX, LOW)]) == [[]]
    assert found_in([Face(BOX, MIN_NEW_SCORE)]) == [[Face(BOX, MIN_NEW_SCORE)]]


def test_a_known_face_stays_at_a_lower_score_until_it_is_gone():
    first, low, lower = Face(BOX, HIGH), Face(MOVED, LOW), Face(BOX, 0.01)
    assert found_in([first], [low], [lower], [], [low]) == [[first], [low], [lower], [], []]


def test_a_low_score_elsewhere_is_not_a_known_face():
    first = Face(BOX, HIGH)
    assert found_in([first], [first, Face(OTHER, LOW)]) == [[first], [first]]


def test_a_face_that_was_low_from_the_start_is_found_once_its_score_is_high():
    low, high = Face(OTHER, LOW), Face(OTHER, HIGH)
    assert found_in([low], [high], [low]) == [[], [high], [low]]


def test_faces_are_forgotten_if_the_size_of_the_frames_changes():
    small = FRAME[::2, ::2]
    high, low = Face(BOX, HIGH), Face(BOX, LOW)
    assert found_in([high], [low], [low], images=[FRAME, small, FRAME]) == [[high], [], []]


def test_two_boxes_of_one_face_become_the_one_with_the_higher_score():
    better, worse = Face(MOVED, 0.9), Face(BOX, 0.8)
    assert found_in([worse, better]) == [[better]]
    assert found_in([worse], [better, replace(worse, confidence=LOW)]) == [[worse], [better]]


def test_the_largest_face_comes_first_whatever_its_score():
    large, small = Face(BOX, 0.6), Face(OTHER, 0.9)
    assert found_in([small, large]) == [[large, small]]


def test_eyes_and_angles_are_kept():
    face = Face(BOX, 0.9, ((120.0, 140.0), (180.0, 140.0)), 0.0)
    assert found_in([face]) == [[face]]


def test_a_face_without_a_score_is_never_new():
    assert found_in([Face(BOX)]) == [[]]


def test_the_returned_list_may_be_changed_by_the_caller():
    detector = EveryFrameDetector(ScriptedDetector([Face(BOX, HIGH)], [Face(BOX, LOW)]), MIN_NEW_SCORE)
    detector.detect(FRAME).clear()
    assert detector.detect(FRAME) == [Face(BOX, LOW)]


def test_every_frame_counts_as_searched_and_the_margin_is_that_of_the_detector():
    detector = EveryFrameDetector(ScriptedDetector(), MIN_NEW_SCORE)
    assert detector.searched and detector.margin == ScriptedDetector.margin


def test_a_detector_that_is_fast_enough_searches_every_frame(monkeypatch):
    made = []

    def make_for_frames():
        made.append("for frames")
        return ScriptedDetector([Face(BOX, HIGH)], [Face(BOX, LOW)])

    monkeypatch.setitem(DETECTORS, "fast", Entry(ScriptedDetector, 0.1, make_for_frames=make_for_frames))
    detector = make_video_detector("fast")
    assert isinstance(detector, EveryFrameDetector) and made == ["for frames"]
    assert [detector.detect(FRAME) for _ in range(2)] == [[Face(BOX, HIGH)], [Face(BOX, LOW)]]


@pytest.mark.parametrize(("name", "kind"), [("haar", FollowingDetector), ("haar-multi-fast", SweepingFollower)])
def test_slow_detectors_follow_known_faces(name, kind):
    detector = make_video_detector(name)
    assert isinstance(detector, kind)
    assert detector.margin == DETECTORS[name].make().margin


def test_an_unknown_detector_raises_input_error():
    with pytest.raises(InputError, match="unknown detector 'eyes'"):
        make_video_detector("eyes")


@pytest.mark.parametrize("name", detector_names())
def test_each_detector_finds_the_portrait_after_a_second_of_a_video(name):
    detector = make_video_detector(name, clock=lambda: 0.0)
    frame = np.full((480, 640, 3), 90, np.uint8)
    frame[:, 64:576] = astronaut()[:480]
    (face, *others) = [detector.detect(frame) for _ in range(36)][-1]  # a sweep takes 34 frames
    assert face.xyxy[0] < 64 + 222 < face.xyxy[2] and face.xyxy[1] < 120 < face.xyxy[3]
    assert len(others) <= 1  # haar-multi takes a badge on the spacesuit for a face
