"""Oriented gradients of faces, and the descriptors of small regions that are made of them."""

import numpy as np
from numpy.typing import NDArray

from core.vision.crops import FACE_SIZE, Faces

Floats = NDArray[np.float32]

DIRECTIONS = 8
"""Number of gradient directions, over the full circle."""

CELLS = 4
"""Cells per side of a descriptor."""

DESCRIPTOR = DIRECTIONS * CELLS * CELLS
"""Values per descriptor: 128, as in SIFT (Lowe 2004)."""

SUM_OFFSET = 0.32
"""Added to a descriptor's sum before division by it, so that flat regions stay near zero and show no noise."""


def oriented_energies(faces: Faces) -> Floats:
    """(n, 48, 48) uint8 -> (n, 48, 48, 8) float32: length of the gradient, split between the two nearest directions.

    The gradient is that of the square root of gray levels, which Dalal and Triggs (2005) found best for histograms.
    """
    levels = np.sqrt(faces.astype(np.float32) / np.float32(255))
    padded = np.pad(levels, ((0, 0), (1, 1), (1, 1)), mode="edge")
    right = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    down = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    length = np.sqrt(right * right + down * down)
    angle = np.arctan2(down, right) * np.float32(DIRECTIONS / (2 * np.pi))  # -4..4
    half = np.float32(DIRECTIONS / 2)
    directions = np.arange(DIRECTIONS, dtype=np.float32)
    distances = np.abs(angle[..., None] - directions)  # up to 11, because it ignores that angles wrap around
    distances = np.abs(np.where(distances > half, distances - np.float32(DIRECTIONS), distances))
    return np.asarray(length[..., None] * np.maximum(0, 1 - distances), np.float32)


def descriptors(faces: Faces, cell: int, stride: int) -> Floats:
    """(n, 48, 48) uint8 -> (n, g, g, 128) float32: dense descriptors of 4x4 cells, each of `cell` pixels per side.

    Cells overlap by a triangular window. A descriptor is divided by its sum, then its square root is taken
    (Arandjelovic and Zisserman 2012, "RootSIFT").
    """
    smooth = _smoothed(oriented_energies(faces), cell)
    offsets = [round((i - (CELLS - 1) / 2) * cell) for i in range(CELLS)]
    positions = _clipped(region_centres(cell, stride)[:, None] + offsets)  # (g, 4)
    cells = smooth[:, positions[:, None, :, None], positions[None, :, None, :]]  # (n, g, g, 4, 4, 8)
    values = cells.reshape(*cells.shape[:3], DESCRIPTOR)
    return np.asarray(np.sqrt(values / (values.sum(axis=-1, keepdims=True) + np.float32(SUM_OFFSET))), np.float32)


def region_centres(cell: int, stride: int) -> NDArray[np.int64]:
    """Return the centres of the regions on each axis, in pixels."""
    margin = round(1.5 * cell)
    return np.arange(margin - 1, FACE_SIZE - margin + 1, stride)


def _clipped(places: NDArray[np.int64]) -> NDArray[np.int64]:
    return places.clip(0, FACE_SIZE - 1)


def _smoothed(energies: Floats, cell: int) -> Floats:
    """Return the mean over a triangular window of 2 x cell - 1 pixels on each axis, with zeros beyond the border."""
    window = np.minimum(np.arange(1, 2 * cell), np.arange(1, 2 * cell)[::-1]).astype(np.float32) / np.float32(cell**2)
    reach = cell - 1
    padded = np.pad(energies, ((0, 0), (reach, reach), (reach, reach), (0, 0)))
    rows = sum(weight * padded[:, i : i + FACE_SIZE] for i, weight in enumerate(window))
    return np.asarray(sum(weight * rows[:, :, i : i + FACE_SIZE] for i, weight in enumerate(window)), np.float32)
