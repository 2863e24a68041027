"""Difference between confidence and accuracy: per confidence bin, and as expected calibration error."""

import numpy as np
import pandas as pd

from core.evaluation.scored_table import correct

ECE_BINS = 15
"""Number of equal-width bins for the expected calibration error (Guo et al. 2017)."""


def reliability(table: pd.DataFrame, bins: int = ECE_BINS) -> pd.DataFrame:
    """Return one row per confidence bin of a scored table.

    The columns are bin_low, bin_high, n (number of images), confidence (mean) and accuracy. The last two are NaN if n
    is 0.
    """
    edges = np.linspace(0, 1, bins + 1)
    bin_ids = np.clip(np.digitize(table["confidence"].to_numpy(float), edges, right=True) - 1, 0, bins - 1)
    columns = {"confidence": table["confidence"].to_numpy(float), "accuracy": correct(table).astype(float)}
    grouped = pd.DataFrame(columns).groupby(bin_ids)
    means = grouped.mean().reindex(range(bins))
    counts = grouped.size().reindex(range(bins), fill_value=0)
    return means.assign(bin_low=edges[:-1], bin_high=edges[1:], n=counts)[
        ["bin_low", "bin_high", "n", "confidence", "accuracy"]
    ]


def expected_calibration_error(table: pd.DataFrame, bins: int = ECE_BINS) -> float:
    """Return the mean absolute difference between the confidence and the accuracy of the bins, 0..1.

    Bins are weighted by their number of images (Guo et al. 2017). Return NaN if there are no images.
    """
    per_bin = reliability(table, bins)
    gaps = (per_bin["confidence"] - per_bin["accuracy"]).abs().fillna(0)
    return float((gaps * per_bin["n"]).sum() / len(table)) if len(table) else np.nan
