"""One classifier for many streams: faces that wait at the same time are read together, and nobody is served twice
before another is served once."""

import threading
from collections import deque
from concurrent.futures import Future

import numpy as np

from core.classifiers.base import Probabilities, Reader
from core.vision.crops import Faces

LARGEST_BATCH = 32
"""Faces read together at most, so that no stream waits for a crowd."""


class SharedClassifier:
    """`predict_proba` of one classifier, called by many threads at once.

    The first caller to come reads what all of them have brought; those that come meanwhile are read together next. A
    network reads several faces together in less time than one after the other.
    """

    def __init__(self, classifier: Reader) -> None:
        self.classifier = classifier
        self._waiting = deque[tuple[Faces, Future[Probabilities]]]()
        self._guard = threading.Lock()
        self._turn = threading.Lock()

    @property
    def uncertain_below(self) -> float:
        """The classifier's own threshold."""
        return self.classifier.uncertain_below

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32, exactly what was asked for; an error reaches those whose faces it is
        about."""
        answer: Future[Probabilities] = Future()
        with self._guard:
            self._waiting.append((faces, answer))
        while not answer.done():
            with self._turn:
                if not answer.done():
                    self._serve(self._next())
        return answer.result()

    def _next(self) -> list[tuple[Faces, Future[Probabilities]]]:
        """The longest waiting, at least one, as many as fit into a batch."""
        with self._guard:
            batch = [self._waiting.popleft()]
            while self._waiting and sum(len(f) for f, _ in batch) + len(self._waiting[0][0]) <= LARGEST_BATCH:
                batch.append(self._waiting.popleft())
        return batch

    def _serve(self, batch: list[tuple[Faces, Future[Probabilities]]]) -> None:
        try:
            answers = self.classifier.predict_proba(np.concatenate([faces for faces, _ in batch]))
        except Exception as error:
            if len(batch) > 1:  # one stream's faces must not spoil another's
                for each in batch:
                    self._serve([each])
            else:
                batch[0][1].set_exception(error)
            return
        ends = np.cumsum([len(faces) for faces, _ in batch])
        for (_, answer), rows in zip(batch, np.split(answers, ends[:-1]), strict=True):
            answer.set_result(rows)
