"""Messages about the state of a stream."""

from dataclasses import replace

import pytest

from core.recognition.quality import BLURRED, MIN_BRIGHTNESS, MIN_SHARPNESS, MIN_SIDE, TOO_DARK, TOO_SMALL, Quality
from core.recognition.reading import Reading
from core.vision.faces import Face
from dashboard.pages.live import state as live_state
from dashboard.streaming.camera import Connection
from dashboard.streaming.processor import Snapshot
from tests.fixtures.fakes import one_hot

OFF, CONNECTING, ON = Connection(False, False), Connection(False, True), Connection(True, False)

HAPPY_AND_SAD = Reading(Face((0, 0, 80, 80)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("sad"))})
BOTH_HAPPY = Reading(Face((0, 0, 90, 90)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("happy"))})
GOOD = Quality(side=90, brightness=120.0, sharpness=0.5)
ONE_FACE = Snapshot(readings=(BOTH_HAPPY,), crops=(bytes(48 * 48),), size_wh=(640, 480), frames=1234, frames_per_s=24.4)


@pytest.mark.parametrize(
    ("connection", "snapshot", "silence_s", "kind", "message"),
    [
        (OFF, Snapshot(), None, "info", "The camera is off. Press START"),
        (CONNECTING, Snapshot(), None, "info", "Connecting to the camera"),
        (ON, Snapshot(), None, "info", "waiting for the first frame"),
        (ON, Snapshot(frames=1), 0.1, "warning", "No face found."),
        (ON, Snapshot(frames=1, brightness=39.0), 0.1, "warning", "too dark to find a face"),
        (ON, Snapshot(frames=1, brightness=41.0), 0.1, "warning", "No face found."),
        (ON, ONE_FACE, 0.1, "reading", "Predicted expression: happy (all models)"),
        (ON, ONE_FACE, 2.1, "warning", "No new frame for 2 s."),
        (ON, Snapshot(failing=True, errors=1, error="ValueError: broken"), 0.1, "error", "the server's log has the"),
    ],
)
def test_each_state_has_its_message(connection, snapshot, silence_s, kind, message):
    state = live_state.describe(connection, snapshot, silence_s)
    assert state.kind == kind
    assert message in state.message


def test_a_stream_that_ends_while_frames_arrive_was_stopped_by_the_visitor():
    assert live_state.kind_of_end(0.1) == live_state.kind_of_end(live_state.SILENCE_S) == "stopped"
    assert live_state.kind_of_end(live_state.SILENCE_S + 0.1) == "lost"
    assert live_state.kind_of_end(None) == "no video"


def test_the_message_after_a_stop_has_no_troubleshooting_but_that_after_a_lost_stream_has():
    messages = {end: live_state.describe(OFF, Snapshot(), None, end=end) for end in live_state.END_MESSAGES}
    assert {state.kind for state in messages.values()} == {"info"}
    assert all("The camera is off" in state.message and "Press START" in state.message for state in messages.values())
    assert messages["stopped"].message == "Stopped. The camera is off. Press START to continue."
    assert "network may be weak" in messages["lost"].message
    assert "no video arrived" in messages["no video"].message
    assert "The camera is off" not in live_state.describe(ON, ONE_FACE, 0.1, end="lost").message


def test_a_long_connection_is_a_warning_only_if_it_has_no_frames():
    state = live_state.describe(ON, Snapshot(), None, unchanged_s=6.2)
    assert state.kind == "warning"
    assert "Connected for 6 s, but no frame has arrived" in state.message
    assert live_state.describe(ON, ONE_FACE, 0.1, unchanged_s=600.0).kind == "reading"


def test_different_labels_are_shown_with_the_names_of_their_models():
    text = live_state.prediction_text(HAPPY_AND_SAD)
    assert text == "Predicted expressions: happy (cnn), sad (trees)"


def test_stream_statistics_are_one_line_that_ends_with_the_number_of_failures():
    assert live_state.stream_statistics(ONE_FACE) == "24 frames/s · 640×480 · 1,234 frames"
    failed = Snapshot(size_wh=(640, 480), frames=10, errors=2, error="ValueError: broken", stage_ms={"detect": 8.4})
    assert live_state.stream_statistics(failed) == ("0 frames/s · 640×480 · detect 8 ms · 10 frames · 2 of them failed")


def test_the_word_uncertain_replaces_an_uncertain_label():
    unsure = Reading(Face((0, 0, 80, 80)), HAPPY_AND_SAD.probabilities | {"trees": (1 / 7,) * 7}, {"trees": 0.4})
    assert "happy (cnn), uncertain (trees)" in live_state.prediction_text(unsure)


def test_hints_mention_several_faces_and_a_small_face_and_a_busy_server():
    assert live_state.hints(ONE_FACE) == []
    small = Reading(Face((0, 0, 40, 30)), BOTH_HAPPY.probabilities, quality=replace(GOOD, side=40))
    hints = live_state.hints(Snapshot(readings=(small, small), frames_per_s=4.2, delay_ms=900.0))
    assert [hint.split(":")[0] for hint in hints] == [
        "2 faces were found. The prediction above is for the largest.",
        "The face measures only 40 pixels, too few for a reliable prediction. Move closer to the camera.",
        "The server is busy",
    ]


@pytest.mark.parametrize(
    ("quality", "flaw", "hint"),
    [
        (replace(GOOD, side=MIN_SIDE - 1), TOO_SMALL, f"only {MIN_SIDE - 1} pixels, too few for a reliable"),
        (replace(GOOD, brightness=MIN_BRIGHTNESS - 1), TOO_DARK, "too dark for a reliable prediction. Turn on a light"),
        (replace(GOOD, sharpness=MIN_SHARPNESS / 2), BLURRED, "too blurred for a reliable prediction. Hold still"),
    ],
)
def test_a_face_with_a_flaw_is_uncertain_and_a_hint_says_what_to_do(quality, flaw, hint):
    assert quality.flaw == flaw
    snapshot = replace(ONE_FACE, readings=(replace(BOTH_HAPPY, quality=quality),))
    (text,) = live_state.hints(snapshot)
    assert hint in text
    state = live_state.describe(ON, snapshot, 0.1)
    assert state == live_state.State("reading", "Predicted expression: uncertain (all models)")


def test_every_flaw_has_an_advice_and_a_good_face_has_no_hint():
    assert set(live_state.ADVICE) == {TOO_SMALL, TOO_DARK, BLURRED}
    limits = Quality(MIN_SIDE, MIN_BRIGHTNESS, MIN_SHARPNESS)
    for quality in (GOOD, limits, None):
        snapshot = replace(ONE_FACE, readings=(replace(BOTH_HAPPY, quality=quality),))
        assert live_state.hints(snapshot) == []
        assert "happy" in live_state.describe(ON, snapshot, 0.1).message


def test_only_the_largest_face_has_a_hint():
    small = replace(HAPPY_AND_SAD, quality=replace(GOOD, side=20))
    snapshot = replace(ONE_FACE, readings=(replace(BOTH_HAPPY, quality=GOOD), small))
    assert live_state.hints(snapshot) == ["2 faces were found. The prediction above is for the largest."]


def test_at_a_low_frame_rate_the_server_is_busy_unless_the_delay_is_short():
    assert live_state.hints(replace(ONE_FACE, frames_per_s=7.5, delay_ms=150.0)) == []
    assert live_state.hints(replace(ONE_FACE, frames_per_s=7.5, delay_ms=0.0)) == []
    assert len(live_state.hints(replace(ONE_FACE, frames_per_s=7.5, delay_ms=None))) == 1  # the delay is unknown
