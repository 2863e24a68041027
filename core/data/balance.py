"""Number of images per emotion, and the imbalance between emotions."""

import pandas as pd


def class_counts(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the number of images of each emotion (rows) in train, val and test (columns)."""
    return pd.crosstab(manifest["true_label"], manifest["split"], dropna=False).astype(int)


def imbalance_ratio(counts: "pd.Series[int]") -> float:
    """Return the size of the largest class divided by the size of the smallest; NaN if a class has no images."""
    return float(counts.max() / counts.min()) if counts.min() else float("nan")
