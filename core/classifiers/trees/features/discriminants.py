"""Fisher's linear discriminants: for each class, the direction that separates it best from all faces.

The direction of class c is W^-1 (m_c - m). W is the covariance within classes, m_c the mean of the class, and m the
mean of all images (Fisher 1936; Rao 1948). The discriminants are fitted to the labels, so they separate their own
training images too well. Training images are therefore projected by a fit on the other folds ("cross-fitting"). The
trees then learn from projections like those of new images.
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
    """A linear map of standardised features, with one direction per class."""

    mean: Floats
    """(d,): means of the features."""
    scale: Floats
    """(d,): standard deviations of the features."""
    directions: Floats
    """(d, classes): one column per class."""

    def project(self, features: Floats) -> Floats:
        """(n, d) -> (n, classes)."""
        return np.asarray((features - self.mean) / self.scale @ self.directions, np.float32)


def fit(
    features: Floats, labels: NDArray[np.integer], folds: NDArray[np.integer], shrinkage: float
) -> tuple[Discriminants, Floats]:
    """Fit the discriminants; return them and the cross-fitted projections, (n, classes).

    `features` is (n, d), `labels` are (n,) class ids and `folds` are (n,) the fold of each row. `shrinkage` is the
    variance added to every standardised feature. `features` is standardised in place, because it may take gigabytes.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0) + np.float32(1e-3)
    features -= mean
    features /= scale
    parts = [_Moments.of(features[folds == fold], labels[folds == fold]) for fold in range(FOLDS)]
    whole = _Moments(*(sum(arrays) for arrays in zip(*(part.arrays for part in parts), strict=True)))
    cross_fitted = np.empty((len(features), CLASSES), np.float32)
    for fold, part in enumerate(parts):
        rows = folds == fold
        cross_fitted[rows] = features[rows] @ whole.without(part).directions(shrinkage)
    return Discriminants(mean, scale, whole.directions(shrinkage)), cross_fitted


@dataclass(frozen=True, eq=False)
class _Moments:
    """Sums over images. The sums of several folds can be added."""

    products: Floats
    """(d, d): sums of the products of two features."""
    sums: Floats
    """(classes, d): sums of the features per class."""
    counts: Floats
    """(classes,): images per class."""

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
        """(d, classes): directions, scaled so that the variance within classes is 1, shrinkage included."""
        n = self.counts.sum()
        means = self.sums / np.maximum(self.counts, 1)[:, None]
        within = (self.products - (means * self.counts[:, None]).T @ means) / n
        within[np.diag_indices_from(within)] += np.float32(shrinkage)
        differences = (means - self.sums.sum(axis=0) / n).T
        solution = solve(within, differences, assume_a="pos", overwrite_a=True, check_finite=False)
        # The variance of w = W^-1 a within classes is a^T W^-1 a.
        return np.asarray(solution / np.sqrt((differences * solution).sum(axis=0)), np.float32)
