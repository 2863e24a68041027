"""Search for near copies: first among small images, then by pixels.

Each test image and its mirror image is compared with all Training images as 8 x 8 area means of its centre, at nine
shifts. Pairs that are alike there are compared by pixels at all 81 shifts: in float32, and exactly if they are close to
the limit or above. docs/near-copies.md has the cost, and a comparison with a search that leaves out the first step.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.near_copies.alignment import PIXELS, REACH, SHIFTS, Sums, correlations, shared_sums
from core.data.near_copies.pairs import NEAR
from core.vision.crops import FACE_SIZE, Faces

CELL = 5
"""Width of the cells of small images, in pixels: the centre of 40 x 40 pixels has 8 x 8 of them."""

SMALL_SHIFTS = (-3, 0, 3)
"""Shifts of small images in x and y, in pixels: no shift of up to 4 pixels is farther than 2 from one of them."""

ALIKE = 0.84
"""Smallest correlation of small images at which pixels are compared. That of FER2013's near copies is at least 0.87."""

SLACK = 0.005
"""Correlations in float32 may be this far below the limit, and are still computed again, exactly."""

CHUNK = 256
"""Test images between two reports of progress."""

BATCH = 2048
"""Training images that are prepared at once."""

PAIR = np.dtype(
    [
        ("image", np.int32),
        ("copy", np.int32),
        ("correlation", np.float32),
        ("dx", np.int8),
        ("dy", np.int8),
        ("mirrored", np.bool_),
        ("unaligned", np.float32),
    ]
)
"""A pair as it is found: positions in the manifest instead of ids."""

Pairs = NDArray[np.void]
"""(n,) of `PAIR`."""

Small = NDArray[np.float32]
"""(n, 64) float32: small images with the mean 0 and the length 1; blank ones are 0."""


class Chunk(NamedTuple):
    """Test images that have been compared with all Training images."""

    done: int
    """Number of test images compared so far, those of this chunk included."""
    total: int
    pairs: Pairs
    """The near copies of this chunk."""


def search(faces: Faces, manifest: pd.DataFrame, done: int = 0) -> Iterator[Chunk]:
    """Yield the near copies of the test images in the manifest's order, without the first `done` ones.

    `faces` is (n, 48, 48) uint8, row i belongs to row i of the manifest. Blank images have no copies.
    """
    is_training, is_blank = (manifest["usage"] == "Training").to_numpy(), manifest["blank"].to_numpy()
    tests, training = np.flatnonzero(~is_training & ~is_blank), np.flatnonzero(is_training & ~is_blank)
    if done >= len(tests) or not len(training):
        return
    against = _Training(faces, training)
    for start in range(done, len(tests), CHUNK):
        chunk = tests[start : start + CHUNK]
        yield Chunk(start + len(chunk), len(tests), against.pairs_of(chunk))


def small_images(faces: Faces, dy: int = 0, dx: int = 0) -> Small:
    """Return the area means of the centre of each image, (n, 48, 48) uint8, that is moved by a shift."""
    side = (FACE_SIZE - 2 * REACH) // CELL
    rows, columns = (slice(REACH + shift, FACE_SIZE - REACH + shift) for shift in (dy, dx))
    cells = faces[:, rows, columns].reshape(len(faces), side, CELL, side, CELL)
    means = cells.mean(axis=(2, 4), dtype=np.float32).reshape(len(faces), side * side)
    means -= means.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return np.asarray(np.divide(means, lengths, out=np.zeros_like(means), where=lengths > 0))


class _Training:
    """The Training images, prepared for comparisons."""

    def __init__(self, faces: Faces, positions: NDArray[np.intp]) -> None:
        self.faces, self.positions = faces, positions
        shifts = list(product(SMALL_SHIFTS, SMALL_SHIFTS))
        parts: list[list[Small]] = [[] for _ in shifts]
        sums: list[Sums] = []
        for start in range(0, len(positions), BATCH):
            batch = np.asarray(faces[positions[start : start + BATCH]])
            sums.append(shared_sums(_centred(batch)))
            for part, (dy, dx) in zip(parts, shifts, strict=True):
                part.append(small_images(batch, dy, dx))
        self.small = [np.concatenate(part) for part in parts]
        self.sums = Sums(*(np.concatenate(part, axis=1) for part in zip(*sums, strict=True)))

    def pairs_of(self, tests: NDArray[np.intp]) -> Pairs:
        """Return the near copies of some test images, given by their positions."""
        images = np.asarray(self.faces[tests])
        alike = [self._alike(images), self._alike(images[:, :, ::-1])]
        found = [self._compare(*each) for each in zip(images, tests, *alike, strict=True)]
        return np.concatenate([np.zeros(0, PAIR), *found])

    def _alike(self, images: Faces) -> list[NDArray[np.intp]]:
        """Return, for each image, the rows of the Training images that are alike as small images."""
        small = small_images(images)
        largest = small @ self.small[0].T
        other = np.empty_like(largest)
        for shifted in self.small[1:]:
            np.maximum(largest, np.matmul(small, shifted.T, out=other), out=largest)
        return [np.flatnonzero(row >= ALIKE) for row in largest]

    def _compare(self, image: NDArray[np.uint8], test: int, *alike: NDArray[np.intp]) -> Pairs:
        """Return the near copies of an image among the rows that are like it, and like its mirror image."""
        near = [self._near(view, rows) for view, rows in zip((image, image[:, ::-1]), alike, strict=True)]
        rows = np.union1d(*near)
        pairs = np.zeros(len(rows), PAIR)
        if not len(rows):
            return pairs
        others = np.asarray(self.faces[self.positions[rows]]).reshape(len(rows), PIXELS).astype(np.float64)
        sums = shared_sums(others)
        plain, mirrored = (correlations(view.astype(np.float64), others, sums) for view in (image, image[:, ::-1]))
        both = np.concatenate([plain, mirrored])  # the first of equal ones is not mirrored, and has the shortest shift
        best = both.argmax(axis=0)
        pairs["image"], pairs["copy"] = test, self.positions[rows]
        pairs["correlation"], pairs["unaligned"] = both.max(axis=0), plain[0]
        pairs["mirrored"] = best >= len(SHIFTS)
        pairs["dy"], pairs["dx"] = SHIFTS[best % len(SHIFTS)].T
        return pairs[pairs["correlation"] >= np.float32(NEAR)]

    def _near(self, image: NDArray[np.uint8], rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return those of the rows whose images may be near copies of an image, by computations in float32."""
        if not len(rows):
            return rows
        others = _centred(np.asarray(self.faces[self.positions[rows]]))
        sums = Sums(self.sums.total[:, rows], self.sums.squares[:, rows])
        centred = _centred(image[None]).reshape(image.shape)
        return np.asarray(rows[correlations(centred, others, sums).max(axis=0) >= NEAR - SLACK])


def _centred(faces: Faces) -> NDArray[np.float32]:
    """Return images with the mean 0: (n, 48, 48) uint8 -> (n, 2304) float32. Smaller numbers round less."""
    flat = faces.reshape(len(faces), PIXELS).astype(np.float32)
    return np.asarray(flat - flat.mean(axis=1, keepdims=True))
