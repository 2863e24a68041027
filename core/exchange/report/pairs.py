"""The images on which two stored models are compared."""

import pandas as pd

from core.data.shipped import load_manifest
from core.evaluation import comparison
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import slice_rows
from core.evaluation.two_models.figures import unpredicted
from core.exceptions import InputError, shortened
from core.models.card import Card
from core.review.slice_columns import with_slice_columns


def read_pairs(cards: tuple[Card, Card], slice_name: str) -> tuple[pd.DataFrame, int]:
    """Return the table of `comparison.pair` on a slice, and the result of `unpredicted`.

    Raises InputError if the slice has no image that both models have predicted, or needs what is not known.
    """
    manifest = load_manifest()
    all_pairs = comparison.pair(*(scored_predictions(card.name, manifest) for card in cards))
    pairs = slice_rows(with_slice_columns(all_pairs, slice_name), slice_name)
    if pairs.empty:
        names = " and ".join(shortened(card.name) for card in cards)
        raise InputError(
            f"slice {shortened(slice_name, 120)} has no image that both {names} have predicted; choose another slice."
        )
    return pairs, unpredicted(manifest, all_pairs)
