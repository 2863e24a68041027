"""The table on which trees are fitted: discriminants of the word histograms of gradients and of patches."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.classifiers.trees.features import discriminants
from core.classifiers.trees.features.codebook import Codebook
from core.classifiers.trees.features.discriminants import CLASSES, FOLDS, Discriminants
from core.classifiers.trees.features.gradients import descriptors
from core.classifiers.trees.features.patches import patches
from core.vision.crops import FACE_SIZE, Faces

Floats = NDArray[np.float32]

BATCH = 32
"""Faces processed at a time: their regions fit into a processor's cache."""

SAMPLE_FACES, SAMPLE_REGIONS = 2000, 200_000
"""Number of train faces that k-means samples, and of regions in them."""

COLUMNS = 2 * CLASSES
"""Seven discriminants of the gradient histograms, and seven of gradient and patch histograms together."""


@dataclass(frozen=True)
class HandmadeConfig:
    """Hyperparameters of the features."""

    cell: int = 3
    """Side of a cell, in pixels. A gradient descriptor has 4x4 cells."""
    gradient_stride: int = 2
    """Pixels between neighbouring gradient descriptors."""
    gradient_words: int = 500
    """Number of k-means words for gradient descriptors."""
    gradient_components: int = 64
    """Number of principal components of a gradient descriptor that are kept, of 128."""
    patch_side: int = 6
    """Side of a patch, in pixels."""
    patch_stride: int = 2
    """Pixels between neighbouring patches."""
    patch_words: int = 500
    """Number of k-means words for patches."""
    parts: int = 4
    """Number of parts on each axis of a face. Each part has its own histogram."""
    threshold: float = 0.25
    """Cosine above which a region counts for a word."""
    shrinkage: float = 1.0
    """Variance added to each standardised feature before its discriminants are computed."""


@dataclass(frozen=True, eq=False)
class HandmadeFeatures:
    """Features with fitted words and discriminants."""

    config: HandmadeConfig
    gradient_words: Codebook
    patch_words: Codebook
    of_gradients: Discriminants
    of_both: Discriminants

    @classmethod
    def learn(cls, config: HandmadeConfig, faces: Faces, labels: NDArray[np.integer], seed: int) -> tuple[Self, Floats]:
        """Fit on faces (n, 48, 48) uint8 and class ids (n,).

        Returns the features, and the (2n, 14) table of the faces and their mirror images. The table is cross-fitted. A
        face and its mirror image are in the same fold.
        """
        generator = np.random.default_rng(seed)
        sample = faces[np.sort(generator.permutation(len(faces))[:SAMPLE_FACES])]
        books = (
            Codebook.learn(
                _sample_regions(_gradients(sample, config), generator),
                config.gradient_words,
                config.gradient_components,
                seed,
            ),
            Codebook.learn(
                _sample_regions(_patches(sample, config), generator), config.patch_words, config.patch_side**2, seed
            ),
        )
        histograms = _histograms_of_many(np.concatenate([faces, faces[:, :, ::-1]]), config, *books)
        folds, both_labels = np.tile(generator.integers(0, FOLDS, len(faces)), 2), np.tile(labels, 2)
        width = _gradient_width(config)
        of_gradients, crossed_gradients = discriminants.fit(
            histograms[:, :width].astype(np.float32), both_labels, folds, config.shrinkage
        )
        of_both, crossed_both = discriminants.fit(histograms.astype(np.float32), both_labels, folds, config.shrinkage)
        return cls(config, *books, of_gradients, of_both), np.concatenate([crossed_gradients, crossed_both], axis=1)

    def table(self, faces: Faces) -> Floats:
        """(n, 48, 48) uint8 -> (n, 14) float32."""
        parts = [self._table(faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
        return np.concatenate(parts) if parts else np.empty((0, COLUMNS), np.float32)

    def _table(self, faces: Faces) -> Floats:
        histograms = _histograms(faces, self.config, self.gradient_words, self.patch_words)
        of_gradients = self.of_gradients.project(histograms[:, : _gradient_width(self.config)])
        return np.concatenate([of_gradients, self.of_both.project(histograms)], axis=1)

    def arrays(self) -> dict[str, Floats]:
        """Return all fitted arrays by name."""
        # safetensors ignores the memory order of an array, so it must be contiguous.
        return {
            f"{part}.{name}": np.ascontiguousarray(array)
            for part in PARTS
            for name, array in vars(getattr(self, part)).items()
        }

    @classmethod
    def from_arrays(cls, config: HandmadeConfig, arrays: dict[str, Floats]) -> Self:
        """Restore the features from the result of `arrays`; raises KeyError or TypeError for other arrays."""
        kinds = {part: Codebook if part.endswith("words") else Discriminants for part in PARTS}
        parts = {
            part: kind(**{name.partition(".")[2]: a for name, a in arrays.items() if name.partition(".")[0] == part})
            for part, kind in kinds.items()
        }
        return cls(config, **parts)  # type: ignore[arg-type]


PARTS = ("gradient_words", "patch_words", "of_gradients", "of_both")


def _gradients(faces: Faces, config: HandmadeConfig) -> Floats:
    return descriptors(faces, config.cell, config.gradient_stride)


def _patches(faces: Faces, config: HandmadeConfig) -> Floats:
    return patches(faces, config.patch_side, config.patch_stride)


def _gradient_width(config: HandmadeConfig) -> int:
    return config.gradient_words * config.parts**2


def _sample_regions(regions: Floats, generator: np.random.Generator) -> Floats:
    """(n, g, g, d) -> (m, d): a random sample of the regions."""
    flat = regions.reshape(-1, regions.shape[-1])
    return flat[generator.permutation(len(flat))[:SAMPLE_REGIONS]]


def _histograms(faces: Faces, config: HandmadeConfig, gradient_words: Codebook, patch_words: Codebook) -> Floats:
    """(n, 48, 48) uint8 -> (n, width) float32: gradient histograms first, then patch histograms."""
    of_gradients = gradient_words.histograms(_gradients(faces, config), config.parts, config.threshold)
    of_patches = patch_words.histograms(_patches(faces, config), config.parts, config.threshold)
    return np.concatenate([of_gradients, of_patches], axis=1)


def _histograms_of_many(
    faces: Faces, config: HandmadeConfig, gradient_words: Codebook, patch_words: Codebook
) -> NDArray[np.float16]:
    """Compute `_histograms` in batches and threads. float16, because 50,000 faces would take 3 GB in float32."""
    assert faces.shape[1:] == (FACE_SIZE, FACE_SIZE)
    batches = [faces[start : start + BATCH] for start in range(0, len(faces), BATCH)]

    def of_batch(batch: Faces) -> NDArray[np.float16]:
        return _histograms(batch, config, gradient_words, patch_words).astype(np.float16)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.concatenate(list(pool.map(of_batch, batches)))
