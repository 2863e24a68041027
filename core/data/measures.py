"""Measures of faces, computed from their pixels: brightness, contrast, sharpness, hashes, copies and mean faces.

The results are the same on every machine: sums are exact integers, and the perceptual hash rounds its coefficients.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.vision.crops import FACE_SIZE, Faces

HASH_BATCH = 2048  # faces hashed at once, 38 MB in float64

PIXELS = FACE_SIZE * FACE_SIZE


PIXEL_COLUMNS = ("blank", "brightness", "contrast", "sharpness", "phash")
"""Columns of the manifest that depend only on the pixels of each face."""


def pixel_columns(faces: Faces) -> dict[str, NDArray[Any]]:
    """Return `PIXEL_COLUMNS` -> values, (n,), for faces (n, 48, 48) uint8."""
    functions: tuple[Callable[[Faces], NDArray[Any]], ...] = (
        is_blank,
        brightness,
        contrast,
        sharpness,
        perceptual_hash,
    )
    return {name: measure(faces) for name, measure in zip(PIXEL_COLUMNS, functions, strict=True)}


def brightness(faces: Faces) -> NDArray[np.float32]:
    """Return the mean gray level of each face, 0..255: (n, 48, 48) uint8 -> (n,) float32."""
    return np.asarray(_pixel_sums(faces) / PIXELS, np.float32)


def contrast(faces: Faces) -> NDArray[np.float32]:
    """Return the standard deviation of the gray levels of each face: (n, 48, 48) uint8 -> (n,) float32."""
    square_sums = np.einsum("nij,nij->n", faces, faces, dtype=np.int64)
    return np.asarray(np.sqrt(_variance(_pixel_sums(faces), square_sums)), np.float32)


def sharpness(faces: Faces) -> NDArray[np.float32]:
    """Return the variance of the Laplacian of each face: (n, 48, 48) uint8 -> (n,) float32, in squared gray levels.

    Blurred faces have low values. See Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000.
    """
    sums, square_sums = np.zeros(len(faces), np.int64), np.zeros(len(faces), np.int64)
    for row, face in enumerate(faces):
        laplacian = cv2.Laplacian(face, cv2.CV_16S).astype(np.int64)
        sums[row], square_sums[row] = laplacian.sum(), np.vdot(laplacian, laplacian)
    return np.asarray(_variance(sums, square_sums), np.float32)


def perceptual_hash(faces: Faces) -> NDArray[np.uint64]:
    """Return the perceptual hash of each face: (n, 48, 48) uint8 -> (n,) uint64. Similar faces differ in few bits.

    Each of the 64 bits belongs to one of the 8 x 8 lowest frequencies of the discrete cosine transform. It is set if
    the coefficient of that frequency is above the median of the 64 coefficients. See Zauner, "Implementation and
    benchmarking of perceptual image hash functions", 2010. The Python package imagehash uses the same method.
    """
    hashes = [_hash_batch(faces[start : start + HASH_BATCH]) for start in range(0, len(faces), HASH_BATCH)]
    return np.concatenate(hashes) if hashes else np.zeros(0, np.uint64)


def is_blank(faces: Faces) -> NDArray[np.bool_]:
    """Return whether all pixels of each face have the same gray level: (n, 48, 48) uint8 -> (n,) bool."""
    flat = faces.reshape(len(faces), PIXELS)
    return np.asarray((flat == flat[:, :1]).all(axis=1))


def duplicate_groups(faces: Faces) -> NDArray[np.int32]:
    """Return, for each face, the row of the first face with exactly the same pixels: (n, 48, 48) uint8 -> (n,) int32.

    For a face without copies this is the row of the face itself.
    """
    face_bytes = np.ascontiguousarray(faces).reshape(len(faces), PIXELS).view(f"V{PIXELS}").ravel()
    _, first, inverse = np.unique(face_bytes, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], np.int32)


def class_means(faces: Faces, class_ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean face of each class, (7, 48, 48) float32 in the order of EMOTIONS.

    `faces` is (n, 48, 48) uint8. `class_ids` is (n,), the index of the label of each face in EMOTIONS.
    The mean face of a class without faces is all zeros.
    """
    means = np.zeros((len(EMOTIONS), FACE_SIZE, FACE_SIZE), np.float32)
    for class_id in range(len(EMOTIONS)):
        members = faces[class_ids == class_id]
        means[class_id] = members.sum(axis=0, dtype=np.int64) / max(len(members), 1)
    return means


def _pixel_sums(faces: Faces) -> NDArray[np.int64]:
    return np.asarray(faces.sum(axis=(1, 2), dtype=np.int64))


def _variance(sums: NDArray[np.int64], square_sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the variance of `PIXELS` integers from their sum and sum of squares. Only the division rounds."""
    return np.asarray((PIXELS * square_sums - sums * sums) / PIXELS**2)


def _hash_batch(faces: Faces) -> NDArray[np.uint64]:
    from scipy.fft import dctn  # slow to import, and needed only for imports of a data set

    coefficients = dctn(faces.astype(np.float64), axes=(1, 2), norm="ortho")[:, :8, :8].reshape(len(faces), 64)
    coefficients = coefficients.round(6)  # floating-point noise around zero must not decide a bit
    bits = coefficients > np.median(coefficients, axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(">u8").astype(np.uint64).ravel()
