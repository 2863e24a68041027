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
    """Return the mean of `shares`, and the low and high end of the 95 % interval of this mean.

    `shares` has shape (n,), n >= 1, and values from 0 to 1. The interval follows from the central limit theorem. If all
    shares are equal, that interval would have no width, so the Wilson interval of n trials is returned. With a single
    share, the interval is 0 to 1.
    """
    mean = float(shares.mean())
    if len(shares) < 2:
        return mean, 0.0, 1.0
    if np.ptp(shares) == 0:
        return mean, *wilson_interval(round(mean * len(shares)), len(shares))
    half_width = Z_95 * float(shares.std(ddof=1)) / len(shares) ** 0.5
    return mean, max(0.0, mean - half_width), min(1.0, mean + half_width)


def percentile_interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % percentile interval of bootstrap values (Efron and Tibshirani 1993).

    NaN values are ignored. Return (nan, nan) if all values are NaN.
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return np.nan, np.nan
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
