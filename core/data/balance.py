"""How many images each emotion has."""

import pandas as pd


def class_counts(manifest: pd.DataFrame) -> pd.DataFrame:
    """Images of each emotion (rows) in train, val and test (columns); absent ones are 0."""
    return pd.crosstab(manifest["true_label"], manifest["split"], dropna=False).astype(int)


def imbalance_ratio(counts: "pd.Series[int]") -> float:
    """Largest over smallest class; NaN where a class has no image."""
    return float(counts.max() / counts.min()) if counts.min() else float("nan")
