"""Whether a model's weights are those that its card describes."""

from pathlib import Path

from core.exceptions import InputError
from core.files import sha256
from core.models.card import Card
from core.models.folders import CARD, model_file


def verified_weights(card: Card, weights_file: str) -> Path:
    """The model's weights file, after its sha256 has been compared with the card's; InputError if they differ."""
    weights = model_file(card.name, weights_file)
    if sha256(weights) != card.weights_sha256:
        raise InputError(
            f"{card.name}/{weights_file} is not the file that {CARD} describes (its sha256 differs); "
            "restore both files from the same training run."
        )
    return weights
