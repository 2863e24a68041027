"""Measure how long a prediction takes."""

from collections.abc import Mapping
from time import perf_counter

import numpy as np

from core.callbacks import Progress, no_progress
from core.classifiers.base import SupportsPredictProba
from core.runtime.threads import one_thread
from core.vision.crops import FACE_SIZE

TURNS = 10
"""Number of turns of each classifier in `milliseconds_by_turns`."""


def milliseconds_per_face(classifier: SupportsPredictProba, repeats: int = 200, batch: int = 1) -> float:
    """Return the median time per face in ms, when `batch` faces are predicted at a time on one thread."""
    return float(np.median(_times(classifier, repeats, batch)))


def milliseconds_by_turns(
    classifiers: Mapping[str, SupportsPredictProba], repeats: int = 20, on_progress: Progress = no_progress
) -> dict[str, float]:
    """Return the median time in ms in which each classifier predicts one face on one thread, by name.

    The classifiers take turns, so that all of them are timed under the same conditions.
    """
    times: dict[str, list[float]] = {name: [] for name in classifiers}
    for turn in range(1, TURNS + 1):
        for name, classifier in classifiers.items():
            _times(classifier, 3, 1)  # warm-up, because other classifiers have filled the processor's caches
            times[name] += _times(classifier, repeats, 1)
        on_progress(turn, TURNS)
    return {name: float(np.median(ms)) for name, ms in times.items()}


def _times(classifier: SupportsPredictProba, repeats: int, batch: int) -> list[float]:
    """Return the time per face in ms of each repeated prediction of random faces."""
    faces = np.random.default_rng(0).integers(0, 256, (batch, FACE_SIZE, FACE_SIZE), dtype=np.uint8)
    times = []
    with one_thread():
        for _ in range(repeats):
            start = perf_counter()
            classifier.predict_proba(faces)
            times.append(1000 * (perf_counter() - start) / batch)
    return times
