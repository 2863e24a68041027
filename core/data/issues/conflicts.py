"""Label conflicts: exact copies of one image that have different labels."""

import pandas as pd

from core.data.issues.base import Issue


def label_conflicts(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the images that have an exact copy with another label, sorted so that copies are adjacent."""
    label_counts = manifest.drop_duplicates(["duplicate_group", "true_label"]).groupby("duplicate_group").size()
    conflicting = label_counts.index[label_counts > 1]
    return manifest[manifest["duplicate_group"].isin(conflicting)].sort_values(["duplicate_group", "image_id"])


def labels_of_copies(rows: pd.DataFrame, manifest: pd.DataFrame) -> dict[str, list[str]]:
    """Return image id -> the other labels of its exact copies in the manifest, for the rows that have some."""
    copies = manifest.loc[manifest["duplicate_group"].isin(rows["duplicate_group"]), ["duplicate_group", "true_label"]]
    joined = rows[["image_id", "duplicate_group", "true_label"]].merge(
        copies, on="duplicate_group", suffixes=("", "_copy")
    )
    other = joined[joined["true_label"].astype(str) != joined["true_label_copy"].astype(str)]
    return {
        str(image_id): sorted(set(labels.astype(str)))
        for image_id, labels in other.groupby("image_id", sort=False)["true_label_copy"]
    }


ISSUE = Issue(
    "Label conflicts",
    "Exact copies of one image that have different labels. At least one of the labels must be wrong.",
    label_conflicts,
)
