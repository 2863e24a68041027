"""The recipes: model name -> family, config, role and a sentence on what it makes."""

from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from core.classifiers.trees.embedding import EmbeddingTreesConfig
from core.classifiers.trees.handmade import HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoostConfig
from core.models.card import Card, Role
from core.training import network_configs


class Recipe(NamedTuple):
    """How a model is made; trained unchanged it gives the model of its own name."""

    family: str
    """A key of `CLASSIFIERS`."""
    config: Any
    """An instance of the family's `config_type`; its fields say what each hyperparameter means."""
    role: Role = "own"
    """What the model is for."""
    calibrated_by: str = ""
    """For a fit on train and val together: the model, fitted on train alone, whose calibration it takes over."""
    about: str = ""
    """A sentence on what kind of model it makes; it heads the model's card."""


RECIPES: dict[str, Recipe] = {
    "cnn-seed": Recipe(
        "cnn",
        network_configs.SEED,
        "notebook",
        about="The network of the notebook project that FERscope grew out of (the seed), with its settings; its "
        "weights are chosen on val, not on the test images.",
    ),
    "catboost-seed": Recipe(
        "catboost",
        CatBoostConfig(),
        "notebook",
        about="The notebook project's (the seed's) other model: trees on the bare pixels.",
    ),
    "catboost": Recipe(
        "catboost-handmade",
        HandmadeTreesConfig(),
        "default",
        about="Trees on features made by hand, without a neural network: words of gradients and patches, and their "
        "discriminants.",
    ),
    "catboost-on-cnn": Recipe(
        "catboost-embedding",
        EmbeddingTreesConfig(),
        "variant",
        about="Trees on what the network cnn-student has learnt to see.",
    ),
    "cnn-seed-augmented": Recipe(
        "cnn",
        network_configs.SEED_AUGMENTED,
        "lesson",
        about="The seed's network, unchanged, trained long enough to profit from augmentation of all seven classes.",
    ),
    "cnn-seed-balanced": Recipe(
        "cnn",
        network_configs.SEED_BALANCED,
        "variant",
        about="cnn-seed-augmented once more, with rare classes weighing as much as common ones: what they gain, and "
        "what the others pay.",
    ),
    "cnn-teacher-1": Recipe(
        "cnn",
        network_configs.TEACHER_1,
        "ancestor",
        about="A residual network at half the side: first teacher of the network that ships.",
    ),
    "cnn-teacher-2": Recipe(
        "cnn",
        network_configs.TEACHER_2,
        "ancestor",
        about="A plain network on single pixels, so unlike the first teacher that the two err apart.",
    ),
    "cnn-teacher-3": Recipe(
        "cnn",
        network_configs.TEACHER_3,
        "ancestor",
        "cnn-teacher-2",
        about="cnn-teacher-2, gone on learning from the labels alone, with val added after every choice.",
    ),
    "cnn-student": Recipe(
        "cnn",
        network_configs.STUDENT,
        "ancestor",
        about="cnn-teacher-1's network, gone on learning from both teachers' answers and from the labels.",
    ),
    "cnn-student-2": Recipe(
        "cnn",
        network_configs.STUDENT_2,
        "ancestor",
        about="As much work a face as cnn-student, but on single pixels; one target for all views of a face.",
    ),
    "cnn-student-3": Recipe(
        "cnn",
        network_configs.STUDENT_3,
        "ancestor",
        "cnn-student-2",
        about="cnn-student-2, gone on learning, from its own answers too, with val added after every choice.",
    ),
    "cnn-student-4": Recipe(
        "cnn",
        network_configs.STUDENT_4,
        "ancestor",
        "cnn-student-2",
        about="cnn-student-3, gone on learning from one more teacher, on a wider cut of the face.",
    ),
    "cnn-student-5": Recipe(
        "cnn",
        network_configs.STUDENT_5,
        "ancestor",
        "cnn-student-2",
        about="cnn-student-4, gone on learning from two teachers of each of three lines, which err apart.",
    ),
    "cnn": Recipe(
        "cnn",
        network_configs.CNN,
        "default",
        "cnn-student-2",
        about="The default, small enough for video: half-way between cnn-student-5 and what it became when it went on "
        "learning, with its own answers among those of its teachers.",
    ),
}


def about(card: Card) -> str:
    """A sentence on what kind of model it is, its recipe's own; empty if the recipe is not known any more."""
    if card.recipe_name not in RECIPES:
        return ""
    sentence = RECIPES[card.recipe_name].about
    return sentence if card.name == card.recipe_name else f"Of a changed recipe; before the change: {sentence}"


def named_models(recipe: Recipe) -> list[str]:
    """The models that a fit builds on: its teachers, the one whose weights it begins with, the one whose embedding."""
    config = recipe.config
    names = [getattr(config, "start", ""), getattr(config, "network", ""), *getattr(config, "teachers", ())]
    return [name for name in names if name]


def training_order(recipes: Mapping[str, Recipe] = RECIPES) -> list[str]:
    """The names so that each comes after those it builds on, and after the one whose calibration it takes over."""
    before = {name: [*named_models(recipe), recipe.calibrated_by] for name, recipe in recipes.items()}
    order = TopologicalSorter({name: [other for other in others if other] for name, others in before.items()})
    return [name for name in order.static_order() if name in recipes]
