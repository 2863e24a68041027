"""The registry of classifier families: one line per family in `CLASSIFIERS`.

Importing this module does not import torch, which takes seconds: `Cnn` is imported when it is first needed. Pages can
therefore show a recipe without torch.
"""

from collections.abc import Callable
from typing import NamedTuple

from core.classifiers.base import Classifier
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.onnx import OnnxConfig, OnnxNetwork
from core.classifiers.trees.embedding import EmbeddingTrees, EmbeddingTreesConfig
from core.classifiers.trees.guest_pixels import GuestTrees, GuestTreesConfig
from core.classifiers.trees.handmade import HandmadeTrees, HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoost, CatBoostConfig


class Family(NamedTuple):
    """The config type of a family, and a function that returns its class."""

    config_type: type
    """A frozen dataclass of hyperparameters, including `seed`. Recipes contain an instance; cards store its fields."""
    load_class: Callable[[], type[Classifier]]
    """Return the class of the family, and import it first if necessary."""
    is_trained_here: bool = True
    """Whether there are recipes. Other families are only for models that others have trained; they have no seed."""


def _import_cnn() -> type[Classifier]:
    from core.classifiers.cnn.classifier import Cnn

    return Cnn


CLASSIFIERS: dict[str, Family] = {
    "cnn": Family(CnnConfig, _import_cnn),
    "catboost": Family(CatBoostConfig, lambda: CatBoost),
    "catboost-handmade": Family(HandmadeTreesConfig, lambda: HandmadeTrees),
    "catboost-embedding": Family(EmbeddingTreesConfig, lambda: EmbeddingTrees),
    "catboost-guest": Family(GuestTreesConfig, lambda: GuestTrees, is_trained_here=False),
    "onnx": Family(OnnxConfig, lambda: OnnxNetwork, is_trained_here=False),
}
