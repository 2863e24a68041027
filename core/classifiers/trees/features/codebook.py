"""Visual words of small regions, found by k-means, and their histograms in each part of a face (Coates and Ng 2011)."""

from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WHITENING_OFFSET = 0.01
"""Added to each variance before whitening, as a share of the largest: directions of mostly noise stay small."""

EPSILON = np.float32(1e-6)


@dataclass(frozen=True, eq=False)
class Codebook:
    """Visual words of length 1, and the whitening that is applied to descriptors before they are compared."""

    mean: Floats
    """(d,): mean of the descriptors."""
    whitening: Floats
    """(d, k): the leading principal components, each with variance 1 (Coates and Ng 2011)."""
    words: Floats
    """(k, w): centres of spherical k-means, each of length 1."""

    @classmethod
    def learn(cls, descriptors: Floats, words: int, components: int, seed: int) -> Self:
        """Learn the words from a sample (m, d) of descriptors, with m at least `words`."""
        from sklearn.cluster import MiniBatchKMeans

        mean = descriptors.mean(axis=0)
        variances, directions = np.linalg.eigh(np.cov((descriptors - mean).T))
        largest = np.argsort(variances)[::-1][:components]
        scales = np.sqrt(variances[largest] + WHITENING_OFFSET * variances.max())
        whitening = np.asarray(directions[:, largest] / scales, np.float32)
        white = _unit_length(np.asarray((descriptors - mean) @ whitening, np.float32))
        means = MiniBatchKMeans(words, batch_size=4096, n_init=1, max_iter=20, random_state=seed).fit(white)
        centres = _unit_length(means.cluster_centers_.astype(np.float32))
        return cls(mean, whitening, np.ascontiguousarray(centres.T))

    def histograms(self, descriptors: Floats, parts: int, threshold: float) -> Floats:
        """(n, g, g, d) -> (n, parts * parts * w): square root of each word's mean strength in each part of the face.

        A word's strength is its cosine with the descriptor minus `threshold`, at least 0 (soft threshold).
        """
        n, g, _, d = descriptors.shape
        white = _unit_length(np.asarray((descriptors.reshape(-1, d) - self.mean) @ self.whitening, np.float32))
        strengths = white @ self.words
        strengths -= np.float32(threshold)
        np.maximum(strengths, 0, out=strengths)
        means = _part_weights(g, parts) @ strengths.reshape(n, g * g, -1)  # (n, parts * parts, w)
        return np.sqrt(means).reshape(n, -1)


@cache
def _part_weights(g: int, parts: int) -> Floats:
    """(parts * parts, g * g): weights that sum the regions of each part and divide by the mean number of regions."""
    edges = np.linspace(0, g, parts + 1).round().astype(int)
    along = np.repeat(np.arange(parts), np.diff(edges))
    part = (parts * along[:, None] + along).ravel()
    # A matrix product sums the regions of a part in a tenth of the time that np.add.reduceat takes.
    member = np.arange(parts**2)[:, None] == part
    return np.asarray(member * np.float32((parts / g) ** 2), np.float32)


def _unit_length(rows: Floats) -> Floats:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + EPSILON), np.float32)
