"""Label conflicts: exact copies of one image that have different labels."""

import pandas as pd

from core.data.issues.base import Issue


def label_conflicts(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the images that have an exact copy with another label, sorted so that copies are adjacent."""
    label_counts = manifest.drop_duplicates(["duplicate_group", "true_label"]).groupby("duplicate_group").size()
    conflicting = label_counts.index[label_counts > 1]
    return manifest[manifest["duplicate_group"].isin(conflicting)].sort_values(["duplicate_group", "image_id"])


ISSUE = Issue(
    "Label conflicts",
    "Exact copies of one image that have different labels. At least one of the labels must be wrong.",
    label_conflicts,
)
