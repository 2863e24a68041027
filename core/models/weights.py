"""Check that a model's weights belong to its card."""

from pathlib import Path

from core.exceptions import InputError
from core.files import sha256, unreadable
from core.models.card import Card
from core.models.folders import CARD, model_file, shown_file

WEIGHTS_REMEDY = "restore both files from the same training run"


def verified_weights(card: Card, weights_file: str) -> Path:
    """Return the path of the weights file. Raises InputError if it cannot be read or has another SHA-256."""
    weights = model_file(card.name, weights_file)
    try:
        is_that_of_card = sha256(weights) == card.weights_sha256
    except OSError as error:
        raise unreadable(shown_file(card.name, weights_file), error) from error
    if not is_that_of_card:
        raise InputError(
            f"{shown_file(card.name, weights_file)} is not the file that {CARD} describes (its sha256 differs); "
            f"{WEIGHTS_REMEDY}."
        )
    return weights
