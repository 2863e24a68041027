"""The webcam's frame processor: what comes back as a picture, and what it tells of itself."""

import gc
import threading
import weakref
from fractions import Fraction

import av
import numpy as np
import pytest

from core.video.pace import Delays, rate
from core.vision.detectors import DETECTORS, make_detector
from core.vision.faces import Face
from dashboard.pages.live.session import LiveSession
from dashboard.streaming.processor import FrameProcessor, Snapshot
from tests.fixtures.fakes import FakeClassifier, FakeDetector

GRAY = 90
BOX = (100, 80, 260, 240)
SMALL_BOX = (400, 300, 480, 380)


class FakeClock:
    """Seconds that pass only when the test says so, and `step_s` at each look."""

    def __init__(self, step_s: float = 0.0) -> None:
        self.now_s = 100.0
        self.step_s = step_s

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


class FailingDetector:
    """Fails on bright frames, finds nothing in dark ones."""

    def detect(self, image):
        if image.mean() > 200:
            raise ValueError("the cascade broke")
        return []


@pytest.fixture(autouse=True)
def detectors(monkeypatch):
    # The stand-ins find their boxes in every image, also in a part of one: following has tests of its own.
    monkeypatch.setattr("core.video.stream.make_video_detector", lambda name, clock: make_detector(name))
    monkeypatch.setitem(DETECTORS, "two-faces", lambda: FakeDetector(BOX, SMALL_BOX))
    monkeypatch.setitem(DETECTORS, "nothing", FakeDetector)
    monkeypatch.setitem(DETECTORS, "failing", FailingDetector)


def frame(width=640, height=480, gray=GRAY):
    return av.VideoFrame.from_ndarray(np.full((height, width, 3), gray, np.uint8), format="rgb24")


def pixels(returned):
    return returned.to_ndarray(format="rgb24")


def test_a_found_face_is_boxed_and_read_by_every_model():
    processor = FrameProcessor(
        "two-faces", {"cnn": FakeClassifier(answer="happy"), "trees": FakeClassifier(answer="sad")}
    )
    image = pixels(processor.recv(frame()))
    left, top, right, bottom = BOX
    assert (image[(top + bottom) // 2, left - 1 : left + 2] != GRAY).any()  # the box's left edge
    assert (image[(top + bottom) // 2, (left + right) // 2] == GRAY).all()  # the face itself stays visible

    snapshot = processor.snapshot()
    assert [reading.face.xyxy for reading in snapshot.readings] == [BOX, SMALL_BOX]
    assert (snapshot.readings[0].label("cnn"), snapshot.readings[0].label("trees")) == ("happy", "sad")
    assert snapshot.crops == (bytes([GRAY]) * 48 * 48,) * 2
    assert (snapshot.frames, snapshot.size_wh, snapshot.failing) == (1, (640, 480), False)
    assert list(snapshot.stage_ms) == ["detect", "classify", "draw"]


def test_without_a_face_the_picture_comes_back_as_it_was():
    processor = FrameProcessor("nothing", {"cnn": FakeClassifier()})
    assert (pixels(processor.recv(frame())) == GRAY).all()
    assert (processor.snapshot().readings, processor.snapshot().crops) == ((), ())


def test_readings_are_smoothed_over_time():
    clock = FakeClock()
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")}, clock)
    processor.recv(frame())
    processor.use("two-faces", {"cnn": FakeClassifier(answer="sad")})
    clock.now_s += 0.25  # one half-life
    processor.recv(frame())
    assert processor.snapshot().readings[0].probabilities["cnn"] == pytest.approx((0, 0, 0, 0.5, 0, 0.5, 0))


def test_an_error_draws_a_band_is_kept_and_the_next_frame_works(caplog):
    processor = FrameProcessor("failing", {"cnn": FakeClassifier()})
    image = pixels(processor.recv(frame(gray=250)))
    assert (image[:20] != 250).any(axis=-1).mean() > 0.9  # the band across the top
    assert (image[-20:] == 250).all()
    failed = processor.snapshot()
    assert (failed.failing, failed.errors, failed.frames) == (True, 1, 1)
    assert failed.error == "ValueError: the cascade broke"

    assert (pixels(processor.recv(frame(gray=10))) == 10).all()
    recovered = processor.snapshot()
    assert (recovered.failing, recovered.errors, recovered.frames) == (False, 1, 2)
    assert recovered.error == failed.error  # what happened stays on record


def test_the_same_error_at_every_frame_is_logged_once(caplog):
    processor = FrameProcessor("failing", {"cnn": FakeClassifier()})
    for _ in range(3):
        processor.recv(frame(gray=250))
    assert processor.snapshot().errors == 3
    assert [record.message for record in caplog.records] == ["A webcam frame could not be read."]


def test_a_frame_without_a_picture_still_gets_an_answer(caplog):
    class BrokenFrame:
        def to_ndarray(self, format):
            raise MemoryError

    processor = FrameProcessor("nothing", {"cnn": FakeClassifier()})
    image = pixels(processor.recv(BrokenFrame()))
    assert image.shape == (480, 640, 3)
    assert image[:20].any()
    assert processor.snapshot().errors == 1


@pytest.mark.parametrize("size_wh", [(641, 479), (640, 480), (321, 240), (33, 17), (1, 1)])
def test_odd_sizes_come_back_even_and_at_least_as_large(size_wh):
    processor = FrameProcessor("haar-fast", {"cnn": FakeClassifier()})
    returned = processor.recv(frame(*size_wh))
    assert processor.snapshot().errors == 0
    assert (returned.width % 2, returned.height % 2) == (0, 0)
    assert returned.width >= size_wh[0]
    assert returned.height >= size_wh[1]


def test_the_resolution_may_change_in_mid_stream():
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")})
    for size_wh in [(640, 480), (480, 360), (960, 720)]:
        returned = processor.recv(frame(*size_wh))
        assert (returned.width, returned.height) == size_wh
        assert processor.snapshot().size_wh == size_wh
    assert processor.snapshot().errors == 0


def test_detector_and_models_change_without_a_new_stream():
    processor = FrameProcessor("nothing", {"cnn": FakeClassifier(answer="happy")})
    processor.recv(frame())
    processor.use("two-faces", {"trees": FakeClassifier(answer="sad")})
    processor.recv(frame())
    assert processor.snapshot().frames == 2
    assert dict(processor.snapshot().readings[0].probabilities) == {"trees": (0, 0, 0, 0, 0, 1, 0)}


def test_the_detector_is_kept_while_its_name_stays(monkeypatch):
    made = []
    monkeypatch.setitem(DETECTORS, "counted", lambda: made.append("detector") or FakeDetector())
    processor = FrameProcessor("counted", {})
    processor.use("counted", {"cnn": FakeClassifier()})
    assert made == ["detector"]
    FrameProcessor("counted", {})
    assert made == ["detector"] * 2  # never shared between streams


def test_a_snapshot_does_not_change_once_it_is_handed_out():
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")})
    assert processor.snapshot() == Snapshot()
    processor.recv(frame())
    first = processor.snapshot()
    processor.recv(frame(480, 360))
    assert (first.frames, first.size_wh) == (1, (640, 480))
    assert processor.snapshot().frames == 2


def test_rate_silence_and_stage_times_follow_the_clock():
    clock = FakeClock()
    processor = FrameProcessor("nothing", {"cnn": FakeClassifier()}, clock)
    assert processor.silence_s() is None
    for _ in range(5):
        clock.now_s += 0.1
        processor.recv(frame())
    assert processor.snapshot().frames_per_s == pytest.approx(10)
    clock.now_s += 3
    assert processor.silence_s() == pytest.approx(3)
    processor.recv(frame())
    assert processor.snapshot().frames_per_s == 0  # the only frame of the last two seconds


def test_each_stage_gets_the_time_spent_in_it():
    processor = FrameProcessor("nothing", {"cnn": FakeClassifier()}, FakeClock(step_s=0.004))
    processor.recv(frame())
    # The clock is read once for classification and drawing, twice for detection (the tracker's time).
    assert processor.snapshot().stage_ms == {
        "detect": pytest.approx(8),
        "classify": pytest.approx(4),
        "draw": pytest.approx(4),
    }


def test_two_streams_do_not_disturb_each_other():
    streams = [FrameProcessor("two-faces", {"cnn": FakeClassifier(answer=label)}) for label in ("happy", "sad")]
    threads = [threading.Thread(target=lambda s=s: [s.recv(frame()) for _ in range(20)]) for s in streams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert [stream.snapshot().readings[0].label("cnn") for stream in streams] == ["happy", "sad"]
    assert [stream.snapshot().frames for stream in streams] == [20, 20]


def test_rate_of_known_times():
    assert rate([]) == rate([5.0]) == rate([5.0, 5.0]) == 0
    assert rate([0.0, 0.5, 1.0]) == 2


def test_every_frame_is_told_with_what_the_models_saw():
    told = []
    processor = FrameProcessor(
        "two-faces", {"cnn": FakeClassifier(answer="happy")}, FakeClock(), on_readings=lambda *args: told.append(args)
    )
    processor.recv(frame())
    ((readings, crops, time_s, age_s),) = told
    assert [reading.label("cnn") for reading in readings] == ["happy", "happy"]
    assert [crop.shape for crop in crops] == [(48, 48)] * 2
    assert (time_s, age_s) == (100.0, 0.0)


def test_a_session_keeps_what_its_stream_tells():
    session = LiveSession()
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")}, on_readings=session.keep)
    for _ in range(2):
        processor.recv(frame())
    assert processor.snapshot().error is None
    assert session.log.table()["predicted_label"].tolist() == ["happy"] * 4


def test_streams_of_one_session_number_their_faces_on():
    session = LiveSession()
    for _ in range(2):
        processor = FrameProcessor(
            "two-faces", {"cnn": FakeClassifier()}, on_readings=session.keep, numbers=session.numbers
        )
        processor.recv(frame())
    assert session.log.table()["face"].tolist() == [1, 2, 3, 4]


def test_an_ended_stream_forgets_what_it_saw(monkeypatch):
    monkeypatch.setattr("dashboard.streaming.processor.CLOSED_S", 0.0)
    given_back = threading.Event()
    monkeypatch.setattr("dashboard.streaming.processor.give_back", given_back.set)
    session = LiveSession()
    listener = weakref.ref(session)
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier()}, on_readings=session.keep)
    processor.recv(frame())
    assert processor.picture() and processor.snapshot().crops and not processor.ended
    processor.on_ended()
    processor.recv(frame())  # one that was on its way
    assert processor.ended and processor.picture() is None
    assert given_back.wait(5)
    del session
    gc.collect()
    assert listener() is None


def test_the_mirror_turns_the_frame_before_anything_is_read():
    half = np.zeros((480, 640, 3), np.uint8)
    half[:, 320:] = 200  # the right half is bright
    bright_left = FrameProcessor("nothing", {"cnn": FakeClassifier()}, mirror=True)
    image = pixels(bright_left.recv(av.VideoFrame.from_ndarray(half, format="rgb24")))
    assert image[:, :300].mean() > 190 > 10 > image[:, 340:].mean()
    bright_left.use("nothing", {"cnn": FakeClassifier()}, mirror=False)
    image = pixels(bright_left.recv(av.VideoFrame.from_ndarray(half, format="rgb24")))
    assert image[:, 340:].mean() > 190


def test_brightness_and_the_newest_picture():
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")})
    assert processor.picture() is None
    processor.recv(frame(gray=37))
    assert processor.snapshot().brightness == pytest.approx(37, abs=1)
    picture, readings = processor.picture()
    assert picture.shape == (480, 640, 3)
    assert len(readings) == 2


def test_a_refused_stream_comes_back_unread_under_a_band():
    classifier = FakeClassifier()
    processor = FrameProcessor("two-faces", {"cnn": classifier})
    processor.refused = True
    image = pixels(processor.recv(frame()))
    assert image[:20].mean() != pytest.approx(GRAY, abs=2)
    assert classifier.calls == []
    assert processor.snapshot().frames == 0


def test_delay_is_what_a_frame_took_beyond_the_fastest_ones_way():
    clock = FakeClock()
    processor = FrameProcessor("nothing", {"cnn": FakeClassifier()}, clock)
    assert processor.snapshot().delay_ms is None
    delays = []
    for number, late_s in enumerate((0.05, 0.0, 0.12)):
        clock.now_s = 100 + number + late_s
        sent = frame()
        sent.pts, sent.time_base = 7 + number, Fraction(1)
        processor.recv(sent)
        delays.append(processor.snapshot().delay_ms)
    assert delays == pytest.approx([0, 0, 120], abs=0.2)  # less what the clocks may drift
    processor.recv(frame())  # one that carries no time
    assert processor.snapshot().delay_ms is None


def test_a_queue_that_stands_is_still_late_after_minutes():
    delays = Delays()
    delays.arrived(sent_s=7.0, now_s=100.0)
    for second in range(1, 301):
        delays.arrived(sent_s=7.0 + second, now_s=101.5 + second)
    assert delays.delay_s(307.0, 401.5) == pytest.approx(1.5, abs=0.05)


def test_clocks_that_drift_apart_make_no_delay():
    delays = Delays()
    for second in range(1000):  # the camera's clock is slow by 50 microseconds a second
        sent_s, now_s = 7 + second * (1 - 5e-5), 100.0 + second
        delays.arrived(sent_s, now_s)
        assert delays.delay_s(sent_s, now_s) < 1e-3


class BrightDetector:
    """Finds what is bright, as one face."""

    def detect(self, image):
        rows, columns = np.nonzero(image[:, :, 0] > 200)
        return [Face((int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1))]


def test_a_face_keeps_its_number_when_the_mirror_is_switched(monkeypatch):
    monkeypatch.setitem(DETECTORS, "bright", BrightDetector)
    picture = np.full((480, 640, 3), GRAY, np.uint8)
    picture[100:200, 20:120] = 255
    processor = FrameProcessor("bright", {"cnn": FakeClassifier()}, mirror=True)
    seen = []
    for mirror in (True, False, False, True):
        processor.use("bright", {"cnn": FakeClassifier()}, mirror=mirror)
        processor.recv(av.VideoFrame.from_ndarray(picture, format="rgb24"))
        [reading] = processor.snapshot().readings
        seen.append((reading.number, reading.face.xyxy[0]))
    assert seen == [(1, 520), (1, 20), (1, 20), (1, 520)]
