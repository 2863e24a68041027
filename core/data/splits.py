"""Assign the images to the splits train, val (for model selection) and test."""

import hashlib
from typing import Any

import pandas as pd

from core.columns import SPLIT_DTYPE

SPLIT_SEED = 42
VAL_SHARE = 0.1
"""Share of the Training images of each label that becomes val."""


def assign_splits(table: pd.DataFrame) -> "pd.Series[Any]":
    """Return the split of each image: train, val or test.

    About 10 % of the Training images of each label become val, and the others train. All other images become test.
    Images with a `given_split` get that, and val is drawn from the others.
    Exact copies in Training get the same split. A hash of the image_ids decides which images become val, so the split
    does not depend on any library's random generator. `table` needs the columns image_id, usage, true_label and
    duplicate_group.
    """
    given = (
        table["given_split"].astype(object) if "given_split" in table else pd.Series(None, table.index, dtype=object)
    )
    training = table[(table["usage"] == "Training") & given.isna()]
    splits = pd.Series("test", index=table.index)
    splits[training.index] = "train"
    splits[training.index[training["duplicate_group"].isin(_val_groups(training))]] = "val"
    splits = given.fillna(splits)
    return splits.astype(SPLIT_DTYPE)


def keep_shipped_splits(table: pd.DataFrame, shipped: pd.DataFrame) -> "pd.Series[Any]":
    """Return the split of each image. Images listed in the shipped manifest keep the split they have there.

    The shipped models were trained with these splits. A new Training image that is an exact copy of a listed Training
    image gets the split of that image. Any other new image gets the split from `assign_splits`.
    """
    listed = table["image_id"].map(shipped.set_index("image_id")["split"]).astype(object)
    is_training = table["usage"] == "Training"
    group_split = listed[is_training].groupby(table["duplicate_group"][is_training]).transform("first")
    return listed.fillna(group_split).fillna(assign_splits(table).astype(object)).astype(SPLIT_DTYPE)


def _val_groups(training: pd.DataFrame) -> list[int]:
    """Return the duplicate groups that become val. The first image of a group decides the label of the whole group."""
    groups = training.groupby("duplicate_group").agg(
        first_id=("image_id", "first"), true_label=("true_label", "first"), size=("image_id", "size")
    )
    groups = groups.assign(hash=groups["first_id"].map(_image_hash)).sort_values("hash")
    sizes_by_label = groups.groupby("true_label", observed=True)["size"]
    images_before = sizes_by_label.cumsum() - groups["size"]  # images of the same label in the groups above
    return groups.index[images_before < VAL_SHARE * sizes_by_label.transform("sum")].tolist()


def _image_hash(image_id: str) -> str:
    return hashlib.sha256(f"{SPLIT_SEED}:{image_id}".encode()).hexdigest()
