"""A reader that takes over the state of another goes on exactly as the other would have."""

import json
from dataclasses import asdict
from itertools import count

import pytest

from core.models.typed_json import from_json
from core.video.example import FRAMES_PER_S, portrait_video
from core.video.stream import FrameReader, ReaderState
from core.video.tracking import Tracker
from core.vision.detectors import detector_names
from tests.fixtures.fakes import FakeClassifier, from_pixels

FRAMES = list(portrait_video(30))


def reader_from(detector, first_number, times):
    tracker = Tracker(numbers=count(first_number))
    return FrameReader(
        detector, {"cnn": FakeClassifier(answer=from_pixels)}, clock=lambda: times[0], tracker=tracker, draw=False
    )


def read(reader, times, numbers):
    results = []
    for number in numbers:
        times[0] = number / FRAMES_PER_S
        results.append(reader.read(FRAMES[number]).readings)
    return results


@pytest.mark.parametrize("detector", detector_names())
@pytest.mark.parametrize("stop", [1, 13])
def test_a_reader_goes_on_from_a_stored_state_as_if_nothing_had_happened(detector, stop):
    times = [0.0]
    undisturbed = read(reader_from(detector, 1, times), times, range(len(FRAMES)))

    first = reader_from(detector, 1, times)
    before = read(first, times, range(stop))
    stored = json.dumps(asdict(first.state()), allow_nan=False)
    second = reader_from(detector, 1 + len({reading.number for frame in before for reading in frame}), times)
    second.restore(from_json(ReaderState, json.loads(stored)))
    assert before + read(second, times, range(stop, len(FRAMES))) == undisturbed
    assert len({reading.probabilities["cnn"] for frame in undisturbed for reading in frame}) > 20


def test_a_reader_can_be_stored_before_its_first_frame():
    reader = reader_from("haar", 1, [0.0])
    assert from_json(ReaderState, json.loads(json.dumps(asdict(reader.state()), allow_nan=False))) == reader.state()


def test_a_reader_without_drawing_returns_the_frame_itself():
    reader = reader_from("haar", 1, [0.0])
    assert reader.read(FRAMES[0]).annotated is FRAMES[0]
