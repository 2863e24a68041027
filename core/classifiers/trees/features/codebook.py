"""Visual words: k-means clusters of the descriptors of small regions, and their histograms (Coates and Ng 2011)."""

from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.exceptions import InputError

Floats = NDArray[np.float32]

WHITENING_OFFSET = 0.01
"""Share of the largest variance that is added to each variance before whitening, so that noise is not amplified."""

EPSILON = np.float32(1e-6)
"""Added to the length of a vector before division by it, because the length can be 0."""


@dataclass(frozen=True, eq=False)
class Codebook:
    """Visual words, and the whitening of descriptors before they are compared with the words."""

    mean: Floats
    """(d,): mean of the descriptors that the words were learnt from."""
    whitening: Floats
    """(d, k): projection on the first k principal components, scaled to a variance of about 1."""
    words: Floats
    """(k, w): one column per word, the centre of a k-means cluster, scaled to length 1."""

    @classmethod
    def learn(cls, descriptors: Floats, n_words: int, n_components: int, seed: int) -> Self:
        """Learn words from descriptors (m, d); raises InputError unless m is at least `n_words`."""
        from sklearn.cluster import MiniBatchKMeans

        if len(descriptors) < n_words:
            raise InputError(
                f"these images have only {len(descriptors):,} regions, too few to learn {n_words:,} visual words from; "
                "import more images, or lower gradient_words and patch_words of features."
            )
        mean = descriptors.mean(axis=0)
        variances, directions = np.linalg.eigh(np.cov((descriptors - mean).T))
        largest = np.argsort(variances)[::-1][:n_components]
        scales = np.sqrt(variances[largest] + WHITENING_OFFSET * variances.max())
        whitening = np.asarray(directions[:, largest] / scales, np.float32)
        whitened = _unit_length(np.asarray((descriptors - mean) @ whitening, np.float32))
        kmeans = MiniBatchKMeans(n_words, batch_size=4096, n_init=1, max_iter=20, random_state=seed).fit(whitened)
        centres = _unit_length(kmeans.cluster_centers_.astype(np.float32))
        return cls(mean, whitening, np.ascontiguousarray(centres.T))

    def histograms(self, descriptors: Floats, parts: int, threshold: float) -> Floats:
        """(n, g, g, d) -> (n, parts * parts * w): square root of each word's mean strength in each part of the face.

        A word's strength in a region is its cosine with the descriptor minus `threshold`, but at least 0.
        """
        n, g, _, d = descriptors.shape
        whitened = _unit_length(np.asarray((descriptors.reshape(-1, d) - self.mean) @ self.whitening, np.float32))
        strengths = whitened @ self.words
        strengths -= np.float32(threshold)
        np.maximum(strengths, 0, out=strengths)
        means = _part_means_matrix(g, parts) @ strengths.reshape(n, g * g, -1)  # (n, parts * parts, w)
        return np.sqrt(means).reshape(n, -1)


@cache
def _part_means_matrix(g: int, parts: int) -> Floats:
    """(parts * parts, g * g): matrix that sums over the regions of a part, and divides by the mean number per part."""
    edges = np.linspace(0, g, parts + 1).round().astype(int)
    part_on_axis = np.repeat(np.arange(parts), np.diff(edges))
    part = (parts * part_on_axis[:, None] + part_on_axis).ravel()
    # Multiplying by this matrix takes a tenth of the time of np.add.reduceat.
    is_in_part = np.arange(parts**2)[:, None] == part
    return np.asarray(is_in_part * np.float32((parts / g) ** 2), np.float32)


def _unit_length(rows: Floats) -> Floats:
    """Scale each row to length 1; zero rows stay zero."""
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + EPSILON), np.float32)
