"""A trained model in sentences, for its card on the Models page and for docs/models.md."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from core.classifiers.loading import config_of
from core.exceptions import InputError
from core.models.card import Card
from core.training.recipes import RECIPES


def describe_model(card: Card) -> str:
    """Return the `about` text of a card's recipe; empty if the recipe no longer exists."""
    if card.recipe_name not in RECIPES:
        return ""
    text = RECIPES[card.recipe_name].about
    return text if card.name == card.recipe_name else f"Trained with a changed recipe. The original recipe: {text}"


def describe_training(card: Card, history: pd.DataFrame) -> str:
    """Return how long a model was trained, with which optimiser and augmentation, and which weights were kept.

    Hyperparameters that the model's family does not have are left out.
    """
    kept = history.loc[history["kept"] == 1, "step"].tolist() if "kept" in history else []
    config = readable_config(card)
    if hasattr(config, "iterations"):
        return _describe_trees(config, kept)
    if hasattr(config, "epochs"):
        return _describe_network(config, kept)
    return "See the recipe."


def readable_config(card: Card) -> Any:
    """Return the config that the model was trained with, or None if the recipe in its card is unreadable.

    Pages that use the model report the damage.
    """
    try:
        return config_of(card)
    except InputError:
        return None


def _describe_trees(config: Any, kept: list[float]) -> str:
    last = f": {int(kept[0]):,}" if kept else ""
    return (
        f"Up to {config.iterations:,} trees of depth {config.depth}, learning rate {config.learning_rate:g}. "
        f"Kept: the trees up to the best accuracy on val{last}."
    )


def _describe_network(config: Any, kept: list[float]) -> str:
    changes = [name for name, amount in asdict(config.augmentation).items() if amount and name != "crop"]
    extras = [
        f"augmentation ({', '.join(changes)})" if changes else "no augmentation",
        f"mixup {config.mixup:g}" if config.mixup else "",
        f"label smoothing {config.label_smoothing:g}" if config.label_smoothing else "",
        f"class weights ({config.class_weights})" if config.class_weights != "none" else "",
        "moving average of the weights" if config.weight_averaging else "",
        "batch normalisation with statistics of unaugmented faces" if config.batch_statistics == "clean" else "",
    ]
    sentences = [
        f"{config.total_epochs} epochs with {config.optimiser}, {config.schedule} schedule, batch size "
        f"{config.batch_size}; {', '.join(filter(None, extras))}.",
        f"Training starts from the weights of {config.start}." if config.start else "",
        _describe_teachers(config),
        _describe_final_weights(config),
        f"Kept: epoch {int(kept[0]):,}." if kept else "",
    ]
    return " ".join(filter(None, sentences))


def _describe_final_weights(config: Any) -> str:
    if not config.start_share:
        return ""
    return f"The final weights are mixed: {100 * config.start_share:.0f} % of {config.start}, the rest new."


def _describe_teachers(config: Any) -> str:
    if not config.teachers:
        return ""
    return (
        f"{100 * config.teacher_share:.0f} % of each target is the mean prediction of {', '.join(config.teachers)}, "
        "the rest is the label."
    )
