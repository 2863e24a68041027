"""The tracker: it remembers faces, averages their probabilities over time, and holds their labels."""

from dataclasses import replace
from itertools import count

import pytest

from core.emotions import EMOTIONS
from core.recognition.reading import Reading
from core.video.smoothing import LEAD, LEEWAY
from core.video.tracking import MAX_GAP_S, Tracker
from core.vision.faces import Face, mirrored

LEFT = Face((0, 0, 100, 100))
LEFT_MOVED = Face((10, 0, 110, 100))
RIGHT = Face((300, 0, 400, 100))

NO_AVERAGE = 1e-9
"""A half-life after which only the newest reading counts, while labels are still held."""

ANGRY = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
HAPPY = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


def reading(face, **probabilities):
    return Reading(face, probabilities)


def test_the_first_reading_of_a_face_is_numbered_but_not_smoothed():
    first = reading(LEFT, cnn=ANGRY)
    assert Tracker().update([first], time_s=0.0) == [replace(first, number=1)]


def test_after_one_half_life_the_old_and_the_new_reading_have_equal_weight():
    tracker = Tracker(half_life_s=0.25)
    tracker.update([reading(LEFT, cnn=ANGRY)], time_s=10.0)
    (smoothed,) = tracker.update([reading(LEFT_MOVED, cnn=HAPPY)], time_s=10.25)
    assert smoothed.face == LEFT_MOVED
    assert smoothed.probabilities["cnn"] == pytest.approx((0.5, 0, 0, 0.5, 0, 0, 0))


@pytest.mark.parametrize("frames_per_s", [4, 10, 30])
def test_smoothing_does_not_depend_on_the_frame_rate(frames_per_s):
    tracker = Tracker(half_life_s=0.25)
    tracker.update([reading(LEFT, cnn=ANGRY)], time_s=0.0)
    for frame in range(1, frames_per_s + 1):
        (smoothed,) = tracker.update([reading(LEFT, cnn=HAPPY)], time_s=frame / frames_per_s)
    assert smoothed.probabilities["cnn"] == pytest.approx((1 / 16, 0, 0, 15 / 16, 0, 0, 0))  # four half-lives later


def test_two_faces_keep_their_own_probabilities_when_their_order_changes():
    tracker = Tracker()
    tracker.update([reading(LEFT, cnn=ANGRY), reading(RIGHT, cnn=HAPPY)], time_s=0.0)
    right, left = tracker.update([reading(RIGHT, cnn=HAPPY), reading(LEFT, cnn=ANGRY)], time_s=0.1)
    assert (right.face, right.probabilities["cnn"]) == (RIGHT, HAPPY)
    assert (left.face, left.probabilities["cnn"]) == (LEFT, ANGRY)


def test_a_face_is_remembered_over_a_short_absence_only():
    tracker = Tracker(half_life_s=0.4, max_absence_s=0.5)
    tracker.update([reading(LEFT, cnn=ANGRY)], time_s=0.0)
    assert tracker.update([], time_s=0.2) == []
    (back,) = tracker.update([reading(LEFT, cnn=HAPPY)], time_s=0.4)
    assert back.probabilities["cnn"] == pytest.approx((0.5, 0, 0, 0.5, 0, 0, 0))
    for time_s in (0.6, 0.8):
        assert tracker.update([], time_s) == []
    (new_face,) = tracker.update([reading(LEFT, cnn=ANGRY)], time_s=1.0)
    assert new_face.probabilities["cnn"] == ANGRY
    assert new_face.number == back.number + 1


def test_a_face_is_remembered_if_no_frame_arrives_for_up_to_the_maximum_gap():
    tracker = Tracker(max_absence_s=0.5)
    (before,) = tracker.update([reading(LEFT, cnn=ANGRY)], time_s=0.0)
    (after,) = tracker.update([reading(LEFT, cnn=ANGRY)], time_s=3.0)  # three seconds without a frame
    assert after.number == before.number
    assert tracker.update([], time_s=6.0) == []  # missing in one frame only
    (back,) = tracker.update([reading(LEFT, cnn=ANGRY)], time_s=8.0)
    assert back.number == before.number
    (much_later,) = tracker.update([reading(LEFT, cnn=ANGRY)], time_s=8.0 + MAX_GAP_S + 0.1)
    assert much_later.number == before.number + 1


def test_a_face_that_jumps_is_smoothed_by_the_elapsed_time():
    tracker = Tracker(half_life_s=0.25)
    tracker.update([reading(LEFT, cnn=ANGRY)], time_s=0.0)
    (jumped,) = tracker.update([reading(RIGHT, cnn=HAPPY)], time_s=0.25)
    assert jumped.number == 1
    assert jumped.probabilities["cnn"] == pytest.approx((0.5, 0, 0, 0.5, 0, 0, 0))


def test_a_second_face_is_not_smoothed_with_the_known_face():
    tracker = Tracker()
    tracker.update([reading(LEFT, cnn=ANGRY)], time_s=0.0)
    _, other = tracker.update([reading(LEFT, cnn=ANGRY), reading(RIGHT, cnn=HAPPY)], time_s=0.03)
    assert other.number == 2
    assert other.probabilities["cnn"] == HAPPY


def test_models_may_be_added_and_removed_during_a_stream():
    tracker = Tracker(half_life_s=0.5)
    tracker.update([reading(LEFT, cnn=ANGRY, trees=ANGRY)], time_s=0.0)
    (smoothed,) = tracker.update([reading(LEFT, cnn=HAPPY, forest=HAPPY)], time_s=0.5)
    assert smoothed.probabilities == {"cnn": pytest.approx((0.5, 0, 0, 0.5, 0, 0, 0)), "forest": HAPPY}


def test_a_half_life_of_zero_does_not_smooth():
    tracker = Tracker(half_life_s=NO_AVERAGE)
    tracker.update([reading(LEFT, cnn=ANGRY)], time_s=0.0)
    (smoothed,) = tracker.update([reading(LEFT, cnn=HAPPY)], time_s=0.01)
    assert smoothed.probabilities["cnn"] == HAPPY


def test_faces_keep_their_numbers_and_a_forgotten_face_gets_the_next_number():
    tracker = Tracker(max_absence_s=0.5)
    tracker.update([reading(LEFT, cnn=ANGRY), reading(RIGHT, cnn=HAPPY)], time_s=0.0)
    right, left = tracker.update([reading(RIGHT, cnn=HAPPY), reading(LEFT_MOVED, cnn=ANGRY)], time_s=0.1)
    assert (left.number, right.number) == (1, 2)
    for time_s in (0.2, 0.4, 0.6, 0.7):
        tracker.update([reading(LEFT, cnn=ANGRY)], time_s)
    left, returned = tracker.update([reading(LEFT, cnn=ANGRY), reading(RIGHT, cnn=HAPPY)], time_s=0.9)
    assert (left.number, returned.number) == (1, 3)


def angry_or_happy(angry: float) -> tuple[float, ...]:
    """Return probabilities: `angry` for angry, the rest of 1 for happy, and 0 for all others."""
    return (angry, 0.0, 0.0, 1 - angry, 0.0, 0.0, 0.0)


def test_a_label_is_held_until_another_label_leads_clearly():
    tracker = Tracker(half_life_s=NO_AVERAGE)
    angry_probabilities = [0.52, 0.49, 0.51, 0.5 - LEAD / 2 + 0.01, 0.5 - LEAD / 2 - 0.01, 0.51, 0.5 + LEAD / 2 + 0.01]
    labels = []
    for frame, angry in enumerate(angry_probabilities):
        (smoothed,) = tracker.update([reading(LEFT, cnn=angry_or_happy(angry))], time_s=frame / 30)
        labels.append(smoothed.label("cnn"))
        assert smoothed.confidence("cnn") == smoothed.probabilities["cnn"][EMOTIONS.index(smoothed.label("cnn"))]
    assert labels == ["angry", "angry", "angry", "angry", "happy", "happy", "angry"]


def test_the_label_does_not_flicker_between_similar_probabilities():
    tracker = Tracker()
    labels = set()
    for frame in range(60):
        angry = 0.53 if frame % 2 else 0.47
        (smoothed,) = tracker.update([reading(LEFT, cnn=angry_or_happy(angry))], time_s=frame / 30)
        labels.add(smoothed.label("cnn"))
    assert len(labels) == 1


def test_a_label_does_not_flicker_to_uncertain_at_the_threshold():
    tracker, frames = Tracker(half_life_s=NO_AVERAGE), count()

    def certain(confidence: float, label: str = "happy") -> bool:
        probabilities = [(1 - confidence) / 6] * 7
        probabilities[EMOTIONS.index(label)] = confidence
        new = Reading(LEFT, {"cnn": tuple(probabilities)}, {"cnn": 0.6})
        (smoothed,) = tracker.update([new], time_s=next(frames) / 30)
        assert smoothed.label("cnn") == label
        return smoothed.is_certain("cnn")

    assert not certain(0.59)  # below the threshold, and not certain before
    assert certain(0.61)
    assert all(certain(confidence) for confidence in (0.59, 0.601, 0.59, 0.6 - LEEWAY + 0.001))
    assert not certain(0.6 - LEEWAY - 0.001)
    assert not certain(0.59)  # an uncertain label must reach the threshold again
    assert certain(0.61)
    assert not certain(0.59, label="angry")  # a new label must reach the full threshold


def test_faces_keep_their_numbers_when_frames_become_mirrored():
    tracker = Tracker()
    before = tracker.update([reading(LEFT, cnn=ANGRY), reading(RIGHT, cnn=HAPPY)], time_s=0.0)
    tracker.mirror(640)
    mirrored_faces = [mirrored(RIGHT, 640), mirrored(LEFT, 640)]
    assert mirrored_faces == [Face((240, 0, 340, 100)), Face((540, 0, 640, 100))]
    after = tracker.update([reading(mirrored_faces[0], cnn=HAPPY), reading(mirrored_faces[1], cnn=ANGRY)], time_s=0.1)
    assert [each.number for each in after] == [before[1].number, before[0].number]
