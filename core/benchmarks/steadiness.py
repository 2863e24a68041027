"""Whether a label stays the same when a detector cuts a little elsewhere, as it never cuts twice at the same place."""

import json
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from core.callbacks import Progress, no_progress
from core.classifiers.base import Predicts
from core.evaluation.intervals import mean_with_interval
from core.evaluation.predictions import predicted_classes
from core.files import damage_in_words, json_bytes, replace_file
from core.models.folders import model_folder
from core.vision.crops import FACE_SIZE, Faces
from core.vision.warp import warp

STEADINESS = "steadiness.json"
"""The file of a model's folder; a new training removes it with the old weights."""

SEED = 42
DRAWS = 8
"""Other cuts of each face."""

SHIFT = 0.08
"""Largest shift on each axis, as a share of the side."""
SCALE = 0.08
"""Largest change of size: factors from 0.92 to 1.08."""
ROTATION = 10.0
"""Largest turn to either side, in degrees."""


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
    classifier: Predicts,
    faces: Faces,
    seed: int = SEED,
    on_progress: Progress = no_progress,
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


def read_steadiness(name: str) -> Steadiness | None:
    """How steady the model's labels are; None where it has not been measured."""

    path = model_folder(name) / STEADINESS
    if not path.exists():
        return None
    with damage_in_words(f"{name}/{STEADINESS}", f"measure again: python -m core steadiness {name}"):
        return Steadiness(**json.loads(path.read_text(encoding="utf-8")))


def write_steadiness(name: str, steadiness: Steadiness) -> None:
    replace_file(model_folder(name) / STEADINESS, json_bytes(steadiness))
