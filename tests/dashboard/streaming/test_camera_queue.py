"""The limit on cameras, the order of the queue, the requested frame rate, and the refresh interval of pages."""

import pytest

from core.exceptions import InputError
from dashboard.streaming.camera_queue import (
    ASK_TIMEOUT_S,
    DEFAULT_LIMIT,
    GRACE_S,
    LIMIT_VARIABLE,
    SILENT_S,
    CameraQueue,
    limit_from_environment,
)


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Stream:
    """A camera's stream whose newest frame is `silence_s` seconds old; None if there was no frame."""

    def __init__(self, silence_s: float | None = 0.1) -> None:
        self.newest_frame_age_s = silence_s
        self.ended = False

    def silence_s(self) -> float | None:
        return self.newest_frame_age_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_places_are_given_in_order_of_arrival(clock):
    queue = CameraQueue(2, clock)
    stream = Stream()
    assert queue.start("a", stream)
    assert [queue.ask(name) for name in "bcd"] == [0, 1, 2]
    stream.newest_frame_age_s = SILENT_S + 1
    assert queue.ask("d") == 1  # c arrived first
    assert queue.ask("c") == 0
    assert queue.ask("d") == 1


def test_a_running_camera_keeps_its_place_and_a_silent_one_loses_it(clock):
    queue, stream = CameraQueue(1, clock), Stream()
    assert queue.ask("a") == 0
    assert queue.start("a", stream)
    clock.now_s += 10 * SILENT_S
    assert queue.ask("b") == 1
    assert queue.streams() == 1
    stream.newest_frame_age_s = SILENT_S + 1
    assert queue.ask("b") == 0
    assert queue.streams() == 0


def test_an_ended_stream_frees_its_place_at_once(clock):
    queue, stream = CameraQueue(1, clock), Stream()
    queue.start("a", stream)
    assert queue.ask("b") == 1
    stream.ended = True
    assert queue.ask("b") == 0


def test_has_place_does_not_take_a_place(clock):
    queue = CameraQueue(1, clock)
    assert not queue.has_place("a")
    queue.ask("a")
    assert queue.has_place("a")
    clock.now_s += GRACE_S + 1
    assert not queue.has_place("a")
    assert queue.ask("b") == 0


def test_a_place_is_freed_if_the_camera_is_not_started_within_the_grace_period(clock):
    queue = CameraQueue(1, clock)
    queue.ask("a")
    clock.now_s += GRACE_S + 1
    assert queue.ask("b") == 0
    assert queue.ask("a") == 1


def test_a_session_that_stops_asking_leaves_the_queue(clock):
    queue = CameraQueue(1, clock)
    queue.ask("a")
    queue.start("a", Stream())
    queue.ask("b")
    clock.now_s += ASK_TIMEOUT_S + 1
    assert queue.ask("c") == 1


def test_a_start_after_the_grace_period_is_refused_if_all_places_are_taken(clock):
    queue = CameraQueue(1, clock)
    queue.ask("a")
    clock.now_s += GRACE_S + 1
    queue.ask("b")
    assert queue.start("b", Stream())
    assert not queue.start("a", Stream())
    assert queue.start("b", Stream())  # STOP and START again


def test_the_silence_of_a_stream_without_frames_counts_from_its_start(clock):
    queue = CameraQueue(1, clock)
    queue.start("a", Stream(None))
    clock.now_s += SILENT_S - 1
    assert queue.ask("b") == 1
    clock.now_s += 2
    assert queue.ask("b") == 0


def test_the_limit_has_a_default_and_must_be_a_positive_whole_number(monkeypatch):
    monkeypatch.delenv(LIMIT_VARIABLE, raising=False)
    assert limit_from_environment() == DEFAULT_LIMIT
    monkeypatch.setenv(LIMIT_VARIABLE, "3")
    assert limit_from_environment() == 3
    for wrong in ("0", "-1", "many"):
        monkeypatch.setenv(LIMIT_VARIABLE, wrong)
        with pytest.raises(InputError, match="write for example 8"):
            limit_from_environment()


@pytest.mark.parametrize(("taken", "expected"), [(1, 30), (2, 24), (3, 16), (4, 12), (8, 6), (12, 5), (40, 5)])
def test_the_requested_frame_rate_falls_with_the_number_of_taken_places(clock, taken, expected):
    queue = CameraQueue(taken, clock, cores=2)
    for number in range(taken):
        queue.ask(f"session {number}")
    assert queue.frames_per_s() == expected


def test_if_no_place_is_taken_the_requested_frame_rate_is_24_per_core_up_to_30(clock):
    assert CameraQueue(8, clock, cores=1).frames_per_s() == 24
    assert CameraQueue(8, clock, cores=2).frames_per_s() == 30


@pytest.mark.parametrize(("running", "expected"), [(0, 1), (1, 1), (2, 1.5), (4, 3), (8, 6)])
def test_pages_refresh_more_slowly_above_two_streams_per_three_cores(clock, running, expected):
    queue = CameraQueue(8, clock, cores=2)
    for number in range(running):
        queue.start(f"session {number}", Stream())
    assert queue.refresh_slowdown() == pytest.approx(expected)
