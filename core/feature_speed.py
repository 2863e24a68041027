"""How many images a second the features before the trees take."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from core.artifacts import load_classifier, model_names, read_card
from core.classifiers import CLASSIFIERS
from core.classifiers.catboost import CatBoost, pixels
from core.faces import Faces

Extractor = Callable[[Faces], object]
"""(n, 48, 48) uint8 -> n rows of features."""


def extractors() -> dict[str, Extractor]:
    """Model name -> its features, for every model whose family has a `features(faces)`, and for trees on pixels."""
    found: dict[str, Extractor] = {}
    for name in model_names():
        family = CLASSIFIERS.get(read_card(name).family)
        if hasattr(family, "features"):
            classifier: Any = load_classifier(name)
            found[name] = classifier.features
        elif family is CatBoost:
            found[name] = pixels
    return found


def extraction_speed(extract: Extractor, faces: Faces, repeats: int, seconds: float) -> float:
    """Median images a second over `repeats` times `seconds`, after one call to warm up."""
    extract(faces)
    return float(np.median([_images_per_second(extract, faces, seconds) for _ in range(repeats)]))


def _images_per_second(extract: Extractor, faces: Faces, seconds: float) -> float:
    images, start = 0, perf_counter()
    while not images or perf_counter() - start < seconds:
        extract(faces)
        images += len(faces)
    return images / (perf_counter() - start)
