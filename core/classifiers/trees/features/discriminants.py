"""Fisher's linear discriminants: for each class, the direction that separates it best from the other classes.

The direction of class c is W^-1 (m_c - m). W is the covariance within classes, m_c the mean of the class, and m the
mean of all images (Fisher 1936; Rao 1948). Discriminants separate the images that they are fitted on better than new
images. The images of each fold are therefore projected on discriminants that are fitted on the other folds
("cross-fitting"). The trees then learn from projections like those of new images.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS

Floats = NDArray[np.float32]

FOLDS = 5
"""Number of folds in cross-fitting."""

CLASSES = len(EMOTIONS)


@dataclass(frozen=True, eq=False)
class Discriminants:
    """One direction per class, in the space of standardised features."""

    mean: Floats
    """(d,): means of the features."""
    scale: Floats
    """(d,): standard deviations of the features."""
    directions: Floats
    """(d, classes): one column per class."""

    def project(self, features: Floats) -> Floats:
        """Project features on the directions, (n, d) -> (n, classes)."""
        return np.asarray((features - self.mean) / self.scale @ self.directions, np.float32)

    def terms(self, features: Floats, groups: NDArray[np.integer]) -> Floats:
        """Return what each group of features adds to the projection of one image, (d,) -> (groups, classes).

        `groups` is (d,), the number of each feature's group, from 0. The rows of the result sum to `project`.
        """
        products = ((features - self.mean) / self.scale)[:, None] * self.directions  # (d, classes)
        is_in_group = np.arange(groups.max() + 1)[:, None] == groups
        return np.asarray(is_in_group.astype(np.float32) @ products, np.float32)


def fit(
    features: Floats, labels: NDArray[np.integer], folds: NDArray[np.integer], shrinkage: float
) -> tuple[Discriminants, Floats]:
    """Fit the discriminants; return them and the cross-fitted projections, (n, classes).

    `features` is (n, d); `labels` and `folds` are (n,), class ids and fold numbers below `FOLDS`. `shrinkage` is the
    variance added to every standardised feature. `features` is standardised in place, because it may take gigabytes.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0) + np.float32(1e-3)
    features -= mean
    features /= scale
    moments = [_Moments.of(features[folds == fold], labels[folds == fold]) for fold in range(FOLDS)]
    total = _Moments(*(sum(arrays) for arrays in zip(*(fold_moments.arrays for fold_moments in moments), strict=True)))
    cross_fitted = np.empty((len(features), CLASSES), np.float32)
    for fold, fold_moments in enumerate(moments):
        rows = folds == fold
        cross_fitted[rows] = features[rows] @ total.without(fold_moments).directions(shrinkage)
    return Discriminants(mean, scale, total.directions(shrinkage)), cross_fitted


@dataclass(frozen=True, eq=False)
class _Moments:
    """Sums over images, from which directions are computed. Sums over several folds can be added and subtracted."""

    products: Floats
    """(d, d): sums of the products of each pair of features."""
    sums: Floats
    """(classes, d): sums of the features of each class."""
    counts: Floats
    """(classes,): numbers of images of each class."""

    @classmethod
    def of(cls, features: Floats, labels: NDArray[np.integer]) -> Self:
        is_in_class = np.eye(CLASSES, dtype=np.float32)[labels]
        return cls(features.T @ features, is_in_class.T @ features, is_in_class.sum(axis=0))

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats]:
        return self.products, self.sums, self.counts

    def without(self, other: Self) -> "_Moments":
        """Subtract the sums over the images of `other`."""
        return _Moments(*(array - part for array, part in zip(self.arrays, other.arrays, strict=True)))

    def directions(self, shrinkage: float) -> Floats:
        """(d, classes): directions, scaled so that projections have variance 1 within classes (with shrinkage)."""
        from scipy.linalg import solve  # slow to import, and needed only for training

        n = self.counts.sum()
        means = self.sums / np.maximum(self.counts, 1)[:, None]
        within = (self.products - (means * self.counts[:, None]).T @ means) / n
        within[np.diag_indices_from(within)] += np.float32(shrinkage)
        differences = (means - self.sums.sum(axis=0) / n).T
        solution = solve(within, differences, assume_a="pos", overwrite_a=True, check_finite=False)
        # If a is a column of `differences`, projections on w = W^-1 a have the variance w^T W w = a^T w within classes.
        return np.asarray(solution / np.sqrt((differences * solution).sum(axis=0)), np.float32)
