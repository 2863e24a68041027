"""One classifier shared by many threads: queued faces are predicted together, and each call returns its own rows."""

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
    """Predict happy for a bright face, otherwise sad."""
    return one_hot("happy" if face.mean() > 127 else "sad")


class BlockedClassifier(FakeClassifier):
    """Predicts nothing until `may_predict` is set; raises ValueError for batches with a black face."""

    def __init__(self) -> None:
        super().__init__(answer=by_brightness)
        self.entered, self.may_predict = threading.Event(), threading.Event()

    def predict_proba(self, batch: Faces):
        self.entered.set()
        assert self.may_predict.wait(10)
        if (batch.reshape(len(batch), -1).max(axis=1) == 0).any():
            self.calls.append(batch.shape)
            raise ValueError("a black face")
        return super().predict_proba(batch)


def predict_in_threads(batches: Sequence[Faces], classifier: BlockedClassifier) -> list[object]:
    """Predict with one thread per batch. All other threads start while the first batch is being predicted."""
    shared = SharedClassifier(classifier)
    results: list[object] = [None] * len(batches)

    def predict(i: int) -> None:
        try:
            results[i] = shared.predict_proba(batches[i])
        except ValueError as error:
            results[i] = error

    threads = [threading.Thread(target=predict, args=(i,)) for i in range(len(batches))]
    threads[0].start()
    assert classifier.entered.wait(10)
    for queued, thread in enumerate(threads[1:], start=1):
        thread.start()
        deadline = time.monotonic() + 10
        while len(shared._queue) < queued:
            assert time.monotonic() < deadline
            time.sleep(0.001)
    classifier.may_predict.set()
    for thread in threads:
        thread.join(10)
    return results


def test_queued_faces_are_predicted_together_and_each_call_returns_its_own_rows():
    classifier = BlockedClassifier()
    results = predict_in_threads([faces(200), faces(10, 2), faces(220), faces(30, 0)], classifier)
    assert classifier.calls == [(1, 48, 48), (3, 48, 48)]
    assert [np.asarray(rows).argmax(axis=1).tolist() for rows in results] == [[3], [5, 5], [3], []]


def test_an_error_is_raised_only_in_the_call_whose_face_caused_it():
    classifier = BlockedClassifier()
    results = predict_in_threads([faces(200), faces(0), faces(220)], classifier)
    assert isinstance(results[1], ValueError)
    assert np.asarray(results[2]).argmax() == 3


def test_a_long_queue_is_predicted_in_several_batches():
    classifier = BlockedClassifier()
    predict_in_threads([faces(200), *[faces(10, 20)] * 3], classifier)
    assert [n for n, *_ in classifier.calls] == [1, 20, 20, 20]
    assert LARGEST_BATCH < 40


def test_a_single_call_has_the_threshold_and_result_and_error_of_the_classifier():
    shared = SharedClassifier(FakeClassifier(answer="fear"))
    shared.classifier.uncertain_below = 0.4
    assert shared.uncertain_below == 0.4
    assert shared.predict_proba(faces(7, 3)).tolist() == [one_hot("fear")] * 3
    with pytest.raises(ValueError):
        SharedClassifier(unblocked_classifier()).predict_proba(faces(0))


def unblocked_classifier() -> BlockedClassifier:
    classifier = BlockedClassifier()
    classifier.may_predict.set()
    return classifier
