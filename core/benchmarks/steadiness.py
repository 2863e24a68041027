"""How often a predicted label stays the same when the crop changes a little.

Detectors cause such changes: in two images of the same face, they rarely place its box in exactly the same way.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from core.callbacks import Progress, no_progress
from core.classifiers.base import SupportsPredictProba
from core.evaluation.intervals import mean_with_interval
from core.evaluation.predictions import predicted_classes
from core.exceptions import shortened
from core.files import damage_as_input_error, json_bytes, read_regular_file, replace_file
from core.models.folders import model_folder, optional_file, shown_file
from core.models.plausible import MOST_IMAGES, check_interval, check_number, check_share
from core.models.strict_json import parse_json
from core.models.typed_json import from_json
from core.vision.crops import FACE_SIZE, Faces
from core.vision.warp import warp

STEADINESS = "steadiness.json"
"""File in a model's folder; training the model again removes it together with the old weights."""

SEED = 42
DRAWS = 8
"""Number of random crops per face."""

LARGEST_FILE, MOST_DRAWS = 10_000, 1_000_000
"""Largest size of steadiness.json in bytes, and largest number of draws in it."""

SHIFT = 0.08
"""Largest shift along each axis, as a share of the image's side."""
SCALE = 0.08
"""Largest change of the scale, which is thus from 0.92 to 1.08."""
ROTATION = 10.0
"""Largest rotation in either direction, in degrees."""


@dataclass(frozen=True)
class Steadiness:
    """Content of steadiness.json."""

    share: float
    """Share of the random crops whose predicted label is that of the original face, 0..1."""
    low: float
    """Lower end of the 95 % interval of the share.

    The interval treats the faces as independent of each other, but not the crops of one face.
    """
    high: float
    """Upper end of the interval."""
    n: int
    """Number of faces."""
    draws: int
    """Number of random crops per face."""
    seed: int

    def __post_init__(self) -> None:
        check_share("share", self.share)
        check_interval("the interval", (self.low, self.high))
        check_number("n", self.n, 1, MOST_IMAGES)
        check_number("draws", self.draws, 1, MOST_DRAWS)


def measure(
    classifier: SupportsPredictProba,
    faces: Faces,
    seed: int = SEED,
    on_progress: Progress = no_progress,
) -> Steadiness:
    """Compare the predicted labels of `DRAWS` random crops of each face with the predicted label of the face itself.

    `faces` are (n, 48, 48) uint8, n >= 1.
    """
    generator = np.random.default_rng(seed)
    original_labels = predicted_classes(classifier, faces)
    same_label = np.zeros(len(faces))
    for done in range(1, DRAWS + 1):
        same_label += predicted_classes(classifier, random_crops(faces, generator)) == original_labels
        on_progress(done, DRAWS)
    share, low, high = mean_with_interval(same_label / DRAWS)
    return Steadiness(share, low, high, len(faces), DRAWS, seed)


def random_crops(faces: Faces, generator: Generator) -> Faces:
    """Shift, scale and rotate each face by uniformly drawn amounts: (n, 48, 48) uint8 -> (n, 48, 48) uint8."""
    n = len(faces)
    shifts = generator.uniform(-SHIFT, SHIFT, (n, 2)) * FACE_SIZE
    scales = generator.uniform(1 - SCALE, 1 + SCALE, n)
    return warp(faces, generator.uniform(-ROTATION, ROTATION, n), scales, shifts)


def read_steadiness(name: str) -> Steadiness | None:
    """Return the stored steadiness of a model, or None if it has not been measured.

    Raises InputError for an unknown model or a damaged file.
    """
    path = optional_file(name, STEADINESS)
    if path is None:
        return None
    with damage_as_input_error(
        shown_file(name, STEADINESS), f"measure again: python -m core steadiness {shortened(name)}"
    ):
        return from_json(Steadiness, parse_json(read_regular_file(path, LARGEST_FILE)))


def write_steadiness(name: str, steadiness: Steadiness) -> None:
    replace_file(model_folder(name) / STEADINESS, json_bytes(steadiness))
