"""The registry of classifier families: one line per family in `CLASSIFIERS`.

Classes are imported by functions, because torch is slow to load. Configs are plain dataclasses, so pages can show a
recipe without torch.
"""

from collections.abc import Callable
from typing import NamedTuple

from core.classifiers.base import Classifier
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.trees.embedding import EmbeddingTrees, EmbeddingTreesConfig
from core.classifiers.trees.handmade import HandmadeTrees, HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoost, CatBoostConfig


class Family(NamedTuple):
    """The config type of a family, and a function that imports its class."""

    config_type: type
    """A frozen dataclass that includes the seed. Recipes are instances of it, and cards store its fields."""
    load_class: Callable[[], type[Classifier]]
    """Import and return the family's class."""


def _cnn() -> type[Classifier]:
    from core.classifiers.cnn.classifier import Cnn  # importing torch takes seconds

    return Cnn


CLASSIFIERS: dict[str, Family] = {
    "cnn": Family(CnnConfig, _cnn),
    "catboost": Family(CatBoostConfig, lambda: CatBoost),
    "catboost-handmade": Family(HandmadeTreesConfig, lambda: HandmadeTrees),
    "catboost-embedding": Family(EmbeddingTreesConfig, lambda: EmbeddingTrees),
}
