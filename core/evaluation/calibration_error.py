"""Difference between confidence and accuracy: reliability by bins, and the expected calibration error."""

import numpy as np
import pandas as pd

from core.evaluation.scored_table import correct

ECE_BINS = 15
"""Number of equal-width bins for the expected calibration error (Guo et al. 2017)."""


def reliability(table: pd.DataFrame, bins: int = ECE_BINS) -> pd.DataFrame:
    """Return one row per confidence bin: bin_low, bin_high, n, mean confidence, accuracy (both NaN if n is 0)."""
    edges = np.linspace(0, 1, bins + 1)
    bin_of = np.clip(np.digitize(table["confidence"].to_numpy(float), edges, right=True) - 1, 0, bins - 1)
    columns = {"confidence": table["confidence"].to_numpy(float), "accuracy": correct(table).astype(float)}
    grouped = pd.DataFrame(columns).groupby(bin_of)
    frame = grouped.mean().reindex(range(bins))
    counts = grouped.size().reindex(range(bins), fill_value=0)
    return frame.assign(bin_low=edges[:-1], bin_high=edges[1:], n=counts)[
        ["bin_low", "bin_high", "n", "confidence", "accuracy"]
    ]


def expected_calibration_error(table: pd.DataFrame, bins: int = ECE_BINS) -> float:
    """Return the mean gap between confidence and accuracy, weighted by the images per bin (Guo et al. 2017)."""
    frame = reliability(table, bins)
    gaps = (frame["confidence"] - frame["accuracy"]).abs().fillna(0)
    return float((gaps * frame["n"]).sum() / len(table)) if len(table) else np.nan
