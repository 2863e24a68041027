"""The Pearson correlation of two images after each alignment: the pixels that both have after a shift are compared."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.vision.crops import FACE_SIZE

REACH = 4
"""Largest shift in x and in y, in pixels."""

PIXELS = FACE_SIZE * FACE_SIZE

SHIFTS = np.array(
    sorted(
        ((dy, dx) for dy in range(-REACH, REACH + 1) for dx in range(-REACH, REACH + 1)),
        key=lambda shift: (abs(shift[0]) + abs(shift[1]), shift),
    ),
    np.int8,
)
"""(81, 2) int8: shifts (dy, dx) in pixels, the shortest first, so that the first is no shift.

The pixel (y, x) of an image lies on the pixel (y + dy, x + dx) of the other one.
"""

Values = NDArray[np.floating[Any]]


class Sums(NamedTuple):
    """Sums over the pixels that an image shares with another one after each shift."""

    total: Values
    """(81, n): sums of the values."""
    squares: Values
    """(81, n): sums of their squares."""


def shifted(values: Values) -> Values:
    """Return an image after each shift, (48, 48) -> (81, 2304); 0 where it has no pixel."""
    padded = np.pad(values, REACH)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (FACE_SIZE, FACE_SIZE))
    return windows[REACH - SHIFTS[:, 0], REACH - SHIFTS[:, 1]].reshape(len(SHIFTS), PIXELS)


_IS_SHARED = shifted(np.ones((FACE_SIZE, FACE_SIZE), np.float32))
"""(81, 2304) float32: 1 for the pixels of the other image that both images have after a shift, otherwise 0."""

_SHARED = _IS_SHARED.sum(axis=1)


def shared_sums(flat: Values) -> Sums:
    """Return the sums of the images that others are shifted against: (n, 2304) -> two arrays (81, n)."""
    is_shared = _IS_SHARED.astype(flat.dtype)
    return Sums(is_shared @ flat.T, is_shared @ np.square(flat).T)


def correlations(image: Values, others: Values, sums: Sums) -> Values:
    """Return the correlation of an image, (48, 48), with others, (n, 2304), after each shift: (81, n).

    `sums` are those of the others. The result is 0 if an image has no variance. Whole numbers in float64 give exact
    sums, so that exact copies have the correlation 1 on every machine.
    """
    aligned = shifted(image)
    shared = _SHARED.astype(others.dtype)[:, None]
    total = aligned.sum(axis=1)[:, None]
    squared = np.square(aligned).sum(axis=1)[:, None]
    covariance = shared * (aligned @ others.T) - total * sums.total
    variances = (shared * squared - total**2) * (shared * sums.squares - sums.total**2)
    roots = np.sqrt(np.maximum(variances, 0))
    result: Values = np.divide(covariance, roots, out=np.zeros_like(roots), where=roots > 0)
    return result
