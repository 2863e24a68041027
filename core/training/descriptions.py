"""Describe trained models in sentences, for the dashboard and for docs/models.md."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from core.classifiers.loading import config_of
from core.exceptions import InputError
from core.models.card import Card
from core.training.recipes import RECIPES


def describe_model(card: Card) -> str:
    """Return the `about` text of the model's recipe; empty if the recipe no longer exists.

    If the model was trained with other hyperparameters, the text begins by saying so. It is also empty for guests.
    """
    if card.is_guest or card.recipe_name not in RECIPES:  # a guest's recipe name tells only what was added
        return ""
    recipe = RECIPES[card.recipe_name]
    if readable_config(card) == recipe.config:
        return recipe.about
    return f"Trained with a changed recipe. The original recipe: {recipe.about}"


def describe_training(card: Card, history: pd.DataFrame) -> str:
    """Return sentences about a model's training: length, hyperparameters, and which epoch or trees were kept."""
    if card.is_guest:
        return "Others trained this model. How they did is unknown."
    kept_steps = history.loc[history["kept"] == 1, "step"].tolist() if "kept" in history else []
    config = readable_config(card)
    if hasattr(config, "iterations"):
        return _describe_trees(config, kept_steps)
    if hasattr(config, "epochs"):
        return _describe_network(config, kept_steps)
    return "See the recipe."


def readable_config(card: Card) -> Any:
    """Return the config that the model was trained with, or None if the card's family or recipe is invalid.

    Nothing is reported here, because loading the model reports the same error.
    """
    try:
        return config_of(card)
    except InputError:
        return None


def _describe_trees(config: Any, kept_steps: list[float]) -> str:
    remaining = f", so {int(kept_steps[0]):,} remain" if kept_steps else ""
    return (
        f"Up to {config.iterations:,} trees of depth {config.depth}, learning rate {config.learning_rate:g}. "
        f"The trees after the iteration with the best accuracy on val were removed{remaining}."
    )


def _describe_network(config: Any, kept_steps: list[float]) -> str:
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
        f"The weights of epoch {int(kept_steps[0]):,} were kept." if kept_steps else "",
        _describe_final_weights(config),
    ]
    return " ".join(filter(None, sentences))


def _describe_final_weights(config: Any) -> str:
    if not config.start_share:
        return ""
    share = 100 * config.start_share
    return (
        f"The final weights are a weighted mean: {100 - share:.0f} % weights from this training, "
        f"{share:.0f} % weights of {config.start}."
    )


def _describe_teachers(config: Any) -> str:
    if not config.teachers:
        return ""
    share = 100 * config.teacher_share
    return (
        f"{share:.0f} % of each target is the mean prediction of the teachers ({', '.join(config.teachers)}), and "
        f"{100 - share:.0f} % is the true label."
    )
