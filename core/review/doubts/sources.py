"""The doubts about the labels of the data set in use, from predictions by models that were not trained on the images.

Test images: the stored predictions of the default network. Training images: cross-validation, whose models each predict
images that they were not trained on. Predictions for val are never used: the default network was trained on val.
"""

from typing import Literal

import pandas as pd

from core.data.shipped import load_manifest
from core.data.store import current_import
from core.evaluation.out_of_sample import read_out_of_sample
from core.evaluation.predictions import join_shared_images
from core.evaluation.slices import slice_rows
from core.models.card import Card, leading_first
from core.models.store import read_cards, read_predictions
from core.review.doubts.scores import doubt_table

Split = Literal["test", "training"]

SPLITS: tuple[Split, ...] = ("test", "training")
"""`test` are PublicTest and PrivateTest; `training` are all images of the usage Training: train and val."""


def doubts(split: Split) -> pd.DataFrame | None:
    """Return how doubtful the label of each image is, the most doubtful first; see `doubt_table` for the columns.

    None if there are no out-of-sample predictions for any image of the data set in use. Images without one are left
    out. Raises InputError for predictions that are damaged.
    """
    if split == "test":
        return _test_doubts()
    if split == "training":
        return _training_doubts()
    raise ValueError(f"unknown split {split!r}")


def default_model(cards: dict[str, Card], is_network: bool) -> Card | None:
    """Return the card of the default network, or of the other default model, from all cards; None if it is missing."""
    for card in leading_first(cards):
        if card.role == "default" and (card.family == "cnn") == is_network:
            return card
    return None


def agreement(table: pd.DataFrame) -> pd.DataFrame | None:
    """Return a table of doubts about test images with the answer of a second model, the default one that is no network.

    The columns second_label (its predicted label), second_score (its probability of the true label) and agrees (whether
    it predicts the suggested label) are added. Images that it has not predicted are left out. None if there is no such
    model or it has predicted none of the images. Raises InputError if its predictions are damaged.
    """
    card = default_model(read_cards()[0], is_network=False)
    if card is None:
        return None
    second = doubt_table(_scored_test(card.name)).rename(columns={"suggested_label": "second_label"})
    second = second.rename(columns={"score": "second_score"})[["image_id", "second_label", "second_score"]]
    joined = table.merge(second, on="image_id", how="inner", validate="one_to_one")
    if joined.empty:
        return None
    return joined.assign(agrees=joined["second_label"].cat.codes == joined["suggested_label"].cat.codes)


def _test_doubts() -> pd.DataFrame | None:
    card = default_model(read_cards()[0], is_network=True)
    scored = _scored_test(card.name) if card else pd.DataFrame()
    return None if scored.empty else doubt_table(scored)


def _scored_test(model: str) -> pd.DataFrame:
    """Return the scored table of a model's test images, without val, on which some models are trained."""
    return slice_rows(join_shared_images(read_predictions(model), load_manifest()), "test")


def _training_doubts() -> pd.DataFrame | None:
    found = read_out_of_sample(current_import())
    if found is None:
        return None
    manifest = load_manifest()
    scored = join_shared_images(found.predictions, manifest[manifest["usage"] == "Training"])
    return None if scored.empty else doubt_table(scored)
