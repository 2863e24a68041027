"""The detector with three cascades: rotated faces, votes, and sweeps (searches spread over the frames of a video)."""

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from core.video.following import PARTS_WITHOUT_FACES, SWEEP_EVERY_S, SWEEP_SHARE, SweepingFollower, make_video_detector
from core.vision.detectors import make_detector
from core.vision.detectors.haar_multi import faces_from_windows
from core.vision.detectors.haar_passes import PASSES, SIZE_RANGES, SWEEP
from core.vision.faces import Face
from core.vision.images import Image


def portrait(degrees: float = 0, shift: int = 0) -> Image:
    """Return a portrait, (480, 640, 3), rotated around its face by `degrees` and moved to the right by `shift` pixels.

    Without a shift, the centre of the face is (284, 154).
    """
    matrix = cv2.getRotationMatrix2D((224, 114), degrees, 1)
    matrix[:, 2] += (60 + shift, 40)
    moved = cv2.warpAffine(astronaut(), matrix, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def centre(face: Face) -> tuple[float, float]:
    left, top, right, bottom = face.xyxy
    return (left + right) / 2, (top + bottom) / 2


@pytest.mark.parametrize("degrees", [-25, 25])
def test_finds_a_rotated_face_that_a_single_cascade_misses(degrees):
    image = portrait(degrees)
    assert make_detector("haar-fast").detect(image) == []
    (face,) = make_detector("haar-multi-fast").detect(image)
    assert centre(face) == pytest.approx((284, 154), abs=12)


def test_finds_a_face_cut_by_the_image_border():
    image = np.ascontiguousarray(astronaut()[90:, :])  # the forehead is cut off
    (face,) = make_detector("haar-multi-fast").detect(image)
    assert face.xyxy[1] == 0
    assert centre(face)[0] == pytest.approx(224, abs=12)


def windows(*rows: tuple[float, float, float], pass_id: int = 1) -> np.ndarray:
    """Return windows (x, y, side) of a pass. A window of pass 0 has two votes, a window of pass 1 or 6 has one."""
    return np.array([(*row, pass_id) for row in rows], float).reshape(-1, 4)


BLANK = np.zeros((200, 300, 3), np.uint8)
SIMILAR = [(100, 100, 40), (101, 99, 41)]
"""Two similar windows (x, y, side), which form a group."""


def faces_from(*windows_of_passes: np.ndarray, votes: int, max_windows_per_pass: int = 5) -> list[Face]:
    return faces_from_windows(list(windows_of_passes), votes, max_windows_per_pass, BLANK)


def test_votes_of_several_passes_are_added():
    assert [PASSES[pass_id].votes for pass_id in (0, 1, 6)] == [2, 1, 1]
    assert faces_from(windows(*SIMILAR), windows(), votes=4) == []
    (face,) = faces_from(windows(*SIMILAR), windows(*SIMILAR, pass_id=6), votes=4)
    assert centre(face) == pytest.approx((100, 100), abs=2)
    assert len(faces_from(windows(*SIMILAR, pass_id=0), votes=4)) == 1


def test_windows_of_a_pass_beyond_the_limit_add_no_votes():
    assert faces_from(windows(*SIMILAR * 20), votes=6) == []
    assert len(faces_from(windows(*SIMILAR * 20), windows(SIMILAR[0], pass_id=6), votes=6)) == 1


def test_votes_for_different_positions_are_not_added():
    elsewhere = [(200, 100, 40), (201, 99, 41)]
    assert faces_from(windows(*SIMILAR), windows(*elsewhere, pass_id=6), votes=4) == []


def test_of_two_groups_for_the_same_face_the_one_with_more_votes_is_returned():
    nine_windows, four_windows = [(100, 100, 80)] * 9, [(105, 105, 30)] * 4
    (face,) = faces_from(windows(*nine_windows, *four_windows), votes=4, max_windows_per_pass=9)
    assert face.size_wh[0] == 80


def test_boxes_are_clipped_to_the_image_and_boxes_outside_it_are_dropped():
    (face,) = faces_from(windows(*[(20, 20, 60)] * 5), votes=3)
    assert face.xyxy == (0, 0, 50, 50)
    assert faces_from(windows(*[(-40, 10, 30)] * 5), votes=3) == []


def test_without_windows_there_are_no_faces():
    assert faces_from(windows(), votes=3) == []


def test_a_complete_sweep_finds_the_same_faces_as_detect_and_can_be_started_again():
    detector = make_detector("haar-multi-fast")
    image = portrait(degrees=25)
    found = [detector.sweep_part(image) for _ in SWEEP]
    assert found[-1] == detector.detect(image)
    detector.reset_sweep()
    assert detector.sweep_part(image) == found[0]


def test_a_face_is_followed_while_it_rotates_and_moves():
    follower = make_video_detector("haar-multi-fast")
    assert isinstance(follower, SweepingFollower)
    angles = [*range(0, 24, 2), *range(24, -24, -3)]
    found = [follower.detect(portrait(degrees, shift=3 * step)) for step, degrees in enumerate(angles)]
    # The face has a medium size. It is found at most 4 frames after the parts of the sweep that search for large faces.
    first = 4 + sum(len(SIZE_RANGES[pass_.cascade][0]) for pass_ in PASSES) // PARTS_WITHOUT_FACES
    assert [len(faces) for faces in found[first:]] == [1] * (len(angles) - first)
    for step, faces in enumerate(found[first:], start=first):
        assert centre(faces[0]) == pytest.approx((284 + 3 * step, 154), abs=20)


def test_a_second_face_is_added_by_the_next_sweep_and_a_lost_face_is_removed_at_once():
    now = [0.0]
    follower = make_video_detector("haar-multi-fast", lambda: now[0])
    alone = portrait(shift=-100)
    both = alone.copy()
    both[200:480, 400:640] = cv2.resize(astronaut()[:300, 80:336], (240, 280))
    for _ in range(20):
        follower.detect(alone)
    counts = []  # of the faces in each frame, at 30 frames per second, until the next sweep has ended
    for _ in range(round(30 * SWEEP_EVERY_S) + len(SWEEP)):
        counts.append(len(follower.detect(both)))
        now[0] += 1 / 30
    assert counts[0] == 1 and counts[-1] == 2
    assert len(follower.detect(alone)) == 1


class FakeSweepingDetector:
    """Find a face in frame 0 and find it again in every later frame.

    Record the numbers of the frames in which a part of a sweep runs. Each part takes `part_s` seconds: it advances the
    time in the list `now`.
    """

    def __init__(self, sweep_length: int, now: list[float], part_s: float = 0.0) -> None:
        self.sweep_length = sweep_length
        self.now = now
        self.part_s = part_s
        self.swept_frames: list[int] = []
        self.frame = 0

    def detect(self, image: Image) -> list[Face]:
        return self.detect_near(image, 80)

    def detect_near(self, image: Image, side: float) -> list[Face]:
        return [Face((22, 22, 78, 78))]  # the centre of the small image

    def sweep_part(self, image: Image) -> list[Face]:
        self.swept_frames.append(self.frame)
        self.now[0] += self.part_s
        return [] if self.frame else [Face((100, 100, 180, 180))]

    def reset_sweep(self) -> None:
        pass


def sweep_starts(detector: FakeSweepingDetector, frames: int, frame_s: float) -> list[int]:
    """Return the numbers of the frames in which a sweep starts, if frames are `frame_s` seconds apart."""
    follower = SweepingFollower(detector, lambda: detector.now[0])
    for detector.frame in range(frames):
        follower.detect(BLANK)
        detector.now[0] += frame_s
    return sorted({number for number in detector.swept_frames if number - 1 not in detector.swept_frames})


@pytest.mark.parametrize(("sweep_length", "expected"), [(4, [0, 20, 40]), (20, [0, 30, 60])])
def test_a_sweep_starts_after_four_seconds_and_not_before_one_and_a_half_sweep_lengths(sweep_length, expected):
    # At 5 frames per second, 4 seconds are 20 frames. One and a half sweep lengths are 6 or 30 frames.
    assert sweep_starts(FakeSweepingDetector(sweep_length, [0.0]), expected[-1] + 10, 0.2) == expected


def test_slow_sweeps_take_their_maximum_share_of_the_time():
    detector = FakeSweepingDetector(10, [0.0], part_s=0.1)  # one second per sweep
    starts = sweep_starts(detector, 1000, 0.1)
    assert len(starts) > 5
    assert len(detector.swept_frames) * detector.part_s / detector.now[0] == pytest.approx(SWEEP_SHARE, rel=0.1)


def test_faces_found_after_a_change_of_the_frame_size_fit_the_new_size():
    follower = make_video_detector("haar-multi-fast")
    for _ in range(4):
        follower.detect(portrait())
    small = np.ascontiguousarray(portrait()[::2, ::2])
    for face in [face for _ in range(4) for face in follower.detect(small)]:
        assert face.xyxy[2] <= 320
        assert centre(face) == pytest.approx((142, 77), abs=12)
