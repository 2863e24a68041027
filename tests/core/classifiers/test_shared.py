"""Many threads, one classifier: everybody gets his own answers, together where they wait together."""

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


class Slow(FakeClassifier):
    """Waits in its first call until it is let go; fails on black faces."""

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


def ask_all(batches: Sequence[Faces], classifier: Slow) -> list[object]:
    """Ask with one thread a batch: the first alone, then, while it is being read, all others."""
    shared = SharedClassifier(classifier)
    answers: list[object] = [None] * len(batches)

    def ask(row: int) -> None:
        try:
            answers[row] = shared.predict_proba(batches[row])
        except ValueError as error:
            answers[row] = error

    threads = [threading.Thread(target=ask, args=(row,)) for row in range(len(batches))]
    threads[0].start()
    assert classifier.entered.wait(10)
    for number, thread in enumerate(threads[1:], start=1):
        thread.start()
        deadline = time.monotonic() + 10
        while len(shared._waiting) < number:
            assert time.monotonic() < deadline
            time.sleep(0.001)
    classifier.go.set()
    for thread in threads:
        thread.join(10)
    return answers


def test_those_that_wait_are_read_together_and_get_their_own_rows():
    classifier = Slow()
    answers = ask_all([faces(200), faces(10, 2), faces(220), faces(30, 0)], classifier)
    assert classifier.calls == [(1, 48, 48), (3, 48, 48)]
    assert [np.asarray(rows).argmax(axis=1).tolist() for rows in answers] == [[3], [5, 5], [3], []]


def test_an_error_reaches_only_the_one_whose_face_it_is_about():
    classifier = Slow()
    answers = ask_all([faces(200), faces(0), faces(220)], classifier)
    assert isinstance(answers[1], ValueError)
    assert np.asarray(answers[2]).argmax() == 3


def test_a_crowd_is_read_in_parts():
    classifier = Slow()
    ask_all([faces(200), *[faces(10, 20)] * 3], classifier)
    assert [n for n, *_ in classifier.calls] == [1, 20, 20, 20]
    assert LARGEST_BATCH < 40


def test_alone_it_answers_as_the_classifier_does():
    shared = SharedClassifier(FakeClassifier(answer="fear"))
    shared.classifier.uncertain_below = 0.4
    assert shared.uncertain_below == 0.4
    assert shared.predict_proba(faces(7, 3)).tolist() == [one_hot("fear")] * 3
    with pytest.raises(ValueError):
        SharedClassifier(slow_and_free()).predict_proba(faces(0))


def slow_and_free() -> Slow:
    classifier = Slow()
    classifier.go.set()
    return classifier
