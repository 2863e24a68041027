"""The guided round: what is asked when, what is kept, and its matrix recounted."""

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.evaluation.metrics import recalls
from core.recognition.reading import Reading
from core.video.guided_round import (
    CAPTURE_S,
    COLUMNS,
    COUNTDOWN_S,
    GuidedRound,
    Moment,
    confusion,
    share_of_same_labels,
)
from core.vision.faces import Face
from tests.fixtures.fakes import one_hot

STEP_S = COUNTDOWN_S + CAPTURE_S
CROP = np.zeros((48, 48), np.uint8)


class Clock:
    def __init__(self) -> None:
        self.now_s = 500.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def turn(clock):
    return GuidedRound(clock)


def says(cnn: str, trees: str = "sad") -> Reading:
    return Reading(Face((0, 0, 50, 50)), {"cnn": tuple(one_hot(cnn)), "trees": tuple(one_hot(trees))})


def play(turn: GuidedRound, clock: Clock, seconds: float, answer: str | None = None, frames_per_s: int = 10) -> None:
    """Frames of a face that shows what is asked, or always the same."""
    for _ in range(round(seconds * frames_per_s)):
        asked = turn.moment().asked
        turn.feed(says(answer or asked or "neutral"), CROP)
        clock.now_s += 1 / frames_per_s


def test_before_the_start_nothing_is_asked_and_nothing_kept(turn, clock):
    assert turn.moment() == Moment("ready")
    turn.feed(says("happy"), CROP)
    assert turn.table().empty and tuple(turn.table().columns) == COLUMNS


def test_each_expression_is_counted_down_and_captured_in_turn(turn, clock):
    turn.start()
    for number, emotion in enumerate(EMOTIONS, start=1):
        moment = turn.moment()
        assert (moment.phase, moment.asked, moment.step) == ("countdown", emotion, number)
        assert moment.remaining_s == pytest.approx(COUNTDOWN_S, abs=1e-4)
        play(turn, clock, COUNTDOWN_S + 0.5)
        moment = turn.moment()
        assert (moment.phase, moment.asked) == ("capture", emotion)
        assert moment.remaining_s == pytest.approx(CAPTURE_S - 0.5, abs=1e-4)
        play(turn, clock, CAPTURE_S - 0.5)
        clock.now_s += 1e-6  # tenths do not add up
    assert turn.moment() == Moment("done")


def test_only_captured_frames_are_kept_with_a_crop(turn, clock):
    turn.start()
    play(turn, clock, STEP_S)
    turn.feed(None, None)  # no face
    first, second, *_ = turn.steps()
    assert 19 <= len(first.frames) <= 21 and first.crop is CROP
    assert second.frames == [] and second.crop is None


def test_a_whole_round_is_its_own_matrix(turn, clock):
    turn.start()
    play(turn, clock, 7 * STEP_S + 0.5)
    assert turn.moment().phase == "done"
    table = turn.table()
    counts = confusion(table, "cnn")
    assert counts.index.tolist() == counts.columns.tolist() == list(EMOTIONS)
    assert np.diag(counts).sum() == counts.to_numpy().sum() == (table["model"] == "cnn").sum()
    assert recalls(counts).tolist() == [1.0] * 7
    assert recalls(confusion(table, "trees")).tolist() == [float(emotion == "sad") for emotion in EMOTIONS]
    assert share_of_same_labels(table, "cnn", "trees") == pytest.approx(1 / 7, abs=0.01)


def test_a_skipped_step_has_no_frames_and_no_recall(turn, clock):
    turn.start()
    play(turn, clock, COUNTDOWN_S + 1)
    turn.skip(1)
    assert turn.moment().asked == EMOTIONS[1]
    turn.skip(1)  # a click that comes late does not hit the next one
    assert turn.moment().asked == EMOTIONS[1]
    play(turn, clock, 6 * STEP_S + 0.5)
    assert turn.moment().phase == "done"
    recall = recalls(confusion(turn.table(), "cnn"))
    assert np.isnan(recall[EMOTIONS[0]]) and recall[EMOTIONS[1]] == 1


def test_a_step_is_done_again_at_once_and_the_interrupted_one_afterwards(turn, clock):
    turn.start()
    play(turn, clock, STEP_S + COUNTDOWN_S + 1, answer="fear")
    assert turn.moment().asked == EMOTIONS[1] and turn.steps()[1].frames
    turn.redo(EMOTIONS[0])
    assert turn.moment().asked == EMOTIONS[0] and turn.moment().phase == "countdown"
    assert not turn.steps()[0].frames and not turn.steps()[1].frames
    play(turn, clock, 7 * STEP_S + 0.5)
    assert turn.moment().phase == "done"
    assert recalls(confusion(turn.table(), "cnn")).tolist() == [1.0] * 7


def test_a_step_is_done_again_after_the_end(turn, clock):
    turn.start()
    play(turn, clock, 7 * STEP_S + 0.5, answer="fear")
    turn.redo("happy")
    play(turn, clock, STEP_S + 0.5)
    assert turn.moment().phase == "done"
    recall = recalls(confusion(turn.table(), "cnn"))
    assert recall["happy"] == 1 and recall["sad"] == 0


def test_without_frames_the_round_waits(turn, clock):
    turn.start()
    play(turn, clock, STEP_S + COUNTDOWN_S + 1)
    assert turn.steps()[1].frames
    clock.now_s += 60  # nobody looks at the page meanwhile
    assert turn.moment() == Moment("countdown", EMOTIONS[1], 2, COUNTDOWN_S, waits=True)
    assert turn.steps()[0].frames and not turn.steps()[1].frames
    turn.feed(says("sad"), CROP)
    assert turn.moment() == Moment("countdown", EMOTIONS[1], 2, COUNTDOWN_S)
    play(turn, clock, 1)
    assert turn.moment().remaining_s == pytest.approx(COUNTDOWN_S - 1)
    play(turn, clock, 6 * STEP_S)
    assert turn.moment().phase == "done"
    assert recalls(confusion(turn.table(), "cnn")).tolist() == [1.0] * 7


def test_a_stop_right_after_a_step_keeps_that_step(turn, clock):
    turn.start()
    play(turn, clock, STEP_S + 0.2)
    clock.now_s += 60
    assert (turn.moment().step, turn.moment().waits) == (2, True)
    assert turn.steps()[0].frames


def test_a_new_start_does_not_wait(turn, clock):
    turn.start()
    clock.now_s += 60
    assert turn.moment().waits
    turn.start()
    assert not turn.moment().waits


def test_a_frame_counts_for_the_moment_in_which_it_was_taken(turn, clock):
    turn.start()
    play(turn, clock, COUNTDOWN_S + 0.5)
    kept = len(turn.steps()[0].frames)
    turn.feed(says("happy"), CROP, age_s=0.8)  # still of the countdown
    assert len(turn.steps()[0].frames) == kept
    turn.feed(says("happy"), CROP, age_s=0.3)
    assert len(turn.steps()[0].frames) == kept + 1


def test_agreement_of_models_that_never_met_is_unknown(turn):
    assert np.isnan(share_of_same_labels(turn.table(), "cnn", "trees"))
