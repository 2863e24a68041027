"""95 % intervals of proportions, means and bootstrap samples."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

Z_95 = 1.959964
"""95 % of a normal distribution lies within this many standard deviations of its mean."""


def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a proportion (Wilson 1927); (nan, nan) for n = 0."""
    if n == 0:
        return np.nan, np.nan
    interval = binomtest(successes, n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def mean_with_interval(shares: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean of (n,) shares, n >= 1, and its 95 % interval by the central limit theorem.

    With one share the interval is 0 to 1. If all shares are equal, the theorem gives no width. The Wilson interval of n
    trials is used instead.
    """
    mean = float(shares.mean())
    if len(shares) < 2:
        return mean, 0.0, 1.0
    if np.ptp(shares) == 0:
        return mean, *wilson_interval(round(mean * len(shares)), len(shares))
    half = Z_95 * float(shares.std(ddof=1)) / len(shares) ** 0.5
    return mean, max(0.0, mean - half), min(1.0, mean + half)


def percentile_interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 2.5 % and 97.5 % percentiles of bootstrap values without NaN; (nan, nan) if all are NaN.

    (Efron and Tibshirani 1993)
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return np.nan, np.nan
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
