"""Measure how well distances between embeddings find faces of the same label, and altered copies of a face."""

from collections.abc import Callable

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import Progress, no_progress
from core.classifiers.base import with_embedding
from core.classifiers.loading import load_trained
from core.data.store import Import
from core.evaluation.neighbours.embedding import in_batches
from core.exceptions import InputError
from core.models.store import read_card
from core.vision.crops import FACE_SIZE, Faces

NEIGHBOURS = 8
"""Images whose labels are compared with that of each val image."""

ALTERED = 1000
"""Largest number of val images of which altered copies are looked for."""

QUERIES_AT_ONCE = 256
"""Faces whose distances to all others are in memory at the same time."""

NO_GROUP = -1
"""Left out for altered images, which are no images of the data set."""

Vectors = NDArray[np.float32]
"""(n, width) float32."""

Embed = Callable[[Faces], Vectors]
"""(n, 48, 48) uint8 -> (n, width) float32."""

DISTANCES: dict[str, Callable[[Vectors, Vectors], Vectors]] = {
    "euclidean": lambda plain, mirrored: plain,
    "cosine": lambda plain, mirrored: _unit(plain),
    "cosine, with mirror image": lambda plain, mirrored: _unit(plain + mirrored),
}
"""Title -> vectors whose Euclidean distances have the order of the distance, from the embeddings of faces and of their
mirror images. The last one is used."""


def measure(embed: Embed, data: Import, on_progress: Progress) -> pd.DataFrame:
    """Return one row per distance, with the columns distance, same_label, mirrored, shifted and brighter.

    `same_label` is the share of val images' nearest neighbours with the same label, without exact copies of the image.
    The other columns are the shares of altered val images whose nearest neighbour is the original or a copy of it.
    Neighbours are looked for among the images of train and val. Raises InputError without images in val.
    """
    manifest = data.manifest()
    manifest = manifest[manifest["split"] != "test"]
    faces = np.asarray(data.faces()[manifest.index.to_numpy()])
    manifest = manifest.reset_index(drop=True)
    val = np.flatnonzero(manifest["split"] == "val")
    if not len(val):
        raise InputError("the imported data set has no val images; import the whole of FER2013.")
    labels, groups = manifest["true_label"].cat.codes.to_numpy(), manifest["duplicate_group"].to_numpy()
    plain, mirrored = _embed(embed, faces, on_progress)
    drawn = np.sort(np.random.default_rng(0).permutation(val)[:ALTERED])
    altered = {name: _embed(embed, alter(faces[drawn])) for name, alter in ALTERATIONS.items()}
    rows = []
    for title, vectors_of in DISTANCES.items():
        vectors = vectors_of(plain, mirrored)
        nearest = _nearest(vectors, vectors[val], groups, groups[val], NEIGHBOURS)
        shares = {"same_label": float((labels[nearest] == labels[val, None]).mean())}
        for name, embedded in altered.items():
            first = _nearest(vectors, vectors_of(*embedded), groups, np.full(len(drawn), NO_GROUP), 1)[:, 0]
            shares[name] = float((groups[first] == groups[drawn]).mean())
        rows.append({"distance": title, **shares})
    return pd.DataFrame(rows)


def load_embed(model: str) -> Embed:
    """Return the embedding of a model. Raises InputError for a model that was trained on val or is no network."""
    card = read_card(model)
    if card.was_trained_on_val:
        raise InputError(f"{model} was trained on the val images; name a network that was not, such as cnn-student-2.")
    return with_embedding(load_trained(model).classifier, model).embed


def _embed(embed: Embed, faces: Faces, on_progress: Progress = no_progress) -> tuple[Vectors, Vectors]:
    """Return the embeddings of faces, (n, 48, 48) uint8, and of their mirror images."""

    def both(batch: Faces) -> Vectors:
        return np.stack([embed(batch), embed(batch[:, :, ::-1])], axis=1)

    pairs = in_batches(both, faces, on_progress)
    return pairs[:, 0], pairs[:, 1]


def _nearest(
    vectors: Vectors, queries: Vectors, groups: NDArray[np.integer], left_out: NDArray[np.integer], k: int
) -> NDArray[np.intp]:
    """Return the rows of the `k` vectors that are nearest to each query, (queries, k).

    The vectors of the group `left_out`, one per query, do not count.
    """
    squares, found = np.square(vectors).sum(axis=1), []
    for start in range(0, len(queries), QUERIES_AT_ONCE):
        part = slice(start, start + QUERIES_AT_ONCE)
        distances = squares - 2 * (queries[part] @ vectors.T)  # squared, up to a constant per query
        distances[groups == left_out[part, None]] = np.inf
        found.append(np.argpartition(distances, k - 1, axis=1)[:, :k])
    return np.concatenate(found)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.asarray(vectors / lengths, np.float32)


def _shift(faces: Faces) -> Faces:
    """Shift faces, (n, 48, 48) uint8, by two pixels to the right and one down; border pixels are repeated."""
    move = np.array([[1, 0, 2], [0, 1, 1]], np.float32)
    shifted = [cv2.warpAffine(face, move, (FACE_SIZE, FACE_SIZE), borderMode=cv2.BORDER_REPLICATE) for face in faces]
    return np.array(shifted, np.uint8)


ALTERATIONS: dict[str, Callable[[Faces], Faces]] = {
    "mirrored": lambda faces: faces[:, :, ::-1],
    "shifted": _shift,
    "brighter": lambda faces: np.clip(faces * 1.2 + 15, 0, 255).astype(np.uint8),
}
"""Column -> the alteration of faces, (n, 48, 48) uint8."""
