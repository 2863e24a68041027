"""Number of images of each emotion."""

import pandas as pd


def class_counts(manifest: pd.DataFrame) -> pd.DataFrame:
    """Count the images of each emotion (rows) in train, val and test (columns); 0 if there are none."""
    return pd.crosstab(manifest["true_label"], manifest["split"], dropna=False).astype(int)


def imbalance_ratio(counts: "pd.Series[int]") -> float:
    """Size of the largest class divided by that of the smallest; NaN if a class has no images."""
    return float(counts.max() / counts.min()) if counts.min() else float("nan")
