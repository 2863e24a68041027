"""The families of classifiers: one file each, one line each in `CLASSIFIERS`."""

from core.classifiers.base import Classifier
from core.classifiers.catboost import CatBoost
from core.classifiers.cnn import Cnn
from core.classifiers.embedding import EmbeddingTrees
from core.classifiers.handmade import HandmadeTrees

CLASSIFIERS: dict[str, type[Classifier]] = {
    "cnn": Cnn,
    "catboost": CatBoost,
    "catboost-handmade": HandmadeTrees,
    "catboost-embedding": EmbeddingTrees,
}
