"""Where edges run: oriented gradient energies, and descriptors of small regions made of them."""

import numpy as np
from numpy.typing import NDArray

from core.vision.crops import FACE_SIZE, Faces

Floats = NDArray[np.float32]

DIRECTIONS = 8
"""Directions of the gradient told apart, over the full circle."""

CELLS = 4
"""Cells on each side of a descriptor."""

DESCRIPTOR = DIRECTIONS * CELLS * CELLS
"""Values of a descriptor: 128, as in SIFT (Lowe 2004)."""

SILENCE = 0.32
"""Added to a descriptor's sum before it is divided by it: flat regions stay near zero instead of showing noise."""


def oriented_energies(faces: Faces) -> Floats:
    """(n, 48, 48) uint8 -> (n, 48, 48, 8) float32: the gradient's length, shared by the two nearest directions.

    Of the square root of the gray levels, as Dalal and Triggs (2005) found best for histograms of gradients.
    """
    levels = np.sqrt(faces.astype(np.float32) / np.float32(255))
    padded = np.pad(levels, ((0, 0), (1, 1), (1, 1)), mode="edge")
    right = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    down = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    length = np.sqrt(right * right + down * down)
    turn = np.arctan2(down, right) * np.float32(DIRECTIONS / (2 * np.pi))  # -4..4
    half = np.float32(DIRECTIONS / 2)
    directions = np.arange(DIRECTIONS, dtype=np.float32)
    away = np.abs(turn[..., None] - directions)  # up to 11: around the circle
    away = np.abs(np.where(away > half, away - np.float32(DIRECTIONS), away))
    return np.asarray(length[..., None] * np.maximum(0, 1 - away), np.float32)


def descriptors(faces: Faces, cell: int, stride: int) -> Floats:
    """(n, 48, 48) uint8 -> (n, g, g, 128) float32: dense descriptors of 4x4 cells, each `cell` pixels a side.

    Cells overlap by a triangular window; a descriptor is divided by its sum and its square root taken (Arandjelovic
    and Zisserman 2012, "RootSIFT").
    """
    smooth = _smoothed(oriented_energies(faces), cell)
    offsets = [round((i - (CELLS - 1) / 2) * cell) for i in range(CELLS)]
    at = _inside(region_places(cell, stride)[:, None] + offsets)  # (g, 4)
    cells = smooth[:, at[:, None, :, None], at[None, :, None, :]]  # (n, g, g, 4, 4, 8)
    values = cells.reshape(*cells.shape[:3], DESCRIPTOR)
    return np.asarray(np.sqrt(values / (values.sum(axis=-1, keepdims=True) + np.float32(SILENCE))), np.float32)


def region_places(cell: int, stride: int) -> NDArray[np.int64]:
    """Middles of the regions on each axis, in pixels."""
    margin = round(1.5 * cell)
    return np.arange(margin - 1, FACE_SIZE - margin + 1, stride)


def _inside(places: NDArray[np.int64]) -> NDArray[np.int64]:
    return places.clip(0, FACE_SIZE - 1)


def _smoothed(energies: Floats, cell: int) -> Floats:
    """Mean over a triangular window of 2 x cell - 1 pixels on each axis; nothing lies beyond the border."""
    window = np.minimum(np.arange(1, 2 * cell), np.arange(1, 2 * cell)[::-1]).astype(np.float32) / np.float32(cell**2)
    reach = cell - 1
    padded = np.pad(energies, ((0, 0), (reach, reach), (reach, reach), (0, 0)))
    rows = sum(weight * padded[:, i : i + FACE_SIZE] for i, weight in enumerate(window))
    return np.asarray(sum(weight * rows[:, :, i : i + FACE_SIZE] for i, weight in enumerate(window)), np.float32)
