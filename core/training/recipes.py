"""The recipes: how each shipped model is made, by model name."""

from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from core.classifiers.trees.embedding import EmbeddingTreesConfig
from core.classifiers.trees.handmade import HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoostConfig
from core.models.card import Role
from core.training import network_configs


class Recipe(NamedTuple):
    """How a model is made. Its name is also the name of the model, unless the recipe is changed."""

    family: str
    """A key of `CLASSIFIERS`."""
    config: Any
    """An instance of the family's `config_type`. The comments under its fields explain each hyperparameter."""
    role: Role = "own"
    """What the model is for."""
    calibrated_by: str = ""
    """For a model fitted on train and val: the model, fitted on train alone, whose calibration is copied."""
    about: str = ""
    """What kind of model it is, in a sentence or two. Shown at the top of the model's card."""


RECIPES: dict[str, Recipe] = {
    "cnn-seed": Recipe(
        "cnn",
        network_configs.SEED,
        "notebook",
        about="The notebook project's network, with its settings. Its weights are chosen on val, not on the test "
        "images.",
    ),
    "catboost-seed": Recipe(
        "catboost",
        CatBoostConfig(),
        "notebook",
        about="The notebook project's other model: gradient-boosted trees on raw pixels.",
    ),
    "catboost": Recipe(
        "catboost-handmade",
        HandmadeTreesConfig(),
        "default",
        about="Gradient-boosted trees on hand-made features, without a neural network: counts of gradient and patch"
        " words, reduced to discriminants.",
    ),
    "catboost-on-cnn": Recipe(
        "catboost-embedding",
        EmbeddingTreesConfig(),
        "variant",
        about="Gradient-boosted trees on the embedding of the network cnn-student.",
    ),
    "cnn-seed-augmented": Recipe(
        "cnn",
        network_configs.SEED_AUGMENTED,
        "lesson",
        about="The network of cnn-seed, trained longer and with augmentation of all seven emotions.",
    ),
    "cnn-seed-balanced": Recipe(
        "cnn",
        network_configs.SEED_BALANCED,
        "variant",
        about="cnn-seed-augmented with class weights: in the loss, every emotion counts the same.",
    ),
    "cnn-teacher-1": Recipe(
        "cnn",
        network_configs.TEACHER_1,
        "ancestor",
        about="A residual network that works at half the resolution: the first teacher of cnn.",
    ),
    "cnn-teacher-2": Recipe(
        "cnn",
        network_configs.TEACHER_2,
        "ancestor",
        about="A plain network at full resolution, unlike cnn-teacher-1 on purpose: the two make different errors.",
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
        about="Starts from cnn-teacher-1 and learns from the labels and from the mean prediction of two teachers.",
    ),
    "cnn-student-2": Recipe(
        "cnn",
        network_configs.STUDENT_2,
        "ancestor",
        about="A smaller network, distilled from three teachers: the last one before cnn that has not learnt val.",
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
        about="cnn-student-3, trained further by distillation from five networks, itself included, on a wider crop.",
    ),
    "cnn-student-5": Recipe(
        "cnn",
        network_configs.STUDENT_5,
        "ancestor",
        "cnn-student-2",
        about="cnn-student-4, trained further by distillation from six networks of three different lines.",
    ),
    "cnn": Recipe(
        "cnn",
        network_configs.CNN,
        "default",
        "cnn-student-2",
        about="The default, small enough for video: cnn-student-5, trained further by distillation from six "
        "networks, itself included. Its weights are the mean of those before and after.",
    ),
}


def named_models(recipe: Recipe) -> list[str]:
    """Return the models that a fit needs: its teachers, the model it starts from, the network of its embedding."""
    config = recipe.config
    names = [getattr(config, "start", ""), getattr(config, "network", ""), *getattr(config, "teachers", ())]
    return [name for name in names if name]


def training_order(recipes: Mapping[str, Recipe] = RECIPES) -> list[str]:
    """Sort the recipes so that each comes after the models that it needs, and after the one it is calibrated by."""
    before = {name: [*named_models(recipe), recipe.calibrated_by] for name, recipe in recipes.items()}
    order = TopologicalSorter({name: [other for other in others if other] for name, others in before.items()})
    return [name for name in order.static_order() if name in recipes]
