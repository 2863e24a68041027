"""Speed of computing the input features of CatBoost models, in images per second."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from core.classifiers.families import CLASSIFIERS
from core.classifiers.loading import load_trained
from core.models.store import read_cards
from core.vision.crops import Faces

Extractor = Callable[[Faces], object]
"""(n, 48, 48) uint8 -> n rows of features."""


def extractors() -> dict[str, Extractor]:
    """Return model name -> the function that computes its features, for each model with such a function."""
    functions: dict[str, Extractor] = {}
    for name, card in read_cards()[0].items():
        if card.family in CLASSIFIERS and hasattr(CLASSIFIERS[card.family].load_class(), "features"):
            classifier: Any = load_trained(name).classifier
            functions[name] = classifier.features
    return functions


def extraction_speed(extract: Extractor, faces: Faces, repeats: int, seconds: float) -> float:
    """Return the median images per second of `repeats` runs of at least `seconds` each, after one warm-up call."""
    extract(faces)
    return float(np.median([_images_per_second(extract, faces, seconds) for _ in range(repeats)]))


def _images_per_second(extract: Extractor, faces: Faces, seconds: float) -> float:
    images, start = 0, perf_counter()
    while not images or perf_counter() - start < seconds:
        extract(faces)
        images += len(faces)
    return images / (perf_counter() - start)
