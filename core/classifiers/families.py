"""The families of classifiers: a line each in `CLASSIFIERS`, and a function that imports what is heavy about one.

Configs are plain dataclasses, so that a page can tell of a recipe without loading torch.
"""

from collections.abc import Callable
from typing import NamedTuple

from core.classifiers.base import Classifier
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.trees.embedding import EmbeddingTrees, EmbeddingTreesConfig
from core.classifiers.trees.handmade import HandmadeTrees, HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoost, CatBoostConfig


class Family(NamedTuple):
    """How a family's classifiers are made."""

    config_type: type
    """A frozen dataclass, seed included; recipes are instances of it and cards store its fields."""
    load_class: Callable[[], type[Classifier]]
    """Imports the family's class."""


def _cnn() -> type[Classifier]:
    from core.classifiers.cnn.classifier import Cnn  # torch takes seconds

    return Cnn


CLASSIFIERS: dict[str, Family] = {
    "cnn": Family(CnnConfig, _cnn),
    "catboost": Family(CatBoostConfig, lambda: CatBoost),
    "catboost-handmade": Family(HandmadeTreesConfig, lambda: HandmadeTrees),
    "catboost-embedding": Family(EmbeddingTreesConfig, lambda: EmbeddingTrees),
}
