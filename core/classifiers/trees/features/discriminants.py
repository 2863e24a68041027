"""Fisher's linear discriminants of many features: for each class the direction that tells it from all faces.

The direction of class c is W^-1 (m_c - m), with W the covariance within classes, m_c the mean of the class and m that
of all (Fisher 1936; Rao 1948). They are fitted to the labels, so a training image projected by its own fit lies too
well. Its projection therefore comes from a fit on the other folds ("cross-fitting"): what trees learn from then is
what they meet later.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

from core.emotions import EMOTIONS

Floats = NDArray[np.float32]

FOLDS = 5
CLASSES = len(EMOTIONS)


@dataclass(frozen=True, eq=False)
class Discriminants:
    """A linear map of standardised features."""

    mean: Floats
    """(d,)"""
    scale: Floats
    """(d,), standard deviations."""
    directions: Floats
    """(d, classes)"""

    def project(self, features: Floats) -> Floats:
        """(n, d) -> (n, classes)."""
        return np.asarray((features - self.mean) / self.scale @ self.directions, np.float32)


def fit(
    features: Floats, labels: NDArray[np.integer], folds: NDArray[np.integer], shrinkage: float
) -> tuple[Discriminants, Floats]:
    """(n, d), (n,) class ids, (n,) fold of each row -> the discriminants of all, and the cross-fitted projections.

    `shrinkage` is the variance added to every standardised feature. `features` is standardised in place: it may be
    gigabytes.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0) + np.float32(1e-3)
    features -= mean
    features /= scale
    parts = [_Moments.of(features[folds == fold], labels[folds == fold]) for fold in range(FOLDS)]
    whole = _Moments(*(sum(arrays) for arrays in zip(*(part.arrays for part in parts), strict=True)))
    crossed = np.empty((len(features), CLASSES), np.float32)
    for fold, part in enumerate(parts):
        rows = folds == fold
        crossed[rows] = features[rows] @ whole.without(part).directions(shrinkage)
    return Discriminants(mean, scale, whole.directions(shrinkage)), crossed


@dataclass(frozen=True, eq=False)
class _Moments:
    """Sums over images, which add up over folds."""

    products: Floats
    """(d, d): of the features' products."""
    sums: Floats
    """(classes, d): of the features, by class."""
    counts: Floats
    """(classes,)"""

    @classmethod
    def of(cls, features: Floats, labels: NDArray[np.integer]) -> Self:
        members = np.eye(CLASSES, dtype=np.float32)[labels]
        return cls(features.T @ features, members.T @ features, members.sum(axis=0))

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats]:
        return self.products, self.sums, self.counts

    def without(self, other: Self) -> "_Moments":
        return _Moments(*(mine - its for mine, its in zip(self.arrays, other.arrays, strict=True)))

    def directions(self, shrinkage: float) -> Floats:
        """(d, classes), scaled so that the spread within classes, shrinkage included, is 1."""
        n = self.counts.sum()
        means = self.sums / np.maximum(self.counts, 1)[:, None]
        within = (self.products - (means * self.counts[:, None]).T @ means) / n
        within[np.diag_indices_from(within)] += np.float32(shrinkage)
        away = (means - self.sums.sum(axis=0) / n).T
        found = solve(within, away, assume_a="pos", overwrite_a=True, check_finite=False)
        # The variance of w = W^-1 a within classes is a^T W^-1 a.
        return np.asarray(found / np.sqrt((away * found).sum(axis=0)), np.float32)
