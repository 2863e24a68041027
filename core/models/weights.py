"""Check that a model's weights belong to its card."""

from pathlib import Path

from core.exceptions import InputError
from core.files import sha256
from core.models.card import Card
from core.models.folders import CARD, model_file


def verified_weights(card: Card, weights_file: str) -> Path:
    """Return the path of the weights file. Raises InputError if its SHA-256 is not the one in the card."""
    weights = model_file(card.name, weights_file)
    if sha256(weights) != card.weights_sha256:
        raise InputError(
            f"{card.name}/{weights_file} is not the file that {CARD} describes (its sha256 differs); "
            "restore both files from the same training run."
        )
    return weights
