"""Which image is for training, which for choosing, which for testing."""

import hashlib
from typing import Any

import pandas as pd

from core.columns import SPLIT_DTYPE

SPLIT_SEED = 42
VAL_SHARE = 0.1
"""Of each label's Training images."""


def assign_splits(table: pd.DataFrame) -> "pd.Series[Any]":
    """Usage, label and duplicate group of each image -> its split: train, val or test.

    The folder test is test. Training is divided per label, about 10 % for val; the copies of one picture stay on one
    side. The order comes from a hash of the names, so that no library's random generator can change it.
    """
    training = table[table["usage"] == "Training"]
    val_groups = _val_groups(training)
    splits = pd.Series("test", index=table.index)
    splits[training.index] = "train"
    splits[training.index[training["duplicate_group"].isin(val_groups)]] = "val"
    return splits.astype(SPLIT_DTYPE)


def adopt_splits(table: pd.DataFrame, shipped: pd.DataFrame) -> "pd.Series[Any]":
    """The splits that the shipped models were trained with, for images that they know; the rule for all others.

    A copy of a known Training image goes where that image is.
    """
    known = table["image_id"].map(shipped.set_index("image_id")["split"]).astype(object)
    training = table["usage"] == "Training"
    of_group = known[training].groupby(table["duplicate_group"][training]).transform("first")
    return known.fillna(of_group).fillna(assign_splits(table).astype(object)).astype(SPLIT_DTYPE)


def _val_groups(training: pd.DataFrame) -> list[int]:
    """The duplicate groups of val; a group has the label of its first image."""
    groups = training.groupby("duplicate_group").agg(
        first_id=("image_id", "first"), true_label=("true_label", "first"), size=("image_id", "size")
    )
    groups = groups.assign(order=groups["first_id"].map(_order)).sort_values("order")
    sizes = groups.groupby("true_label", observed=True)["size"]
    before = sizes.cumsum() - groups["size"]
    return groups.index[before < VAL_SHARE * sizes.transform("sum")].tolist()


def _order(image_id: str) -> str:
    return hashlib.sha256(f"{SPLIT_SEED}:{image_id}".encode()).hexdigest()
