"""The feature table of the trees: discriminants of the histograms of visual words (see `codebook.py`)."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.classifiers.trees.features import discriminants
from core.classifiers.trees.features.codebook import Codebook
from core.classifiers.trees.features.discriminants import CLASSES, FOLDS, Discriminants
from core.classifiers.trees.features.gradients import DESCRIPTOR, descriptors
from core.classifiers.trees.features.patches import patches
from core.exceptions import shortened
from core.files import ContentError
from core.vision.crops import FACE_SIZE, Faces

Floats = NDArray[np.float32]

BATCH = 32
"""Number of faces that are processed at a time, so that their regions fit into a processor's cache."""

SAMPLE_FACES, SAMPLE_REGIONS = 2000, 200_000
"""Largest numbers of train faces, and of regions of these faces, on which k-means is fitted."""

COLUMNS = 2 * CLASSES
"""Number of columns: seven discriminants of the gradient histograms, and seven of both kinds of histograms together."""


@dataclass(frozen=True)
class HandmadeConfig:
    """Hyperparameters of the features."""

    cell: int = 3
    """Side of a cell, in pixels. A gradient descriptor has 4x4 cells."""
    gradient_stride: int = 2
    """Pixels between neighbouring gradient descriptors."""
    gradient_words: int = 500
    """Number of visual words (k-means clusters) of gradient descriptors."""
    gradient_components: int = 64
    """Number of principal components to which the 128 values of a gradient descriptor are reduced."""
    patch_side: int = 6
    """Side of a patch, in pixels."""
    patch_stride: int = 2
    """Pixels between neighbouring patches."""
    patch_words: int = 500
    """Number of visual words (k-means clusters) of patches."""
    parts: int = 4
    """Number of parts per side of a face: 4 gives 4x4 parts. Each part has its own histogram."""
    threshold: float = 0.25
    """Cosine similarity above which a region counts as an occurrence of a visual word."""
    shrinkage: float = 1.0
    """Variance added to each standardised feature before its discriminants are computed."""


@dataclass(frozen=True, eq=False)
class HandmadeFeatures:
    """Visual words and discriminants, fitted on train, which turn faces into features."""

    config: HandmadeConfig
    gradient_words: Codebook
    patch_words: Codebook
    of_gradients: Discriminants
    """Discriminants of gradient histograms alone."""
    of_both: Discriminants
    """Discriminants of gradient histograms and patch histograms together."""

    @classmethod
    def learn(cls, config: HandmadeConfig, faces: Faces, labels: NDArray[np.integer], seed: int) -> tuple[Self, Floats]:
        """Fit on faces (n, 48, 48) uint8 and class ids (n,).

        Return the fitted features and a (2n, 14) table: n rows of the faces, then n rows of their mirror images. The
        table is cross-fitted (see `discriminants.py`). A face and its mirror image are in the same fold.
        """
        generator = np.random.default_rng(seed)
        sample = faces[np.sort(generator.permutation(len(faces))[:SAMPLE_FACES])]
        codebooks = (
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
        histograms = _histograms_in_threads(np.concatenate([faces, faces[:, :, ::-1]]), config, *codebooks)
        folds, both_labels = np.tile(generator.integers(0, FOLDS, len(faces)), 2), np.tile(labels, 2)
        gradient_width = _gradient_width(config)
        of_gradients, gradient_columns = discriminants.fit(
            histograms[:, :gradient_width].astype(np.float32), both_labels, folds, config.shrinkage
        )
        of_both, both_columns = discriminants.fit(histograms.astype(np.float32), both_labels, folds, config.shrinkage)
        return cls(config, *codebooks, of_gradients, of_both), np.concatenate([gradient_columns, both_columns], axis=1)

    def table(self, faces: Faces) -> Floats:
        """(n, 48, 48) uint8 -> (n, 14) float32."""
        tables = [self._table(faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
        return np.concatenate(tables) if tables else np.empty((0, COLUMNS), np.float32)

    def _table(self, faces: Faces) -> Floats:
        histograms = _histograms(faces, self.config, self.gradient_words, self.patch_words)
        of_gradients = self.of_gradients.project(histograms[:, : _gradient_width(self.config)])
        return np.concatenate([of_gradients, self.of_both.project(histograms)], axis=1)

    def part_table(self, face: NDArray[np.uint8]) -> Floats:
        """(48, 48) uint8 -> (parts * parts, 14) float32: what each part of the face adds to each column of `table`.

        The columns are linear in the histograms, and each histogram belongs to one part, so the rows sum to the face's
        row of `table`, apart from rounding.
        """
        histograms = _histograms(face[None], self.config, self.gradient_words, self.patch_words)[0]
        parts = np.arange(self.config.parts**2)
        of_gradients = np.repeat(parts, self.config.gradient_words)
        of_both = np.concatenate([of_gradients, np.repeat(parts, self.config.patch_words)])
        terms = self.of_gradients.terms(histograms[: len(of_gradients)], of_gradients)
        return np.concatenate([terms, self.of_both.terms(histograms, of_both)], axis=1)

    def arrays(self) -> dict[str, Floats]:
        """Return all fitted arrays by name, such as `patch_words.mean`."""
        # safetensors ignores the memory order of an array, so every array must be contiguous.
        return {
            f"{field}.{name}": np.ascontiguousarray(array)
            for field in FITTED_FIELDS
            for name, array in vars(getattr(self, field)).items()
        }

    @classmethod
    def from_arrays(cls, config: HandmadeConfig, arrays: dict[str, Floats]) -> Self:
        """Restore the features from the result of `arrays`; raises TypeError if an array is missing."""
        types = {field: Codebook if field.endswith("words") else Discriminants for field in FITTED_FIELDS}
        values = {
            field: kind(**{name.partition(".")[2]: a for name, a in arrays.items() if name.partition(".")[0] == field})
            for field, kind in types.items()
        }
        return cls(config, **values)  # type: ignore[arg-type]


LIMITS = {
    "cell": (1, FACE_SIZE // 4),
    "gradient_stride": (1, FACE_SIZE // 2),
    "gradient_words": (2, 10_000),
    "gradient_components": (1, 128),
    "patch_side": (2, FACE_SIZE // 2),
    "patch_stride": (1, FACE_SIZE // 2),
    "patch_words": (2, 10_000),
    "parts": (1, 12),
}
"""Smallest and largest value of each field that determines a size. Others would need too much memory or no region."""


def check_arrays(config: HandmadeConfig, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Raise ContentError unless these are the arrays of features with this config, and all values are finite."""
    for name, (low, high) in LIMITS.items():
        if not low <= getattr(config, name) <= high:
            raise ContentError(f"{name} must be from {low} to {high:,}, not {shortened(getattr(config, name), 30)}")
    expected = _shapes(config)
    if sorted(arrays) != sorted(expected):
        raise ContentError("the arrays have other names")
    for name, array in arrays.items():
        if array.shape != expected[name] or not np.issubdtype(array.dtype, np.floating):
            raise ContentError(f"{name} has the shape {array.shape} and type {array.dtype}")
        if not np.isfinite(array).all():
            raise ContentError(f"{name} has values that are not finite numbers")


def _shapes(config: HandmadeConfig) -> dict[str, tuple[int, ...]]:
    """Return the shape of each array in the result of `HandmadeFeatures.arrays`."""
    patch_size = config.patch_side**2
    gradient_width = _gradient_width(config)
    shapes: dict[str, tuple[int, ...]] = {}
    for field, size, components, words in (
        ("gradient_words", DESCRIPTOR, min(config.gradient_components, DESCRIPTOR), config.gradient_words),
        ("patch_words", patch_size, patch_size, config.patch_words),
    ):
        shapes[f"{field}.mean"] = (size,)
        shapes[f"{field}.whitening"] = (size, components)
        shapes[f"{field}.words"] = (components, words)
    both_width = gradient_width + config.patch_words * config.parts**2
    for field, width in (("of_gradients", gradient_width), ("of_both", both_width)):
        shapes |= {f"{field}.mean": (width,), f"{field}.scale": (width,), f"{field}.directions": (width, CLASSES)}
    return shapes


FITTED_FIELDS = ("gradient_words", "patch_words", "of_gradients", "of_both")
"""Fields of `HandmadeFeatures` that are fitted. The names of arrays in a file begin with them."""


def _gradients(faces: Faces, config: HandmadeConfig) -> Floats:
    return descriptors(faces, config.cell, config.gradient_stride)


def _patches(faces: Faces, config: HandmadeConfig) -> Floats:
    return patches(faces, config.patch_side, config.patch_stride)


def _gradient_width(config: HandmadeConfig) -> int:
    """Return the number of columns of the gradient histograms."""
    return config.gradient_words * config.parts**2


def _sample_regions(regions: Floats, generator: np.random.Generator) -> Floats:
    """(n, g, g, d) -> (m, d): a random sample of all regions, with m at most `SAMPLE_REGIONS`."""
    flat = regions.reshape(-1, regions.shape[-1])
    return flat[generator.permutation(len(flat))[:SAMPLE_REGIONS]]


def _histograms(faces: Faces, config: HandmadeConfig, gradient_words: Codebook, patch_words: Codebook) -> Floats:
    """(n, 48, 48) uint8 -> (n, width) float32: gradient histograms first, then patch histograms."""
    of_gradients = gradient_words.histograms(_gradients(faces, config), config.parts, config.threshold)
    of_patches = patch_words.histograms(_patches(faces, config), config.parts, config.threshold)
    return np.concatenate([of_gradients, of_patches], axis=1)


def _histograms_in_threads(
    faces: Faces, config: HandmadeConfig, gradient_words: Codebook, patch_words: Codebook
) -> NDArray[np.float16]:
    """Compute `_histograms` in batches and threads; return float16, because float32 needs 3 GB for 50,000 faces."""
    assert faces.shape[1:] == (FACE_SIZE, FACE_SIZE)
    batches = [faces[start : start + BATCH] for start in range(0, len(faces), BATCH)]

    def histograms_of_batch(batch: Faces) -> NDArray[np.float16]:
        return _histograms(batch, config, gradient_words, patch_words).astype(np.float16)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.concatenate(list(pool.map(histograms_of_batch, batches)))
