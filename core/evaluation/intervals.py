"""95 % intervals of proportions, means and bootstrap samples."""

import numpy as np
from numpy.typing import NDArray

Z_95 = 1.959964
"""95 % of a normal distribution lies within this many standard deviations of its mean."""

TOO_FEW = 30
"""Fewer images than this allow no statement about which model is better, and no interval by resampling.

Resamples of few images are too much alike: three right predictions of three are right in every resample.
"""


def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a proportion (Wilson 1927); (nan, nan) for n = 0."""
    from scipy.stats import binomtest  # takes half a second; most pages show intervals that are stored

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


def percentile_intervals(samples: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the 95 % percentile intervals of bootstrap values (Efron and Tibshirani 1993).

    (r, k), r values of k statistics -> two arrays (k,). NaN values are ignored; both ends are NaN if all values are.
    """
    ends = np.full((2, samples.shape[1]), np.nan)
    defined = ~np.isnan(samples).all(axis=0)
    if defined.any():
        ends[:, defined] = np.nanpercentile(samples[:, defined], [2.5, 97.5], axis=0)
    return ends[0], ends[1]
