"""The embedding of faces: the input of the last layer of the default network, as vectors of length 1.

A face and its mirror image have the same vector: the sum of both. `python -m core similar --measure` compares this with
other choices: as many neighbours have the same label, and more copies that were mirrored or shifted are found.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from core.callbacks import Progress, no_progress
from core.classifiers.base import with_embedding
from core.exceptions import InputError
from core.models.card import Card, leading_first
from core.models.store import read_cards
from core.runtime.threads import one_thread
from core.vision.crops import Faces

Embedding = NDArray[np.float16]
"""(n, width) float16: one row of length 1 per face. 16 bits change the distances by less than 0.0005."""

Number = TypeVar("Number", bound=np.floating)

BATCH = 1024
"""Faces between two reports of progress."""


@dataclass(frozen=True)
class Network:
    """A network whose embedding is used, loaded when it is first needed."""

    name: str
    weights_sha256: str
    load: Callable[[], object]
    """Returns the classifier; raises InputError if its weights are damaged."""

    def embed(self, faces: Faces, on_progress: Progress = no_progress) -> Embedding:
        """(n, 48, 48) uint8 -> (n, width) float16; rows have the length 1. Raises InputError for damaged weights."""
        classifier = with_embedding(self.load(), self.name)

        def embed_batch(batch: Faces) -> Embedding:
            return unit_rows(classifier.embed(batch) + classifier.embed(batch[:, :, ::-1]))

        return in_batches(embed_batch, faces, on_progress)


def in_batches(
    function: Callable[[Faces], NDArray[Number]], faces: Faces, on_progress: Progress = no_progress
) -> NDArray[Number]:
    """Apply a function of faces, (n, 48, 48) uint8, in batches, and concatenate the results. n may be 0.

    Each thread takes a whole batch, because threads that share a batch wait for each other on a busy machine.
    """
    batches = [faces[start : start + BATCH] for start in range(0, max(len(faces), 1), BATCH)]
    if len(batches) == 1:
        result = function(batches[0])
        on_progress(len(faces), len(faces))
        return result
    parts: list[NDArray[Number]] = []
    pool = ThreadPoolExecutor(cv2.getNumThreads())  # 1 in the app; see core/runtime/threads.py
    try:
        with one_thread():
            for part in pool.map(function, batches):
                parts.append(part)
                on_progress(min(len(parts) * BATCH, len(faces)), len(faces))
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl+C
    return np.concatenate(parts)


def unit_rows(vectors: NDArray[np.floating]) -> Embedding:
    """Return vectors, (n, width), as rows of length 1 in 16 bits. Rows of zeros become rows of equal numbers.

    Raises InputError for values that are not finite, because the weights of such a network are damaged.
    """
    rows = np.array(vectors, np.float64)
    if not np.isfinite(rows).all():
        raise InputError("the network's embedding has values that are not finite; restore its weights.")
    rows[~rows.any(axis=1)] = 1
    return np.asarray(rows / np.sqrt(np.square(rows).sum(axis=1, keepdims=True)), np.float16)


def default_network(cards: dict[str, Card]) -> Card:
    """Return the card of the default network, of all models' cards by name. Raises InputError if there is none."""
    for card in leading_first(cards):
        if card.role == "default" and card.family == "cnn":
            return card
    raise InputError("similar faces are found by the default network, cnn, which is missing; restore models/cnn.")


def load_network() -> Network:
    """Return the default network; its weights are read when it is first used. Raises InputError if there is none."""
    card = default_network(read_cards()[0])

    def load() -> object:
        from core.classifiers.loading import load_trained

        return load_trained(card.name).classifier

    return Network(card.name, card.weights_sha256, load)
