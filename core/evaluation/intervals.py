"""95 % intervals: of a share, of a mean, of a bootstrap."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

Z_95 = 1.959964
"""Standard deviations to either side that hold 95 % of a normal distribution."""


def wilson_interval(right: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); (nan, nan) for n = 0."""
    if n == 0:
        return np.nan, np.nan
    interval = binomtest(right, n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def mean_with_interval(shares: NDArray[np.float64]) -> tuple[float, float, float]:
    """(n,) shares of the faces, n at least 1 -> their mean and its 95 % interval by the central limit theorem.

    Of one face the interval is all that is possible. Where no two faces differ their spread says nothing, and the
    interval is Wilson's for one cut a face.
    """
    mean = float(shares.mean())
    if len(shares) < 2:
        return mean, 0.0, 1.0
    if np.ptp(shares) == 0:
        return mean, *wilson_interval(round(mean * len(shares)), len(shares))
    half = Z_95 * float(shares.std(ddof=1)) / len(shares) ** 0.5
    return mean, max(0.0, mean - half), min(1.0, mean + half)


def percentile_interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Figures of resampled data -> (2.5 %, 97.5 %) of those that are defined (Efron and Tibshirani 1993); (nan, nan) if
    none is."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return np.nan, np.nan
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
