"""One classifier shared by many video streams.

Faces that are queued at the same time are predicted in one batch. The queue is served in order of arrival.
"""

import threading
from collections import deque
from concurrent.futures import Future

import numpy as np

from core.classifiers.base import CalibratedClassifier, Probabilities
from core.vision.crops import Faces

LARGEST_BATCH = 32
"""Largest number of faces per batch, so that no stream waits long for its batch."""


class SharedClassifier:
    """`predict_proba` of one classifier, for calls from many threads at once.

    One thread predicts all queued faces. Faces that arrive meanwhile form the next batch. A network predicts a batch
    faster than the same faces one after the other.
    """

    def __init__(self, classifier: CalibratedClassifier) -> None:
        self.classifier = classifier
        self._queue = deque[tuple[Faces, Future[Probabilities]]]()
        self._queue_lock = threading.Lock()
        self._classifier_lock = threading.Lock()

    @property
    def uncertain_below(self) -> float:
        """Confidence below which the classifier's prediction is called uncertain."""
        return self.classifier.uncertain_below

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32, one row per face of this call.

        An error is raised only in the thread whose faces caused it.
        """
        future: Future[Probabilities] = Future()
        with self._queue_lock:
            self._queue.append((faces, future))
        while not future.done():
            with self._classifier_lock:
                if not future.done():
                    self._predict_batch(self._next_batch())
        return future.result()

    def _next_batch(self) -> list[tuple[Faces, Future[Probabilities]]]:
        """Take the oldest requests from the queue: at least one, and as many as fit into a batch."""
        with self._queue_lock:
            batch = [self._queue.popleft()]
            while self._queue and sum(len(f) for f, _ in batch) + len(self._queue[0][0]) <= LARGEST_BATCH:
                batch.append(self._queue.popleft())
        return batch

    def _predict_batch(self, batch: list[tuple[Faces, Future[Probabilities]]]) -> None:
        try:
            probabilities = self.classifier.predict_proba(np.concatenate([faces for faces, _ in batch]))
        except Exception as error:
            if len(batch) > 1:  # one stream's faces must not make another stream's request fail
                for request in batch:
                    self._predict_batch([request])
            else:
                batch[0][1].set_exception(error)
            return
        ends = np.cumsum([len(faces) for faces, _ in batch])
        for (_, future), rows in zip(batch, np.split(probabilities, ends[:-1]), strict=True):
            future.set_result(rows)
