"""Exact search for the faces that are nearest to one face."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.evaluation.neighbours.embedding import Embedding, Network
from core.vision.crops import Faces

ROWS_AT_ONCE = 4096
"""Rows that are converted to 64 bits at the same time, so that a search needs little memory."""

DIGITS = 6
"""Decimals of a distance."""

SMALLEST_DISTANCE = 1e-6
"""Distance of two different images, at least. Only exact copies have the distance 0."""

COPIES_BELOW = 0.01
"""Images at a smaller distance are compared pixel by pixel. Rounding moves exact copies apart by less than 0.001."""


@dataclass(frozen=True, eq=False)
class Index:
    """The embedding of all images of a data set."""

    image_ids: pd.Index
    """(n,) ids of the images."""
    faces: Faces
    """(n, 48, 48) uint8, in the order of the ids."""
    vectors: Embedding
    """(n, width), in the order of the ids."""
    network: Network

    def __len__(self) -> int:
        return len(self.image_ids)

    def nearest(self, face: NDArray[np.uint8], k: int, without: str | None = None) -> pd.DataFrame:
        """Return the `k` images that are nearest to a face, (48, 48) uint8; all images if there are fewer.

        The table has the columns image_id and distance, the smallest distance first, and equal distances in the order
        of the ids. The distance is 1 minus the cosine of the angle between two embeddings, and 0 only for exact copies.
        The image `without` is left out. Raises InputError if the network's weights are damaged.
        """
        left_out = int(self.image_ids.get_indexer(pd.Index([without]))[0]) if without else -1
        distances = self._distances(self._vector(face, left_out))
        close = np.flatnonzero(distances < COPIES_BELOW)
        copies = close[(self.faces[close] == face).all(axis=(1, 2))]
        distances[copies] = 0.0
        rows = np.delete(np.arange(len(distances)), left_out) if left_out >= 0 else np.arange(len(distances))
        nearest = _smallest(distances, rows, k, self.image_ids)
        return pd.DataFrame({"image_id": self.image_ids[nearest], "distance": distances[nearest]})

    def _vector(self, face: NDArray[np.uint8], row: int) -> NDArray[np.float16]:
        """Return the embedding of a face: that of an image of the data set if `row` is one with the same pixels."""
        if row >= 0 and np.array_equal(self.faces[row], face):
            return np.asarray(self.vectors[row])
        return np.asarray(self.network.embed(face[None])[0])

    def _distances(self, vector: NDArray[np.float16]) -> NDArray[np.float64]:
        """Return the distance of every image, (n,) float64.

        Sums of products of 16-bit numbers up to 1 are exact in 64 bits, so they depend on no order and no number of
        threads.
        """
        wanted = np.asarray(vector, np.float64)
        distances = np.empty(len(self.vectors))
        for start in range(0, len(distances), ROWS_AT_ONCE):
            rows = np.asarray(self.vectors[start : start + ROWS_AT_ONCE], np.float64)
            lengths = np.sqrt(np.square(rows).sum(axis=1) * np.square(wanted).sum())
            distances[start : start + ROWS_AT_ONCE] = 1 - (rows @ wanted) / lengths
        return np.maximum(distances.round(DIGITS), SMALLEST_DISTANCE)


def _smallest(distances: NDArray[np.float64], rows: NDArray[np.intp], k: int, image_ids: pd.Index) -> NDArray[np.intp]:
    """Return those `k` of the rows with the smallest distances, sorted by distance and then by id."""
    k = min(k, len(rows))
    if k <= 0:
        return rows[:0]
    kth_distance = np.partition(distances[rows], k - 1)[k - 1]
    rows = rows[distances[rows] <= kth_distance]
    return rows[np.lexsort((np.asarray(image_ids[rows], str), distances[rows]))][:k]
