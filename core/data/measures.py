"""Measures of image quality from the pixels: brightness, contrast, sharpness, blank images and copies.

All values are computed from integers, or rounded before they are compared, so they are the same on every machine.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn

from core.emotions import EMOTIONS
from core.vision.crops import FACE_SIZE, Faces

BATCH = 2048  # 38 MB of faces in float64

PIXELS = FACE_SIZE * FACE_SIZE


def brightness(faces: Faces) -> NDArray[np.float32]:
    """Mean gray level, 0..255: (n, 48, 48) uint8 -> (n,) float32."""
    return np.asarray(_pixel_sums(faces) / PIXELS, np.float32)


def contrast(faces: Faces) -> NDArray[np.float32]:
    """Standard deviation of the gray levels: (n, 48, 48) uint8 -> (n,) float32."""
    squares = np.einsum("nij,nij->n", faces, faces, dtype=np.int64)
    return np.asarray(np.sqrt(_variance(_pixel_sums(faces), squares)), np.float32)


def sharpness(faces: Faces) -> NDArray[np.float32]:
    """Variance of the Laplacian, in squared gray levels: (n, 48, 48) uint8 -> (n,) float32. Low for blurred faces.

    Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000.
    """
    sums, squares = np.zeros(len(faces), np.int64), np.zeros(len(faces), np.int64)
    for row, face in enumerate(faces):
        edges = cv2.Laplacian(face, cv2.CV_16S).astype(np.int64)
        sums[row], squares[row] = edges.sum(), np.vdot(edges, edges)
    return np.asarray(_variance(sums, squares), np.float32)


def perceptual_hash(faces: Faces) -> NDArray[np.uint64]:
    """Perceptual hash of each face: (n, 48, 48) uint8 -> (n,) uint64. Similar faces differ in few bits.

    Each of the 8 x 8 lowest frequencies of the cosine transform gives one bit: whether it is above their median.
    Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010, as in Python's imagehash.
    """
    hashes = [_hash_batch(faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
    return np.concatenate(hashes) if hashes else np.zeros(0, np.uint64)


def is_blank(faces: Faces) -> NDArray[np.bool_]:
    """Whether all pixels of a face have the same gray level: (n, 48, 48) uint8 -> (n,) bool."""
    flat = faces.reshape(len(faces), PIXELS)
    return np.asarray((flat == flat[:, :1]).all(axis=1))


def duplicate_groups(faces: Faces) -> NDArray[np.int32]:
    """Row of the first face with exactly the same pixels: (n, 48, 48) uint8 -> (n,) int32.

    A face without copies gets its own row.
    """
    rows = np.ascontiguousarray(faces).reshape(len(faces), PIXELS).view(f"V{PIXELS}").ravel()
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], np.int32)


def class_means(faces: Faces, class_ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """Mean face of each class, (7, 48, 48) float32 in the order of EMOTIONS; zeros for a class without faces.

    `faces` is (n, 48, 48) uint8. `class_ids` is (n,), the position of each label in EMOTIONS.
    """
    means = np.zeros((len(EMOTIONS), FACE_SIZE, FACE_SIZE), np.float32)
    for class_id in range(len(EMOTIONS)):
        members = faces[class_ids == class_id]
        means[class_id] = members.sum(axis=0, dtype=np.int64) / max(len(members), 1)
    return means


def _pixel_sums(faces: Faces) -> NDArray[np.int64]:
    return np.asarray(faces.sum(axis=(1, 2), dtype=np.int64))


def _variance(sums: NDArray[np.int64], squares: NDArray[np.int64]) -> NDArray[np.float64]:
    """Variance of the pixels from their sum and sum of squares; only the last division rounds."""
    return np.asarray((PIXELS * squares - sums * sums) / PIXELS**2)


def _hash_batch(faces: Faces) -> NDArray[np.uint64]:
    spectrum = dctn(faces.astype(np.float64), axes=(1, 2), norm="ortho")[:, :8, :8].reshape(len(faces), 64)
    spectrum = spectrum.round(6)  # floating-point noise around zero must not decide a bit
    bits = spectrum > np.median(spectrum, axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(">u8").astype(np.uint64).ravel()
