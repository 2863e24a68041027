"""Number of images per emotion, the imbalance between emotions, and whether sets of images have the same mix."""

from typing import NamedTuple

import numpy as np
import pandas as pd

SIGNIFICANT_BELOW = 0.05
"""Sets of images differ in their mix of emotions if chance alone gives such differences more rarely than this."""


class ConstantAnswer(NamedTuple):
    """The result of giving every image the same label."""

    emotion: str
    """The label: the largest class in train."""
    accuracy: float
    """Share of the test images with this label, 0..1; NaN without test images."""


class MixTest(NamedTuple):
    """The result of a test whether sets of images have the same mix of emotions."""

    statistic: float
    """Pearson's chi-square."""
    freedom: int
    """Degrees of freedom."""
    p: float
    """Probability, 0..1, of differences at least as large if all sets were drawn from one source."""


def class_counts(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the number of images of each emotion (rows) in train, val and test (columns)."""
    return pd.crosstab(manifest["true_label"], manifest["split"], dropna=False).astype(int)


def usage_counts(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the number of images of each emotion (rows) in Training, PublicTest and PrivateTest (columns)."""
    return pd.crosstab(manifest["true_label"], manifest["usage"], dropna=False).astype(int)


def imbalance_ratio(counts: "pd.Series[int]") -> float:
    """Return the size of the largest class divided by the size of the smallest; NaN if a class has no images."""
    return float(counts.max() / counts.min()) if counts.min() else float("nan")


def balancing_weights(counts: "pd.Series[int]") -> "pd.Series[float]":
    """Return the weight of each class with which all classes weigh the same: n / (classes x images of the class).

    The mean weight of an image is 1. It is NaN for classes without images. scikit-learn calls these weights "balanced";
    see King and Zeng, "Logistic regression in rare events data", 2001.
    """
    return counts.sum() / (len(counts) * counts.astype(float).replace(0.0, np.nan))


def constant_answer(counts: pd.DataFrame) -> ConstantAnswer:
    """Return what it is worth to give each test image the label of the largest class in train; see `class_counts`."""
    emotion = str(counts["train"].idxmax())
    tests, right = int(counts["test"].sum()), int(counts["test"][emotion])
    return ConstantAnswer(emotion, right / tests if tests else float("nan"))


def same_mix(counts: pd.DataFrame) -> MixTest | None:
    """Test whether the sets in the columns have the same mix of the classes in the rows (Pearson's chi-square, 1900).

    Classes and sets without images are left out. None if fewer than two classes or two sets are left.
    """
    from scipy.special import chdtrc  # takes a moment to import, and few visitors need it

    counts = counts.loc[counts.sum(axis=1) > 0, counts.sum() > 0]
    if min(counts.shape) < 2:
        return None
    observed = counts.to_numpy(np.float64)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / observed.sum()
    statistic = float(((observed - expected) ** 2 / expected).sum())
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return MixTest(statistic, freedom, float(chdtrc(freedom, statistic)))


def largest_gap(counts: pd.DataFrame) -> tuple[str, float]:
    """Return the class whose share differs most between two sets, and this difference in shares, 0..1.

    Sets without images are left out; at least one class must be listed.
    """
    counts = counts.loc[:, counts.sum() > 0]
    shares = counts / counts.sum()
    gaps = (shares.max(axis=1) - shares.min(axis=1)).fillna(0.0)
    return str(gaps.idxmax()), float(gaps.max())
