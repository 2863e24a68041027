"""One classifier shared by many video streams: faces of several streams are predicted in one batch."""

import threading
from collections import deque
from concurrent.futures import Future

import numpy as np

from core.classifiers.base import CalibratedClassifier, Probabilities
from core.vision.crops import Faces

LARGEST_BATCH = 32
"""Largest number of faces in a batch that combines several calls, so that no stream waits long for its batch."""


class SharedClassifier:
    """A classifier that many threads call at the same time.

    Each call waits in a queue, which is served in order of arrival. One thread at a time predicts the faces of several
    queued calls as one batch, because a network predicts a batch faster than single faces.
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

        If some faces cause an error in the classifier, only the call with these faces raises it.
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
        """Take the oldest calls from the queue: at least one, and as many as fit into `LARGEST_BATCH`."""
        with self._queue_lock:
            batch = [self._queue.popleft()]
            while self._queue and sum(len(faces) for faces, _ in batch) + len(self._queue[0][0]) <= LARGEST_BATCH:
                batch.append(self._queue.popleft())
        return batch

    def _predict_batch(self, batch: list[tuple[Faces, Future[Probabilities]]]) -> None:
        try:
            probabilities = self.classifier.predict_proba(np.concatenate([faces for faces, _ in batch]))
        except Exception as error:
            if len(batch) > 1:  # one stream's faces must not make another stream's call fail
                for call in batch:
                    self._predict_batch([call])
            else:
                batch[0][1].set_exception(error)
            return
        ends = np.cumsum([len(faces) for faces, _ in batch])
        for (_, future), rows in zip(batch, np.split(probabilities, ends[:-1]), strict=True):
            future.set_result(rows)
