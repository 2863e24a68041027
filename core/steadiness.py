"""Whether a label stays the same when a detector cuts a little elsewhere, as it never cuts twice at the same place."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.classifiers.base import Classifier
from core.evaluation import predicted_classes
from core.faces import FACE_SIZE, Faces
from core.metrics import wilson_interval
from core.warp import warp

SEED = 42
DRAWS = 8
"""Other cuts of each face."""

SHIFT = 0.08
"""Largest shift on each axis, as a share of the side."""
SCALE = 0.08
"""Largest change of size: factors from 0.92 to 1.08."""
ROTATION = 10.0
"""Largest turn to either side, in degrees."""

Z_95 = 1.959964
"""Standard deviations to either side that hold 95 % of a normal distribution."""


@dataclass(frozen=True)
class Steadiness:
    """The form of steadiness.json."""

    share: float
    """Of the cuts that get the label of the face as it is: mean over faces and draws, 0..1."""
    low: float
    """The 95 % interval of the share: normal, over faces (a face's draws belong together)."""
    high: float
    n: int
    """Faces."""
    draws: int
    """Cuts a face."""
    seed: int


def measure(
    classifier: Classifier,
    faces: Faces,
    seed: int = SEED,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Steadiness:
    """(n, 48, 48) uint8, n at least 1 -> how often `DRAWS` other cuts of each face keep its predicted label."""
    generator = np.random.default_rng(seed)
    labels = predicted_classes(classifier, faces)
    kept = np.zeros(len(faces))
    for done in range(1, DRAWS + 1):
        kept += predicted_classes(classifier, cut_elsewhere(faces, generator)) == labels
        on_progress(done, DRAWS)
    share, low, high = mean_with_interval(kept / DRAWS)
    return Steadiness(share, low, high, len(faces), DRAWS, seed)


def cut_elsewhere(faces: Faces, generator: Generator) -> Faces:
    """(n, 48, 48) uint8 -> the same shape: each face shifted, scaled and turned by a uniform draw of its own."""
    n = len(faces)
    shifts = generator.uniform(-SHIFT, SHIFT, (n, 2)) * FACE_SIZE
    scales = generator.uniform(1 - SCALE, 1 + SCALE, n)
    return warp(faces, generator.uniform(-ROTATION, ROTATION, n), scales, shifts)


def mean_with_interval(shares: NDArray[np.float64]) -> tuple[float, float, float]:
    """(n,) shares of the faces, n at least 1 -> their mean and its 95 % interval by the central limit theorem.

    Of one face the interval is all that is possible. Where no two faces differ their spread says nothing, and the
    interval is Wilson's for one cut a face.
    """
    mean = float(shares.mean())
    if len(shares) < 2:
        return mean, 0.0, 1.0
    if np.ptp(shares) == 0:
        return mean, *wilson_interval(round(mean * len(shares)), len(shares))
    half = Z_95 * float(shares.std(ddof=1)) / len(shares) ** 0.5
    return mean, max(0.0, mean - half), min(1.0, mean + half)
