"""Recipes of the shipped models: family, hyperparameters, role and description, by model name."""

from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from core.classifiers.trees.embedding import EmbeddingTreesConfig
from core.classifiers.trees.handmade import HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoostConfig
from core.models.card import Role
from core.training import network_configs


class Recipe(NamedTuple):
    """How a model is trained. The model has the recipe's name in `RECIPES` unless the user gives another one."""

    family: str
    """A key of `CLASSIFIERS`."""
    config: Any
    """An instance of the family's `config_type`. The docstrings of its fields explain the hyperparameters."""
    role: Role = "own"
    """What the model is for; see `Role`."""
    calibrated_by: str = ""
    """Name of the model whose calibration is taken over; empty if this model is fitted on train alone.

    A model that is fitted on train and val cannot be calibrated on val. It needs the calibration of another model,
    which was fitted on train alone.
    """
    about: str = ""
    """Description of the model in a few sentences, for the dashboard and docs/models.md."""


RECIPES: dict[str, Recipe] = {
    "cnn-seed": Recipe(
        "cnn",
        network_configs.CNN_SEED,
        "notebook",
        about="The notebook project's network, trained with the notebook project's settings. The best epoch is chosen "
        "on val, not on the test images.",
    ),
    "catboost-seed": Recipe(
        "catboost",
        CatBoostConfig(),
        "notebook",
        about="The notebook project's gradient-boosted trees on raw pixels.",
    ),
    "catboost": Recipe(
        "catboost-handmade",
        HandmadeTreesConfig(),
        "default",
        about="Gradient-boosted trees on hand-made features, without a neural network. The features are counts of "
        "visual words (k-means clusters of gradients and of patches), reduced to linear discriminants.",
    ),
    "catboost-on-cnn": Recipe(
        "catboost-embedding",
        EmbeddingTreesConfig(),
        "variant",
        about="Gradient-boosted trees on the embedding (the input of the last layer) of the network cnn-student.",
    ),
    "cnn-seed-augmented": Recipe(
        "cnn",
        network_configs.CNN_SEED_AUGMENTED,
        "lesson",
        about="The network of cnn-seed, trained for more epochs, with another optimiser and with augmentation.",
    ),
    "cnn-seed-balanced": Recipe(
        "cnn",
        network_configs.CNN_SEED_BALANCED,
        "variant",
        about="cnn-seed-augmented with class weights, so that every emotion has the same total weight in the loss.",
    ),
    "cnn-teacher-1": Recipe(
        "cnn",
        network_configs.TEACHER_1,
        "ancestor",
        about="A residual network that works at half the resolution of the faces. It is one of the teachers of cnn.",
    ),
    "cnn-teacher-2": Recipe(
        "cnn",
        network_configs.TEACHER_2,
        "ancestor",
        about="A network at full resolution, without residual connections. It differs from cnn-teacher-1 so that the "
        "two make different errors.",
    ),
    "cnn-teacher-3": Recipe(
        "cnn",
        network_configs.TEACHER_3,
        "ancestor",
        "cnn-teacher-2",
        about="cnn-teacher-2, trained further on the labels of train and val.",
    ),
    "cnn-student": Recipe(
        "cnn",
        network_configs.STUDENT,
        "ancestor",
        about="cnn-teacher-1, trained further by distillation from cnn-teacher-1 and cnn-teacher-2.",
    ),
    "cnn-student-2": Recipe(
        "cnn",
        network_configs.STUDENT_2,
        "ancestor",
        about="A network smaller than its three teachers, trained by distillation from them. It is the last "
        "predecessor of cnn that was trained without val.",
    ),
    "cnn-student-3": Recipe(
        "cnn",
        network_configs.STUDENT_3,
        "ancestor",
        "cnn-student-2",
        about="cnn-student-2, trained further on train and val by distillation from four networks, itself included.",
    ),
    "cnn-student-4": Recipe(
        "cnn",
        network_configs.STUDENT_4,
        "ancestor",
        "cnn-student-2",
        about="cnn-student-3, trained further by distillation from five networks, itself included, on crops of "
        "44 instead of 40 pixels.",
    ),
    "cnn-student-5": Recipe(
        "cnn",
        network_configs.STUDENT_5,
        "ancestor",
        "cnn-student-2",
        about="cnn-student-4, trained further by distillation from six networks of three different "
        "architectures, itself included.",
    ),
    "cnn": Recipe(
        "cnn",
        network_configs.CNN,
        "default",
        "cnn-student-2",
        about="The default network, small enough for video. It is cnn-student-5, trained further by distillation from "
        "six networks, itself included. The final weights are the mean of the weights before and after this training.",
    ),
}


def models_needed_to_fit(recipe: Recipe) -> list[str]:
    """Return the names of the models that a fit loads: initial weights, embedding network and teachers.

    The model in `calibrated_by` is not among them, because only the calibration needs it.
    """
    config = recipe.config
    names = [getattr(config, "start", ""), getattr(config, "network", ""), *getattr(config, "teachers", ())]
    return [name for name in names if name]


def training_order(recipes: Mapping[str, Recipe] = RECIPES) -> list[str]:
    """Return the names of the recipes, each after the models that its fit needs and after its `calibrated_by`."""
    needed = {name: [*models_needed_to_fit(recipe), recipe.calibrated_by] for name, recipe in recipes.items()}
    order = TopologicalSorter({name: [model for model in models if model] for name, models in needed.items()})
    return [name for name in order.static_order() if name in recipes]
