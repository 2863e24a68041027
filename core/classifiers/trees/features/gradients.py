"""Gradients of faces by direction, and descriptors of small regions (the gradients in a grid of cells)."""

import numpy as np
from numpy.typing import NDArray

from core.vision.crops import FACE_SIZE, Faces

Floats = NDArray[np.float32]

DIRECTIONS = 8
"""Number of gradient directions, which divide the full circle equally."""

CELLS = 4
"""Cells per side of a descriptor."""

DESCRIPTOR = DIRECTIONS * CELLS * CELLS
"""Values per descriptor: 128, as in SIFT (Lowe 2004)."""

SUM_OFFSET = 0.32
"""Added to a descriptor's sum before division by it, so that noise in flat regions stays near zero."""


def directed_gradients(faces: Faces) -> Floats:
    """(n, 48, 48) uint8 -> (n, 48, 48, 8) float32: each gradient's length, divided between the two nearest directions.

    Gradients are computed on square roots of gray levels, which Dalal and Triggs (2005) found best for histograms.
    """
    levels = np.sqrt(faces.astype(np.float32) / np.float32(255))
    padded = np.pad(levels, ((0, 0), (1, 1), (1, 1)), mode="edge")
    dx = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    dy = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    length = np.sqrt(dx * dx + dy * dy)
    angle = np.arctan2(dy, dx) * np.float32(DIRECTIONS / (2 * np.pi))  # -4..4, in units of 45 degrees
    half = np.float32(DIRECTIONS / 2)
    directions = np.arange(DIRECTIONS, dtype=np.float32)
    distances = np.abs(angle[..., None] - directions)  # up to 11
    # The distance around the circle is at most half of it.
    distances = np.abs(np.where(distances > half, distances - np.float32(DIRECTIONS), distances))
    return np.asarray(length[..., None] * np.maximum(0, 1 - distances), np.float32)


def descriptors(faces: Faces, cell: int, stride: int) -> Floats:
    """(n, 48, 48) uint8 -> (n, g, g, 128) float32: descriptors of regions of 4x4 cells, `stride` pixels apart.

    A cell has `cell` pixels per side. Its gradients are averaged with triangular weights, which reach into neighbouring
    cells. Each descriptor is divided by its sum; the square root follows (Arandjelovic and Zisserman 2012, "RootSIFT").
    """
    smoothed = _smoothed(directed_gradients(faces), cell)
    offsets = [round((i - (CELLS - 1) / 2) * cell) for i in range(CELLS)]
    positions = (region_centres(cell, stride)[:, None] + offsets).clip(0, FACE_SIZE - 1)  # (g, 4)
    cells = smoothed[:, positions[:, None, :, None], positions[None, :, None, :]]  # (n, g, g, 4, 4, 8)
    values = cells.reshape(*cells.shape[:3], DESCRIPTOR)
    return np.asarray(np.sqrt(values / (values.sum(axis=-1, keepdims=True) + np.float32(SUM_OFFSET))), np.float32)


def region_centres(cell: int, stride: int) -> NDArray[np.int64]:
    """Return the centres of the regions on one axis, in pixels; both axes have the same ones."""
    margin = round(1.5 * cell)
    return np.arange(margin - 1, FACE_SIZE - margin + 1, stride)


def _smoothed(gradients: Floats, cell: int) -> Floats:
    """Average over a triangular window with a side of 2 * cell - 1 pixels. Values outside a face count as 0."""
    window = np.minimum(np.arange(1, 2 * cell), np.arange(1, 2 * cell)[::-1]).astype(np.float32) / np.float32(cell**2)
    border = cell - 1
    padded = np.pad(gradients, ((0, 0), (border, border), (border, border), (0, 0)))
    rows = sum(weight * padded[:, i : i + FACE_SIZE] for i, weight in enumerate(window))
    return np.asarray(sum(weight * rows[:, :, i : i + FACE_SIZE] for i, weight in enumerate(window)), np.float32)
