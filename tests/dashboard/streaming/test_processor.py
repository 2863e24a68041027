"""FrameProcessor: the frames that it returns, its snapshots, and the delays of frames."""

import gc
import threading
import weakref
from fractions import Fraction

import av
import numpy as np
import pytest

from core.video.following import make_video_detector
from core.video.pace import Delays, rate
from core.vision.detectors import DETECTORS, Entry, make_detector
from core.vision.detectors.defaults import default_detector
from core.vision.faces import Face
from dashboard.pages.live.session import LiveSession
from dashboard.streaming.processor import FrameProcessor, Snapshot
from tests.fixtures.fakes import FakeClassifier, FakeDetector

GRAY = 90
BOX = (100, 80, 260, 240)
SMALL_BOX = (400, 300, 480, 380)


class FakeClock:
    """A clock that advances by `step_s` at each call. A test can also set `now_s`."""

    def __init__(self, step_s: float = 0.0) -> None:
        self.now_s = 100.0
        self.step_s = step_s

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


class FailingDetector:
    """Fail on bright frames and find no face in dark ones."""

    margin = 0.0

    def detect(self, image):
        if image.mean() > 200:
            raise ValueError("the cascade broke")
        return []


@pytest.fixture(autouse=True)
def detectors(monkeypatch):
    # Search every frame as a whole. Following would fail: fake detectors find their boxes in any search square, too.
    monkeypatch.setattr("core.video.stream.make_video_detector", lambda name, clock: make_detector(name))
    monkeypatch.setitem(DETECTORS, "two-faces", Entry(lambda: FakeDetector(BOX, SMALL_BOX), 0.1))
    monkeypatch.setitem(DETECTORS, "nothing", Entry(FakeDetector, 0.1))
    monkeypatch.setitem(DETECTORS, "failing", Entry(FailingDetector, 0.1))


def frame(width=640, height=480, gray=GRAY):
    return av.VideoFrame.from_ndarray(np.full((height, width, 3), gray, np.uint8), format="rgb24")


def pixels(returned):
    return returned.to_ndarray(format="rgb24")


def test_faces_get_boxes_and_readings_from_every_model():
    processor = FrameProcessor(
        "two-faces", {"cnn": FakeClassifier(answer="happy"), "trees": FakeClassifier(answer="sad")}
    )
    image = pixels(processor.recv(frame()))
    left, top, right, bottom = BOX
    assert (image[(top + bottom) // 2, left - 1 : left + 2] != GRAY).any()  # left edge of the box
    assert (image[(top + bottom) // 2, (left + right) // 2] == GRAY).all()  # the face itself stays visible

    snapshot = processor.snapshot()
    assert [reading.face.xyxy for reading in snapshot.readings] == [BOX, SMALL_BOX]
    assert (snapshot.readings[0].label("cnn"), snapshot.readings[0].label("trees")) == ("happy", "sad")
    assert snapshot.crops == (bytes([GRAY]) * 48 * 48,) * 2
    assert (snapshot.frames, snapshot.size_wh, snapshot.failing) == (1, (640, 480), False)
    assert list(snapshot.stage_ms) == ["detect", "classify", "draw"]


def test_without_a_face_the_frame_is_returned_unchanged():
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


def test_a_failed_frame_gets_a_banner_and_the_next_frame_is_read(caplog):
    processor = FrameProcessor("failing", {"cnn": FakeClassifier()})
    image = pixels(processor.recv(frame(gray=250)))
    assert (image[:20] != 250).any(axis=-1).mean() > 0.9  # the banner across the top
    assert (image[-20:] == 250).all()
    failed = processor.snapshot()
    assert (failed.failing, failed.errors, failed.frames) == (True, 1, 1)
    assert failed.error == "ValueError: the cascade broke"

    assert (pixels(processor.recv(frame(gray=10))) == 10).all()
    recovered = processor.snapshot()
    assert (recovered.failing, recovered.errors, recovered.frames) == (False, 1, 2)
    assert recovered.error == failed.error  # the last error is kept


def test_a_repeated_error_is_logged_once(caplog):
    processor = FrameProcessor("failing", {"cnn": FakeClassifier()})
    for _ in range(3):
        processor.recv(frame(gray=250))
    assert processor.snapshot().errors == 3
    assert [record.message for record in caplog.records] == ["A webcam frame could not be read."]


def test_a_frame_that_cannot_be_decoded_is_replaced_by_an_image_with_a_banner(caplog):
    class BrokenFrame:
        def to_ndarray(self, format):
            raise MemoryError

    processor = FrameProcessor("nothing", {"cnn": FakeClassifier()})
    image = pixels(processor.recv(BrokenFrame()))
    assert image.shape == (480, 640, 3)
    assert image[:20].any()
    assert processor.snapshot().errors == 1


@pytest.mark.parametrize("size_wh", [(641, 479), (640, 480), (321, 240), (33, 17), (1, 1)])
def test_odd_frame_widths_and_heights_are_padded_to_even_ones(size_wh):
    processor = FrameProcessor("haar-fast", {"cnn": FakeClassifier()})
    returned = processor.recv(frame(*size_wh))
    assert processor.snapshot().errors == 0
    assert (returned.width % 2, returned.height % 2) == (0, 0)
    assert returned.width >= size_wh[0]
    assert returned.height >= size_wh[1]


def test_the_default_detector_reads_frames_of_every_size(monkeypatch):
    monkeypatch.setattr("core.video.stream.make_video_detector", make_video_detector)
    processor = FrameProcessor(default_detector(video=True), {"cnn": FakeClassifier()})
    for size_wh in [(640, 480), (480, 640), (641, 479), (33, 17), (1, 1)]:
        processor.recv(frame(*size_wh))
    assert (processor.snapshot().errors, processor.snapshot().readings) == (0, ())


def test_a_dark_face_is_uncertain_whatever_the_model_predicts():
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")})
    processor.recv(frame(gray=12))
    assert [reading.reason("cnn") for reading in processor.snapshot().readings] == ["too dark", "too dark"]


@pytest.mark.case("c10")
def test_the_frame_size_may_change_during_a_stream():
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")})
    for size_wh in [(640, 480), (480, 640), (480, 360), (960, 720)]:
        returned = processor.recv(frame(*size_wh))
        assert (returned.width, returned.height) == size_wh
        assert processor.snapshot().size_wh == size_wh
    assert processor.snapshot().errors == 0


def test_detector_and_models_may_change_during_a_stream():
    processor = FrameProcessor("nothing", {"cnn": FakeClassifier(answer="happy")})
    processor.recv(frame())
    processor.use("two-faces", {"trees": FakeClassifier(answer="sad")})
    processor.recv(frame())
    assert processor.snapshot().frames == 2
    assert dict(processor.snapshot().readings[0].probabilities) == {"trees": (0, 0, 0, 0, 0, 1, 0)}


def test_a_detector_is_made_once_per_stream_if_its_name_does_not_change(monkeypatch):
    made = []
    entry = Entry(lambda: made.append("detector") or FakeDetector(), 0.1)
    monkeypatch.setitem(DETECTORS, "counted", entry)
    processor = FrameProcessor("counted", {})
    processor.use("counted", {"cnn": FakeClassifier()})
    assert made == ["detector"]
    FrameProcessor("counted", {})  # another stream
    assert made == ["detector"] * 2


def test_an_earlier_snapshot_does_not_change():
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")})
    assert processor.snapshot() == Snapshot()
    processor.recv(frame())
    first = processor.snapshot()
    processor.recv(frame(480, 360))
    assert (first.frames, first.size_wh) == (1, (640, 480))
    assert processor.snapshot().frames == 2


def test_frame_rate_and_silence_follow_the_clock():
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
    assert processor.snapshot().frames_per_s == 0  # only one frame in the last two seconds


def test_snapshot_has_the_milliseconds_per_stage():
    processor = FrameProcessor("nothing", {"cnn": FakeClassifier()}, FakeClock(step_s=0.004))
    processor.recv(frame())
    # During detect the clock is read twice: for the frame's time and for the end of the stage.
    assert processor.snapshot().stage_ms == {
        "detect": pytest.approx(8),
        "classify": pytest.approx(4),
        "draw": pytest.approx(4),
    }


def test_two_streams_do_not_affect_each_other():
    streams = [FrameProcessor("two-faces", {"cnn": FakeClassifier(answer=label)}) for label in ("happy", "sad")]
    threads = [threading.Thread(target=lambda s=s: [s.recv(frame()) for _ in range(20)]) for s in streams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert [stream.snapshot().readings[0].label("cnn") for stream in streams] == ["happy", "sad"]
    assert [stream.snapshot().frames for stream in streams] == [20, 20]


def test_rate_is_events_per_second_or_0_if_all_times_are_equal():
    assert rate([]) == rate([5.0]) == rate([5.0, 5.0]) == 0
    assert rate([0.0, 0.5, 1.0]) == 2


def test_on_readings_is_called_with_the_readings_and_crops_and_time_and_age_of_every_frame():
    calls = []
    processor = FrameProcessor(
        "two-faces", {"cnn": FakeClassifier(answer="happy")}, FakeClock(), on_readings=lambda *args: calls.append(args)
    )
    processor.recv(frame())
    ((readings, crops, time_s, age_s),) = calls
    assert [reading.label("cnn") for reading in readings] == ["happy", "happy"]
    assert [crop.shape for crop in crops] == [(48, 48)] * 2
    assert (time_s, age_s) == (100.0, 0.0)


def test_a_session_logs_the_readings_of_its_stream():
    session = LiveSession()
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")}, on_readings=session.add_readings)
    for _ in range(2):
        processor.recv(frame())
    assert processor.snapshot().error is None
    assert session.log.table()["predicted_label"].tolist() == ["happy"] * 4


def test_face_numbers_continue_in_the_next_stream_of_a_session():
    session = LiveSession()
    for _ in range(2):
        processor = FrameProcessor(
            "two-faces", {"cnn": FakeClassifier()}, on_readings=session.add_readings, numbers=session.face_numbers
        )
        processor.recv(frame())
    assert session.log.table()["face"].tolist() == [1, 2, 3, 4]


def test_an_ended_stream_drops_its_images_and_session_and_releases_memory(monkeypatch):
    monkeypatch.setattr("dashboard.streaming.processor.CLOSING_S", 0.0)
    released = threading.Event()
    monkeypatch.setattr("dashboard.streaming.processor.release_memory", released.set)
    session = LiveSession()
    session_ref = weakref.ref(session)
    processor = FrameProcessor(
        "two-faces",
        {"cnn": FakeClassifier()},
        on_readings=session.add_readings,
        on_end=session.end_stream,
        overlay=session.draw_round,
    )
    processor.recv(frame())
    assert processor.newest_frame() and processor.snapshot().crops and not processor.ended
    processor.on_ended()
    processor.recv(frame())  # a frame that was still queued
    assert processor.ended and processor.newest_frame() is None
    assert released.wait(5)
    del session
    gc.collect()
    assert session_ref() is None


def test_frames_are_mirrored_before_they_are_read():
    half = np.zeros((480, 640, 3), np.uint8)
    half[:, 320:] = 200  # the right half is bright
    processor = FrameProcessor("nothing", {"cnn": FakeClassifier()}, mirror=True)
    image = pixels(processor.recv(av.VideoFrame.from_ndarray(half, format="rgb24")))
    assert image[:, :300].mean() > 190 > 10 > image[:, 340:].mean()
    processor.use("nothing", {"cnn": FakeClassifier()}, mirror=False)
    image = pixels(processor.recv(av.VideoFrame.from_ndarray(half, format="rgb24")))
    assert image[:, 340:].mean() > 190


def test_snapshot_has_the_brightness_while_newest_frame_has_the_image_and_its_readings():
    processor = FrameProcessor("two-faces", {"cnn": FakeClassifier(answer="happy")})
    assert processor.newest_frame() is None
    processor.recv(frame(gray=37))
    assert processor.snapshot().brightness == pytest.approx(37, abs=1)
    image, readings = processor.newest_frame()
    assert image.shape == (480, 640, 3)
    assert len(readings) == 2


def test_frames_of_a_refused_stream_get_a_banner_and_are_not_read():
    classifier = FakeClassifier()
    processor = FrameProcessor("two-faces", {"cnn": classifier})
    processor.refused = True
    image = pixels(processor.recv(frame()))
    assert image[:20].mean() != pytest.approx(GRAY, abs=2)
    assert classifier.calls == []
    assert processor.snapshot().frames == 0


def test_delay_is_measured_in_comparison_with_the_fastest_frame():
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
    assert delays == pytest.approx([0, 0, 120], abs=0.2)  # the allowed clock drift makes them slightly smaller
    processor.recv(frame())  # a frame without a timestamp
    assert processor.snapshot().delay_ms is None


def test_a_constant_delay_is_still_measured_after_minutes():
    delays = Delays()
    delays.add_arrival(sent_s=7.0, now_s=100.0)
    for second in range(1, 301):
        delays.add_arrival(sent_s=7.0 + second, now_s=101.5 + second)
    assert delays.delay_s(307.0, 401.5) == pytest.approx(1.5, abs=0.05)


def test_clock_drift_is_not_measured_as_delay():
    delays = Delays()
    for second in range(1000):  # the camera's clock is slow by 50 microseconds per second
        sent_s, now_s = 7 + second * (1 - 5e-5), 100.0 + second
        delays.add_arrival(sent_s, now_s)
        assert delays.delay_s(sent_s, now_s) < 1e-3


class BrightDetector:
    """Find one face: the box around all bright pixels."""

    margin = 0.0

    def detect(self, image):
        rows, columns = np.nonzero(image[:, :, 0] > 200)
        return [Face((int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1))]


def test_a_face_keeps_its_number_when_mirroring_is_switched_on_or_off(monkeypatch):
    monkeypatch.setitem(DETECTORS, "bright", Entry(BrightDetector, 0.1))
    image = np.full((480, 640, 3), GRAY, np.uint8)
    image[100:200, 20:120] = 255
    processor = FrameProcessor("bright", {"cnn": FakeClassifier()}, mirror=True)
    numbers_and_lefts = []
    for mirror in (True, False, False, True):
        processor.use("bright", {"cnn": FakeClassifier()}, mirror=mirror)
        processor.recv(av.VideoFrame.from_ndarray(image, format="rgb24"))
        [reading] = processor.snapshot().readings
        numbers_and_lefts.append((reading.number, reading.face.xyxy[0]))
    assert numbers_and_lefts == [(1, 520), (1, 20), (1, 20), (1, 520)]
