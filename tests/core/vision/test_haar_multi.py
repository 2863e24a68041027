"""What the voting detector finds beyond a single cascade, and how it takes turns in a video."""

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from core.video.following import PARTS_WITHOUT_FACES, SWEEP_EVERY_S, SWEEP_SHARE, SweepingFollower, make_video_detector
from core.vision.detectors import make_detector
from core.vision.detectors.haar_multi import PASSES, SIZES, SWEEP, faces_of
from core.vision.faces import Face
from core.vision.images import Image

FACE = (176, 66, 272, 162)


def frame(turn: float = 0, right: int = 0) -> Image:
    """(480, 640, 3) the portrait, turned about its face and moved."""
    matrix = cv2.getRotationMatrix2D((224, 114), turn, 1)
    matrix[:, 2] += (right + 60, 40)
    moved = cv2.warpAffine(astronaut(), matrix, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def centre(face: Face) -> tuple[float, float]:
    left, top, right, bottom = face.xyxy
    return (left + right) / 2, (top + bottom) / 2


@pytest.mark.parametrize("turn", [-25, 25])
def test_finds_a_turned_head_that_one_cascade_misses(turn):
    image = frame(turn)
    assert make_detector("haar-fast").detect(image) == []
    (face,) = make_detector("haar-multi-fast").detect(image)
    assert centre(face) == pytest.approx((284, 154), abs=12)


def test_finds_a_face_that_the_border_cuts():
    image = np.ascontiguousarray(astronaut()[90:, :])  # the forehead is outside
    assert make_detector("haar-fast").detect(image) == []
    (face,) = make_detector("haar-multi-fast").detect(image)
    assert face.xyxy[1] == 0
    assert centre(face)[0] == pytest.approx(224, abs=12)


def windows(*rows: tuple[float, float, float], row: int = 1) -> np.ndarray:
    """Of one pass, by its row in `PASSES`; each has one vote, those of row 0 have two."""
    return np.array([(*place, row) for place in rows], float).reshape(-1, 4)


BLANK = np.zeros((200, 300, 3), np.uint8)
HERE = [(100, 100, 40), (101, 99, 41)]


def test_passes_vote_together():
    assert [PASSES[row].votes for row in (0, 1, 6)] == [2, 1, 1]
    assert faces_of([windows(*HERE), windows()], 4, 5, BLANK) == []
    (face,) = faces_of([windows(*HERE), windows(*HERE, row=6)], 4, 5, BLANK)
    assert face.xyxy == (80, 79, 120, 120) or centre(face) == pytest.approx((100, 100), abs=2)
    assert len(faces_of([windows(*HERE, row=0)], 4, 5, BLANK)) == 1


def test_no_pass_makes_a_face_alone():
    assert faces_of([windows(*HERE * 20)], 6, 5, BLANK) == []
    assert len(faces_of([windows(*HERE * 20), windows(HERE[0], row=6)], 6, 5, BLANK)) == 1


def test_windows_of_another_face_have_no_vote():
    there = [(200, 100, 40), (201, 99, 41)]
    assert faces_of([windows(*HERE), windows(*there, row=6)], 4, 5, BLANK) == []


def test_more_votes_win_where_two_groups_overlap():
    many, few = [(100, 100, 80)] * 9, [(105, 105, 30)] * 4
    (face,) = faces_of([windows(*many, *few)], 4, 9, BLANK)
    assert face.size_wh[0] == 80


def test_boxes_are_clipped():
    (face,) = faces_of([windows(*[(20, 20, 60)] * 5)], 3, 5, BLANK)
    assert face.xyxy == (0, 0, 50, 50)
    assert faces_of([windows(*[(-40, 10, 30)] * 5)], 3, 5, BLANK) == []
    assert faces_of([windows()], 3, 5, BLANK) == []


def test_a_sweep_finds_what_a_full_search_finds():
    detector = make_detector("haar-multi-fast")
    image = frame(turn=25)
    found = [detector.sweep(image) for _ in SWEEP]
    assert found[-1] == detector.detect(image)
    detector.rest()
    assert detector.sweep(image) == found[0]


def test_a_head_is_followed_while_it_turns_and_moves():
    following = make_video_detector("haar-multi-fast")
    assert isinstance(following, SweepingFollower)
    turns = [*range(0, 24, 2), *range(24, -24, -3)]
    seen = [following.detect(frame(turn, right=3 * step)) for step, turn in enumerate(turns)]
    # The face is of middle size: the search for large ones, some parts a frame, comes first.
    first = 4 + sum(len(SIZES[each.cascade][0]) for each in PASSES) // PARTS_WITHOUT_FACES
    assert [len(found) for found in seen[first:]] == [1] * (len(turns) - first)
    for step, found in enumerate(seen[first:], start=first):
        assert centre(found[0]) == pytest.approx((284 + 3 * step, 154), abs=20)


def test_a_second_face_joins_with_the_next_sweep_and_a_lost_one_leaves_at_once():
    now = [0.0]
    following = make_video_detector("haar-multi-fast", lambda: now[0])
    alone = frame(right=-100)
    both = alone.copy()
    both[200:480, 400:640] = cv2.resize(astronaut()[:300, 80:336], (240, 280))
    for _ in range(20):
        following.detect(alone)
    counts = []
    for _ in range(round(30 * SWEEP_EVERY_S) + len(SWEEP)):
        counts.append(len(following.detect(both)))
        now[0] += 1 / 30
    assert counts[0] == 1 and counts[-1] == 2
    assert len(following.detect(alone)) == 1


class Sweeping:
    """One face that stays where it is, and when it was swept for."""

    def __init__(self, sweep_length: int, now: list[float], part_s: float = 0.0) -> None:
        self.sweep_length = sweep_length
        self.now = now
        self.part_s = part_s
        self.swept: list[int] = []
        self.frame = 0

    def detect(self, image: Image) -> list[Face]:
        return self.near(image, 80)

    def near(self, image: Image, side: float) -> list[Face]:
        return [Face((22, 22, 78, 78))]  # in the middle of its neighbourhood

    def sweep(self, image: Image) -> list[Face]:
        self.swept.append(self.frame)
        self.now[0] += self.part_s
        return [] if self.frame else [Face((100, 100, 180, 180))]

    def rest(self) -> None:
        pass


def sweeps_begun(detector: Sweeping, frames: int, frame_s: float) -> list[int]:
    following = SweepingFollower(detector, lambda: detector.now[0])
    for detector.frame in range(frames):
        following.detect(BLANK)
        detector.now[0] += frame_s
    return sorted({number for number in detector.swept if number - 1 not in detector.swept})


@pytest.mark.parametrize(("sweep_length", "expected"), [(4, [0, 20, 40]), (20, [0, 30, 60])])
def test_few_frames_a_second_wait_no_longer_for_the_next_sweep_unless_it_takes_long(sweep_length, expected):
    # Twenty frames take the four seconds after which a sweep is due.
    assert sweeps_begun(Sweeping(sweep_length, [0.0]), expected[-1] + 10, 0.2) == expected


def test_sweeps_take_no_more_than_their_share_of_the_time():
    detector = Sweeping(10, [0.0], part_s=0.1)  # a second a sweep
    begun = sweeps_begun(detector, 1000, 0.1)
    assert len(begun) > 5
    assert len(detector.swept) * detector.part_s / detector.now[0] == pytest.approx(SWEEP_SHARE, rel=0.1)


def test_another_frame_size_forgets_the_places():
    following = make_video_detector("haar-multi-fast")
    for _ in range(4):
        following.detect(frame())
    small = np.ascontiguousarray(frame()[::2, ::2])
    for face in [face for _ in range(4) for face in following.detect(small)]:
        assert face.xyxy[2] <= 320
        assert centre(face) == pytest.approx((142, 77), abs=12)
