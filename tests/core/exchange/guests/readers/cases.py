"""Faces and ways to read a file, for the tests of the readers."""

import numpy as np

from core.emotions import EMOTIONS
from core.exchange.guests.guest import GuestFile, GuestModel, GuestOptions
from core.exchange.guests.readers import reader_for
from core.exchange.guests.readers.checking import example_faces

FACES = example_faces(6)

OTHER_ORDER = ("surprise", "angry", "disgust", "fear", "happy", "neutral", "sad")
"""An order of classes other than that of `EMOTIONS`."""


def read(name: str, content: bytes, **options) -> GuestModel:
    """Read a file in this process."""
    file = GuestFile(name, content)
    return reader_for(file).read(file, GuestOptions(**options))


def check(name: str, content: bytes, **options) -> GuestModel:
    """Check a file in a process of its own, and read it."""
    file = GuestFile(name, content)
    return reader_for(file).check(file, GuestOptions(**options))


def in_order_of_emotions(columns: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    """Return the columns of a table, which are in the order `classes`, in the order of `EMOTIONS`."""
    result = np.empty_like(columns)
    for position, emotion in enumerate(classes):
        result[:, EMOTIONS.index(emotion)] = columns[:, position]
    return result


def softmax(logits: np.ndarray) -> np.ndarray:
    return np.array([[np.exp(value) / sum(np.exp(row)) for value in row] for row in logits.astype(np.float64)])
