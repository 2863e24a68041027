"""The same picture under different labels."""

import pandas as pd

from core.data.issues.base import Issue


def label_conflicts(manifest: pd.DataFrame) -> pd.DataFrame:
    """The rows of pictures that occur under more than one label, the copies of one picture together."""
    labels = manifest.drop_duplicates(["duplicate_group", "true_label"]).groupby("duplicate_group").size()
    several = labels.index[labels > 1]
    return manifest[manifest["duplicate_group"].isin(several)].sort_values(["duplicate_group", "image_id"])


ISSUE = Issue("Label conflicts", "The same picture under different labels: one must be wrong.", label_conflicts)
