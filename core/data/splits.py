"""Split the images into train, val (for model selection) and test."""

import hashlib
from typing import Any

import pandas as pd

from core.columns import SPLIT_DTYPE

SPLIT_SEED = 42
VAL_SHARE = 0.1
"""Share of the Training images of each label that becomes val."""


def assign_splits(table: pd.DataFrame) -> "pd.Series[Any]":
    """Return the split of each image: train, val or test.

    Only Training is divided, about 10 % of each label for val. Exact copies of one Training image get the same split.
    The order comes from a hash of the image_ids, so it does not depend on any library's random generator. `table` needs
    the columns image_id, usage, true_label and duplicate_group.
    """
    training = table[table["usage"] == "Training"]
    val_groups = _val_groups(training)
    splits = pd.Series("test", index=table.index)
    splits[training.index] = "train"
    splits[training.index[training["duplicate_group"].isin(val_groups)]] = "val"
    return splits.astype(SPLIT_DTYPE)


def keep_shipped_splits(table: pd.DataFrame, shipped: pd.DataFrame) -> "pd.Series[Any]":
    """Return the split of each image: the one in the shipped manifest, otherwise that of `assign_splits`.

    The shipped models were trained with these splits. A copy of a known Training image gets the split of that image.
    """
    known = table["image_id"].map(shipped.set_index("image_id")["split"]).astype(object)
    training = table["usage"] == "Training"
    group_split = known[training].groupby(table["duplicate_group"][training]).transform("first")
    return known.fillna(group_split).fillna(assign_splits(table).astype(object)).astype(SPLIT_DTYPE)


def _val_groups(training: pd.DataFrame) -> list[int]:
    """Return the duplicate groups that belong to val. A group counts for the label of its first image."""
    groups = training.groupby("duplicate_group").agg(
        first_id=("image_id", "first"), true_label=("true_label", "first"), size=("image_id", "size")
    )
    groups = groups.assign(order=groups["first_id"].map(_hash_order)).sort_values("order")
    sizes = groups.groupby("true_label", observed=True)["size"]
    images_before = sizes.cumsum() - groups["size"]
    return groups.index[images_before < VAL_SHARE * sizes.transform("sum")].tolist()


def _hash_order(image_id: str) -> str:
    return hashlib.sha256(f"{SPLIT_SEED}:{image_id}".encode()).hexdigest()
