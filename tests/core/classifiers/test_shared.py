"""Many threads share one classifier: queued faces are predicted together, and each caller gets its own rows."""

import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest

from core.classifiers.shared import LARGEST_BATCH, SharedClassifier
from core.vision.crops import Faces
from tests.fixtures.fakes import FakeClassifier, one_hot


def faces(gray: int, n: int = 1) -> Faces:
    return np.full((n, 48, 48), gray, np.uint8)


def by_brightness(face: np.ndarray) -> Sequence[float]:
    return one_hot("happy" if face.mean() > 127 else "sad")


class BlockedClassifier(FakeClassifier):
    """Blocks its first call until `go` is set, and fails on black faces."""

    def __init__(self) -> None:
        super().__init__(answer=by_brightness)
        self.entered, self.go = threading.Event(), threading.Event()

    def predict_proba(self, batch: Faces):
        self.entered.set()
        assert self.go.wait(10)
        if (batch.reshape(len(batch), -1).max(axis=1) == 0).any():
            self.calls.append(batch.shape)
            raise ValueError("a black face")
        return super().predict_proba(batch)


def predict_in_threads(batches: Sequence[Faces], classifier: BlockedClassifier) -> list[object]:
    """Predict with one thread per batch. The other threads start while the first batch is being predicted."""
    shared = SharedClassifier(classifier)
    results: list[object] = [None] * len(batches)

    def predict(row: int) -> None:
        try:
            results[row] = shared.predict_proba(batches[row])
        except ValueError as error:
            results[row] = error

    threads = [threading.Thread(target=predict, args=(row,)) for row in range(len(batches))]
    threads[0].start()
    assert classifier.entered.wait(10)
    for number, thread in enumerate(threads[1:], start=1):
        thread.start()
        deadline = time.monotonic() + 10
        while len(shared._queue) < number:
            assert time.monotonic() < deadline
            time.sleep(0.001)
    classifier.go.set()
    for thread in threads:
        thread.join(10)
    return results


def test_queued_faces_are_predicted_together_and_each_caller_gets_its_own_rows():
    classifier = BlockedClassifier()
    results = predict_in_threads([faces(200), faces(10, 2), faces(220), faces(30, 0)], classifier)
    assert classifier.calls == [(1, 48, 48), (3, 48, 48)]
    assert [np.asarray(rows).argmax(axis=1).tolist() for rows in results] == [[3], [5, 5], [3], []]


def test_an_error_reaches_only_the_caller_whose_face_caused_it():
    classifier = BlockedClassifier()
    results = predict_in_threads([faces(200), faces(0), faces(220)], classifier)
    assert isinstance(results[1], ValueError)
    assert np.asarray(results[2]).argmax() == 3


def test_a_long_queue_is_predicted_in_several_batches():
    classifier = BlockedClassifier()
    predict_in_threads([faces(200), *[faces(10, 20)] * 3], classifier)
    assert [n for n, *_ in classifier.calls] == [1, 20, 20, 20]
    assert LARGEST_BATCH < 40


def test_a_single_caller_gets_the_classifiers_result():
    shared = SharedClassifier(FakeClassifier(answer="fear"))
    shared.classifier.uncertain_below = 0.4
    assert shared.uncertain_below == 0.4
    assert shared.predict_proba(faces(7, 3)).tolist() == [one_hot("fear")] * 3
    with pytest.raises(ValueError):
        SharedClassifier(unblocked_classifier()).predict_proba(faces(0))


def unblocked_classifier() -> BlockedClassifier:
    classifier = BlockedClassifier()
    classifier.go.set()
    return classifier
