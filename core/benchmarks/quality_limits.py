"""Find the brightness, sharpness and size below which a model's certain labels are less accurate than promised.

The card of a model promises an accuracy for labels whose confidence reaches its threshold. Darkened, blurred and shrunk
copies of faces keep many of these confidences, but not the accuracy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.benchmarks.corruptions import low_resolution
from core.callbacks import Progress, no_progress
from core.classifiers.base import CalibratedClassifier, LabelledFaces
from core.data.measures import brightness
from core.evaluation.intervals import wilson_interval
from core.recognition.quality import relative_sharpness
from core.vision.crops import Faces

Values = NDArray[np.float64]

BIN_SIZE = 1_000
"""Approximate number of certain labels per bin."""


def darkened(faces: Faces, factor: float) -> Faces:
    """Multiply the gray levels of faces, (n, 48, 48) uint8, by a factor below 1."""
    return np.asarray((faces * factor).round(), np.uint8)


def blurred(faces: Faces, sigma: float) -> Faces:
    """Blur faces, (n, 48, 48) uint8, with a Gaussian whose standard deviation is `sigma` pixels."""
    return np.array([cv2.GaussianBlur(face, (0, 0), sigma) for face in faces], np.uint8)


def shrunk_to(faces: Faces, side: float) -> Faces:
    """Shrink faces, (n, 48, 48) uint8, to `side` pixels, and enlarge them as `crop_face` enlarges small faces."""
    return low_resolution(faces, side, np.random.default_rng(0))  # draws no random numbers


@dataclass(frozen=True)
class Damage:
    """One way to make faces worse, and the measure by which it shows."""

    measure: str
    """Field of `Quality` that is limited: brightness, sharpness or side."""
    levels: tuple[float, ...]
    """Parameters of `apply`, the mildest first."""
    apply: Callable[[Faces, float], Faces]
    measured: Callable[[Faces, float], NDArray[np.floating]]
    """Return the measure of each damaged face, from the faces, (n, 48, 48) uint8, and the level."""


DAMAGES = {
    "darkened": Damage(
        "brightness", (0.6, 0.4, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05), darkened, lambda faces, _: brightness(faces)
    ),
    "blurred": Damage(
        "sharpness", (0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3), blurred, lambda faces, _: relative_sharpness(faces)
    ),
    "shrunk": Damage(
        "side", tuple(range(46, 10, -2)), shrunk_to, lambda faces, side: np.full(len(faces), side, np.float64)
    ),
}

COLUMNS = ("damage", "level", "measure", "median", "accuracy", "certain", "certain_accuracy")
"""Columns of the results, one row per damage and level.

`median` is that of the measure. `certain` is the share of labels whose confidence reaches the threshold, and
`certain_accuracy` their accuracy, 0..1.
"""


@dataclass(frozen=True)
class Limits:
    """The results of `measure_limits`."""

    promised: float
    """Accuracy of the certain labels of the images as they are."""
    table: pd.DataFrame
    """Table with `COLUMNS`."""
    limits: dict[str, float]
    """Measure -> value below which certain labels are less accurate than promised; 0 if there is none."""


def measure_limits(
    classifier: CalibratedClassifier, data: LabelledFaces, on_progress: Progress = no_progress
) -> Limits:
    """Predict damaged copies of the faces, and find the limit of each measure.

    The certain labels of all copies are sorted by the measure and divided into bins of about `BIN_SIZE`. The limit is
    the upper end of the last bin, counted from the lowest, in which the accuracy is below the promise with a confidence
    of 95 % (Wilson). Equal values are in the same bin, so each side is at least one bin.
    """
    confident, correct = _predict(classifier, data.faces, data.labels)
    promised = float(correct[confident].mean()) if confident.any() else 0.0
    rows, limits, done = [], {}, 0
    total = sum(len(damage.levels) for damage in DAMAGES.values())
    for name, damage in DAMAGES.items():
        values, certain_correct = [], []
        for level in damage.levels:
            faces = damage.apply(data.faces, level)
            measured = np.asarray(damage.measured(faces, level), np.float64)
            confident, correct = _predict(classifier, faces, data.labels)
            rows.append(_row(name, level, damage.measure, measured, confident, correct))
            values.append(measured[confident])
            certain_correct.append(correct[confident])
            done += 1
            on_progress(done, total)
        limits[damage.measure] = lower_limit(np.concatenate(values), np.concatenate(certain_correct), promised)
    return Limits(promised, pd.DataFrame(rows, columns=list(COLUMNS)), limits)


def lower_limit(values: Values, correct: NDArray[np.bool_], promised: float) -> float:
    """Return the value below which predictions are less accurate than promised, or 0.

    `values` and `correct`, (n,), are the measure of each face and whether its label is correct.
    """
    order = np.argsort(values, kind="stable")
    values, correct = values[order], correct[order]
    limit = 0.0
    for start, end in _bins(values):
        _, high = wilson_interval(int(correct[start:end].sum()), end - start)
        if high >= promised:
            break
        limit = float(values[end]) if end < len(values) else float(values[-1])
    return limit


def _bins(values: Values) -> Sequence[tuple[int, int]]:
    """Return the start and end of bins of at least `BIN_SIZE` sorted values. Equal values are in the same bin."""
    bins, start = [], 0
    while start < len(values):
        last = values[min(start + BIN_SIZE, len(values)) - 1]
        end = int(np.searchsorted(values, last, side="right"))
        bins.append((start, end))
        start = end
    return bins


def _predict(
    classifier: CalibratedClassifier, faces: Faces, labels: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether the confidence of each face reaches the threshold, and whether its label is correct, (n,) bool."""
    probabilities = classifier.predict_proba(faces)
    return probabilities.max(axis=1) >= classifier.uncertain_below, probabilities.argmax(axis=1) == labels


def _row(
    name: str, level: float, measure: str, measured: Values, confident: NDArray[np.bool_], correct: NDArray[np.bool_]
) -> list[object]:
    certain_accuracy = float(correct[confident].mean()) if confident.any() else float("nan")
    shares = float(correct.mean()), float(confident.mean()), certain_accuracy
    return [name, level, measure, float(np.median(measured)), *shares]
