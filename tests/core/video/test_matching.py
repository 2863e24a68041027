"""Matching of faces: first by overlap, then as many of the others as possible."""

import pytest

from core.video.matching import difference, iou, match_faces, match_people
from core.vision.faces import Face


def square(x: int, side: int = 100) -> Face:
    """Return a square box whose centre is `x` pixels from the left edge and 500 pixels from the top."""
    return Face((x - side // 2, 500 - side // 2, x + side // 2, 500 + side // 2))


def test_iou_of_known_boxes():
    assert iou(square(100), square(100)) == 1.0
    assert iou(square(100), square(150)) == pytest.approx(5000 / 15000)
    assert iou(square(100), square(200)) == 0.0  # they touch but share no pixel
    assert iou(square(100), square(400)) == 0.0


def test_each_face_is_matched_once_by_the_best_overlap():
    near, nearer = square(140), square(105)
    assert match_faces([square(100)], [near, nearer]) == {1: 0}


def test_difference_grows_by_one_if_distance_or_size_doubles():
    assert difference(square(500), square(500)) == 0
    assert difference(square(500), square(600)) == pytest.approx(1)  # a distance of one side
    assert difference(square(500), square(800)) == pytest.approx(2)
    assert difference(square(500), square(500, side=200)) == pytest.approx(1)
    assert difference(square(500), square(500, side=50)) == pytest.approx(1)


def test_empty_boxes_can_be_compared():
    assert difference(Face((5, 5, 5, 5)), Face((5, 5, 5, 5))) == 0
    assert match_people([Face((0, 0, 0, 0))], [square(500)], [0.0]) == {0: 0}


def test_nothing_is_matched_without_faces():
    assert match_people([], [], []) == {}
    assert match_people([square(500)], [], [0.0]) == {}
    assert match_people([], [square(500)], []) == {}


def test_a_single_face_is_matched_at_any_distance():
    assert match_people([square(100)], [square(9000, side=60)], [3.0]) == {0: 0}


def test_overlapping_faces_are_matched_before_others():
    # The face at 500 stays, so the face at 100 has jumped next to it.
    assert match_people([square(100), square(500)], [square(610), square(505)], [0.0, 0.0]) == {1: 1, 0: 0}


def test_of_two_new_faces_the_nearer_one_is_the_missing_face():
    assert match_people([square(500)], [square(1500), square(800)], [0.0]) == {1: 0}


def test_of_two_new_faces_at_equal_distance_the_one_of_similar_size_is_the_missing_face():
    assert match_people([square(500)], [square(200, side=250), square(800, side=110)], [0.0]) == {1: 0}


def test_two_missing_and_two_new_faces_are_both_matched():
    # 1000 is near 1150, and the other pair is far apart.
    assert match_people([square(1000), square(1500)], [square(1150), square(100)], [0.0, 0.0]) == {0: 0, 1: 1}


def test_of_two_missing_faces_the_one_with_less_doubt_returns_if_the_distances_are_comparable():
    old = [square(500), square(1100)]
    assert match_people(old, [square(800)], [0.1, 1.0]) == {0: 0}
    assert match_people(old, [square(800)], [1.0, 0.1]) == {0: 1}
    assert match_people(old, [square(1000)], [0.1, 1.0]) == {0: 1}  # 0.1 + 2.6 (5 sides) > 1.0 + 1.0 (1 side)


def test_doubts_decide_only_which_faces_are_left_over():
    old, new = [square(500), square(1500)], [square(1700), square(300)]
    for doubts in ([0.0, 0.0], [9.0, 0.0], [0.0, 9.0]):
        assert match_people(old, new, doubts) == {0: 1, 1: 0}
