"""The guided round: the sequence of its steps, the frames that it keeps, and its confusion matrix."""

from dataclasses import replace

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.evaluation.metrics import recalls
from core.recognition.drawing import HOLD
from core.recognition.quality import Quality
from core.recognition.reading import MODEL_COLUMNS, Reading
from core.video.guided_round import (
    CAPTURE_S,
    COLUMNS,
    COUNTDOWN_S,
    INSTRUCTIONS,
    GuidedRound,
    RoundState,
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
def guided(clock):
    return GuidedRound(clock)


def reading_of(cnn: str, trees: str = "sad") -> Reading:
    """Return a reading in which the models `cnn` and `trees` predict these labels."""
    return Reading(Face((0, 0, 50, 50)), {"cnn": tuple(one_hot(cnn)), "trees": tuple(one_hot(trees))})


def play(guided: GuidedRound, clock: Clock, seconds: float, label: str | None = None, frames_per_s: int = 10) -> None:
    """Feed frames for which `cnn` predicts the requested expression, or always `label`."""
    for _ in range(round(seconds * frames_per_s)):
        asked = guided.state().asked
        guided.feed(reading_of(label or asked or "neutral"), CROP)
        clock.now_s += 1 / frames_per_s


def test_before_the_start_no_expression_is_requested_and_no_frame_is_kept(guided, clock):
    assert guided.state() == RoundState("ready")
    guided.feed(reading_of("happy"), CROP)
    assert guided.table().empty and tuple(guided.table().columns) == COLUMNS


def test_the_columns_are_the_step_and_those_of_the_model():
    assert ("step", "asked", "time_s", "model", *MODEL_COLUMNS) == COLUMNS


def test_the_table_has_the_reason_for_uncertain_labels(guided, clock):
    guided.start()
    play(guided, clock, COUNTDOWN_S)
    clock.now_s += 1e-6  # sums of 0.1 are not exact
    guided.feed(replace(reading_of("happy"), quality=Quality(100, 100.0, 0.01)), CROP)
    guided.feed(reading_of("happy"), CROP)
    table = guided.table()
    assert table["certain"].tolist() == [False, False, True, True]
    assert table["reason"].tolist()[:2] == ["blurred"] * 2 and table["reason"].isna().tolist()[2:] == [True] * 2


def test_each_expression_has_a_countdown_and_a_capture(guided, clock):
    guided.start()
    for number, emotion in enumerate(EMOTIONS, start=1):
        state = guided.state()
        assert (state.phase, state.asked, state.step) == ("countdown", emotion, number)
        assert state.remaining_s == pytest.approx(COUNTDOWN_S, abs=1e-4)
        play(guided, clock, COUNTDOWN_S + 0.5)
        state = guided.state()
        assert (state.phase, state.asked) == ("capture", emotion)
        assert state.remaining_s == pytest.approx(CAPTURE_S - 0.5, abs=1e-4)
        play(guided, clock, CAPTURE_S - 0.5)
        clock.now_s += 1e-6  # sums of 0.1 are not exact
    assert guided.state() == RoundState("done")


def test_the_prompt_counts_down_and_then_says_hold_and_its_bar_starts_again(guided, clock):
    assert not guided.state().running
    guided.start()
    clock.now_s += COUNTDOWN_S - 1.5
    guided.feed(None, None)
    prompt = guided.state().prompt()
    assert (prompt.title, prompt.text) == (f"1 of 7: {EMOTIONS[0]}", INSTRUCTIONS[EMOTIONS[0]])
    assert (prompt.counter, prompt.acting) == ("2", False)
    assert prompt.progress == pytest.approx(1 - 1.5 / COUNTDOWN_S)
    clock.now_s += 1.5 + CAPTURE_S / 4
    guided.feed(None, None)
    prompt = guided.state().prompt()
    assert (prompt.counter, prompt.acting) == (HOLD, True)
    assert prompt.progress == pytest.approx(0.25)
    assert guided.state().running


def test_each_expression_has_an_instruction_that_opencv_can_draw():
    assert set(INSTRUCTIONS) == set(EMOTIONS)
    assert all(text.isascii() and len(text) <= 32 for text in INSTRUCTIONS.values())


def test_a_step_keeps_one_crop_and_only_the_frames_of_its_capture(guided, clock):
    guided.start()
    play(guided, clock, STEP_S)
    guided.feed(None, None)  # no face
    first, second, *_ = guided.steps()
    assert 19 <= len(first.frames) <= 21 and first.crop is CROP  # two seconds at 10 frames per second
    assert second.frames == [] and second.crop is None


def test_a_whole_round_has_the_expected_confusions_and_recalls_and_share_of_same_labels(guided, clock):
    guided.start()
    play(guided, clock, 7 * STEP_S + 0.5)
    assert guided.state().phase == "done"
    table = guided.table()
    counts = confusion(table, "cnn")
    assert counts.index.tolist() == counts.columns.tolist() == list(EMOTIONS)
    assert np.diag(counts).sum() == counts.to_numpy().sum() == (table["model"] == "cnn").sum()
    assert recalls(counts).tolist() == [1.0] * 7
    assert recalls(confusion(table, "trees")).tolist() == [float(emotion == "sad") for emotion in EMOTIONS]
    assert share_of_same_labels(table, "cnn", "trees") == pytest.approx(1 / 7, abs=0.01)


def test_a_skipped_step_has_no_recall_and_skipping_it_twice_does_not_skip_the_next(guided, clock):
    guided.start()
    play(guided, clock, COUNTDOWN_S + 1)
    guided.skip(1)
    assert guided.state().asked == EMOTIONS[1]
    guided.skip(1)  # a late click does not skip the next step
    assert guided.state().asked == EMOTIONS[1]
    play(guided, clock, 6 * STEP_S + 0.5)
    assert guided.state().phase == "done"
    recall = recalls(confusion(guided.table(), "cnn"))
    assert np.isnan(recall[EMOTIONS[0]]) and recall[EMOTIONS[1]] == 1


def test_redo_starts_at_once_and_the_interrupted_step_starts_again_afterwards(guided, clock):
    guided.start()
    play(guided, clock, STEP_S + COUNTDOWN_S + 1, label="fear")
    assert guided.state().asked == EMOTIONS[1] and guided.steps()[1].frames
    guided.redo(EMOTIONS[0])
    assert guided.state().asked == EMOTIONS[0] and guided.state().phase == "countdown"
    assert not guided.steps()[0].frames and not guided.steps()[1].frames
    play(guided, clock, 7 * STEP_S + 0.5)
    assert guided.state().phase == "done"
    assert recalls(confusion(guided.table(), "cnn")).tolist() == [1.0] * 7


def test_redo_after_the_end_of_the_round_replaces_the_frames_of_one_expression(guided, clock):
    guided.start()
    play(guided, clock, 7 * STEP_S + 0.5, label="fear")
    guided.redo("happy")
    play(guided, clock, STEP_S + 0.5)
    assert guided.state().phase == "done"
    recall = recalls(confusion(guided.table(), "cnn"))
    assert recall["happy"] == 1 and recall["sad"] == 0


def test_a_step_whose_frames_stop_arriving_waits_for_the_camera_and_starts_again(guided, clock):
    guided.start()
    play(guided, clock, STEP_S + COUNTDOWN_S + 1)
    assert guided.steps()[1].frames
    clock.now_s += 60  # without a call of `state` or `feed` in between
    assert guided.state() == RoundState("countdown", EMOTIONS[1], 2, COUNTDOWN_S, waiting=True)
    assert guided.steps()[0].frames and not guided.steps()[1].frames
    guided.feed(reading_of("sad"), CROP)
    assert guided.state() == RoundState("countdown", EMOTIONS[1], 2, COUNTDOWN_S)
    play(guided, clock, 1)
    assert guided.state().remaining_s == pytest.approx(COUNTDOWN_S - 1)
    play(guided, clock, 6 * STEP_S)
    assert guided.state().phase == "done"
    assert recalls(confusion(guided.table(), "cnn")).tolist() == [1.0] * 7


def test_a_finished_step_keeps_its_frames_if_the_camera_stops_in_the_next_step(guided, clock):
    guided.start()
    play(guided, clock, STEP_S + 0.2)
    clock.now_s += 60
    assert (guided.state().step, guided.state().waiting) == (2, True)
    assert guided.steps()[0].frames


def test_a_round_that_is_started_again_does_not_wait_for_the_camera(guided, clock):
    guided.start()
    clock.now_s += 60
    assert guided.state().waiting
    guided.start()
    assert not guided.state().waiting


def test_a_frame_is_kept_only_if_it_was_taken_during_the_capture(guided, clock):
    guided.start()
    play(guided, clock, COUNTDOWN_S + 0.5)
    count = len(guided.steps()[0].frames)
    guided.feed(reading_of("happy"), CROP, age_s=0.8)  # taken during the countdown
    assert len(guided.steps()[0].frames) == count
    guided.feed(reading_of("happy"), CROP, age_s=0.3)  # taken during the capture
    assert len(guided.steps()[0].frames) == count + 1


def test_share_of_same_labels_is_nan_without_frames(guided):
    assert np.isnan(share_of_same_labels(guided.table(), "cnn", "trees"))
