"""FrameProcessor: what it tells the page at the end of a stream, and what is drawn over its frames."""

import av
import numpy as np
import pytest

from core.vision.detectors import DETECTORS, Entry, make_detector
from dashboard.pages.live.session import LiveSession
from dashboard.streaming.processor import FrameProcessor
from tests.fixtures.fakes import FakeClassifier, FakeDetector

GRAY = 90


class FakeClock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class WatchingDetector(FakeDetector):
    """Keep the images that it is given, and find no face."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = []

    def detect(self, image):
        self.seen.append(image.copy())
        return super().detect(image)


@pytest.fixture
def detector(monkeypatch):
    made = WatchingDetector()
    monkeypatch.setattr("core.video.stream.make_video_detector", lambda name, clock: make_detector(name))
    monkeypatch.setitem(DETECTORS, "watching", Entry(lambda: made, 0.1))
    return made


def frame():
    return av.VideoFrame.from_ndarray(np.full((480, 640, 3), GRAY, np.uint8), format="rgb24")


@pytest.mark.parametrize(("frames", "silence_s"), [(0, None), (1, 0.25), (2, 0.25)])
def test_the_end_of_a_stream_is_told_once_with_the_seconds_since_the_newest_frame(detector, frames, silence_s):
    clock, ends = FakeClock(), []
    processor = FrameProcessor("watching", {"cnn": FakeClassifier()}, clock, on_end=ends.append)
    for _ in range(frames):
        processor.recv(frame())
        clock.now_s += 0.25
    processor.on_ended()
    processor.on_ended()
    assert ends == [silence_s]


def test_the_overlay_is_sent_but_neither_kept_as_newest_frame_nor_read(detector):
    def overlay(image):
        drawn = image.copy()
        drawn[:100, :320] = 255
        return drawn

    processor = FrameProcessor("watching", {"cnn": FakeClassifier()}, overlay=overlay, mirror=True)
    for _ in range(2):
        returned = processor.recv(frame()).to_ndarray(format="rgb24")
        assert returned[:90, :300].mean() > 250, "the overlay itself is not mirrored"
        assert returned[:90, 340:].mean() == pytest.approx(GRAY, abs=2)
    assert [image.mean() for image in detector.seen] == pytest.approx([GRAY, GRAY], abs=2)
    assert processor.newest_frame()[0].mean() == pytest.approx(GRAY, abs=2)


def test_a_session_draws_what_its_round_asks_for_only_while_the_round_runs():
    session = LiveSession()
    image = np.full((480, 640, 3), GRAY, np.uint8)
    assert session.draw_round(image) is image
    session.guided.start()
    drawn = session.draw_round(image)
    assert (image == GRAY).all() and (drawn[-100:] != GRAY).any() and (drawn[:200] == GRAY).all()
    for number in range(1, 8):
        session.guided.skip(number)
    assert session.draw_round(image) is image
