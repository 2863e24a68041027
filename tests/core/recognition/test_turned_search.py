"""Photos that are not upright are searched turned: how often, which turn wins, and where the boxes are."""

from collections.abc import Mapping

import numpy as np
import pytest

from core.recognition.turned_search import SURELY_UPRIGHT, TURNS, detect_turned
from core.vision.faces import Face, angle_of
from core.vision.images import Image, turn_clockwise

SURE, UNSURE = SURELY_UPRIGHT + 0.02, SURELY_UPRIGHT - 0.02
BOX = (20, 10, 60, 60)
"""Box of the face in the upright image."""
EYES = ((32.0, 28.0), (48.0, 28.0))


class OrientedDetector:
    """Find faces by the corner in which a white mark is seen, and record how often it searches.

    The image is upright if the mark is in the upper left corner; then no further turn is needed. `by_turn` maps the
    further clockwise turn that the image needs to the faces that are found.
    """

    margin = 0.0

    def __init__(self, by_turn: Mapping[int, list[Face]]) -> None:
        self.by_turn = by_turn
        self.searches: list[int] = []

    def detect(self, image: Image) -> list[Face]:
        marks = {0: image[0, 0], 90: image[-1, 0], 180: image[-1, -1], 270: image[0, -1]}
        (turn,) = [turn for turn, pixel in marks.items() if pixel[0] == 255]
        self.searches.append(turn)
        return self.by_turn.get(turn, [])


def photo(needed_turn: int = 0) -> Image:
    """Return an image that is upright, 100 x 80 pixels, after a clockwise turn by `needed_turn` degrees."""
    image = np.zeros((80, 100, 3), np.uint8)
    image[0, 0] = 255
    return turn_clockwise(image, (360 - needed_turn) % 360)


def upright_only(confidence: float | None = SURE, eyes=EYES) -> OrientedDetector:
    """Return a detector that finds the face only in the upright image."""
    return OrientedDetector({0: [Face(BOX, confidence, eyes, angle_of(eyes) if eyes else None)]})


def test_an_image_that_is_surely_upright_is_searched_once():
    detector = upright_only()
    faces, turned_by = detect_turned(photo(), detector)
    assert (faces, turned_by) == (upright_only().by_turn[0], 0)
    assert detector.searches == [0]


def test_faces_without_confidence_count_as_surely_upright():
    detector = upright_only(None, None)
    assert detect_turned(photo(), detector) == ([Face(BOX)], 0)
    assert detector.searches == [0]


def test_an_image_with_unsure_faces_is_searched_in_all_four_directions():
    detector = upright_only(UNSURE)
    faces, turned_by = detect_turned(photo(), detector)
    assert (len(faces), turned_by) == (1, 0)
    assert sorted(detector.searches) == [0, *TURNS]


def test_the_mean_confidence_decides_whether_an_image_is_surely_upright():
    sure, unsure = Face(BOX, 0.95), Face((60, 10, 90, 40), 2 * SURELY_UPRIGHT - 0.95)
    detector = OrientedDetector({0: [sure, unsure]})
    detect_turned(photo(), detector)
    assert len(detector.searches) == 1
    detector = OrientedDetector({0: [sure, Face(BOX, 2 * SURELY_UPRIGHT - 0.96)]})
    detect_turned(photo(), detector)
    assert len(detector.searches) == 4


@pytest.mark.parametrize("turn", TURNS)
def test_a_photo_that_is_not_upright_is_turned_and_its_boxes_are_in_pixels_of_the_given_image(turn):
    image = photo(turn)
    (face,), turned_by = detect_turned(image, upright_only())
    assert turned_by == turn
    marked = np.zeros((80, 100, 3), np.uint8)
    marked[BOX[1] : BOX[3], BOX[0] : BOX[2]] = 255
    rows, columns = np.nonzero(turn_clockwise(marked, 360 - turn)[..., 0])
    assert face.xyxy == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert face.confidence == SURE
    assert (face.angle - {90: 90, 180: 180, 270: -90}[turn]) % 360 == 0
    assert (face.angle - angle_of(face.eyes)) % 360 == pytest.approx(0)


@pytest.mark.parametrize("turn", TURNS)
def test_the_angle_of_a_face_without_eyes_is_that_of_the_turn(turn):
    (face,), turned_by = detect_turned(photo(turn), upright_only(None, None))
    assert turned_by == turn and face.eyes is None
    assert (face.angle - {90: 90, 180: 180, 270: -90}[turn]) % 360 == 0


def test_the_angle_of_the_head_is_added_to_that_of_the_turn():
    tilted = ((32.0, 36.0), (48.0, 20.0))  # 45 degrees counterclockwise
    (face,), _ = detect_turned(photo(90), upright_only(SURE, tilted))
    assert face.angle == pytest.approx(90 + 45)


def test_a_face_that_is_less_certain_in_a_wrong_direction_does_not_win():
    detector = OrientedDetector({0: [Face(BOX, 0.9)], 90: [Face((0, 0, 50, 50), 0.8)], 180: [Face(BOX, 0.7)]})
    (face,), turned_by = detect_turned(photo(90), detector)
    assert (turned_by, face.confidence) == (90, 0.9)


def test_the_highest_sum_of_confidences_wins():
    group = [Face(BOX, 0.6), Face((60, 0, 80, 20), 0.6)]
    detector = OrientedDetector({90: [Face(BOX, 0.85)], 0: group})
    faces, turned_by = detect_turned(photo(90), detector)
    assert (len(faces), turned_by) == (2, 90)


def test_if_two_directions_are_equally_certain_the_given_one_is_kept():
    detector = OrientedDetector({turn: [Face((10, 10, 40, 40), UNSURE)] for turn in (0, *TURNS)})
    assert detect_turned(photo(180), detector)[1] == 0


def test_without_a_face_in_any_direction_the_photo_is_not_turned():
    detector = OrientedDetector({})
    assert detect_turned(photo(90), detector) == ([], 0)
    assert len(detector.searches) == 4


@pytest.mark.parametrize("turned_by", [0, *TURNS])
def test_a_turn_that_the_user_chose_is_the_only_one_that_is_searched(turned_by):
    for needed in (0, 90):
        detector = upright_only(UNSURE)
        faces, used = detect_turned(photo(needed), detector, turned_by)
        assert used == turned_by
        assert detector.searches == [(needed - turned_by) % 360]
        assert len(faces) == (turned_by == needed)
