"""Match the rows of the original CSV to the images of the Kaggle archive.

The CSV has no image names. Its pixels differ from the archive's JPEGs by up to 2.1 gray levels, so they never match
exactly.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from core.data import measures
from core.data.sources.base import LabelledImages

# Measured between original rows and their own images: brightness differs by at most 0.13 gray levels, contrast by
# 0.09, and the hash by 2 of 64 bits. The limits are looser. Joining the nearest pairs first prevents wrong matches.
MAX_LIGHT_DISTANCE = 0.5
"""Largest distance between two points (brightness, contrast), in gray levels."""
MAX_HASH_DISTANCE = 8
"""Largest number of different bits between two perceptual hashes."""

Pairs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]
"""Three arrays with one entry per pair: position of the row, position of the image, and their distance."""


def assign_image_ids(images: LabelledImages, shipped: pd.DataFrame) -> LabelledImages:
    """Give the rows of the CSV the image_id of the matching shipped image, and sort them by image_id.

    Rows without a match keep their own image_id.
    """
    facts = images.table.assign(
        brightness=measures.brightness(images.faces),
        contrast=measures.contrast(images.faces),
        phash=measures.perceptual_hash(images.faces),
    )
    matched = match_rows(facts, shipped)
    table = images.table.assign(image_id=matched.fillna(images.table["image_id"])).sort_values("image_id")
    return replace(images, table=table.reset_index(drop=True), faces=images.faces[table.index])


def match_rows(rows: pd.DataFrame, shipped: pd.DataFrame) -> "pd.Series[str]":
    """Return the image_id of the shipped image that matches each row, or NA if no image is near enough.

    Both tables have the columns usage, true_label, brightness, contrast and phash. A match has the same usage and
    label. No image is used twice: the nearest pair is joined first, then the nearest of the remaining ones.
    """
    keys = ["usage", "true_label"]
    images_by_key = dict(list(shipped.groupby(keys, observed=True)))
    matched = pd.Series(pd.NA, index=rows.index, dtype="str")
    for key, members in rows.groupby(keys, observed=True):
        images = images_by_key.get(key)
        if images is not None:
            for row, image in _nearest_first(_near_pairs(members, images)):
                matched[members.index[row]] = images["image_id"].iloc[image]
    return matched


def _near_pairs(rows: pd.DataFrame, images: pd.DataFrame) -> Pairs:
    """All pairs of a row and an image within both limits."""
    light = ["brightness", "contrast"]
    tree, other = cKDTree(rows[light]), cKDTree(images[light])
    near = tree.sparse_distance_matrix(other, MAX_LIGHT_DISTANCE, output_type="ndarray")
    bits = np.bitwise_count(rows["phash"].to_numpy()[near["i"]] ^ images["phash"].to_numpy()[near["j"]])
    near, bits = near[bits <= MAX_HASH_DISTANCE], bits[bits <= MAX_HASH_DISTANCE]
    return near["i"], near["j"], bits + near["v"] / MAX_LIGHT_DISTANCE


def _nearest_first(pairs: Pairs) -> Iterator[tuple[int, int]]:
    """Yield (row, image) pairs, nearest first; each row and each image is used at most once."""
    rows, images, distances = pairs
    used_rows: set[int] = set()
    used_images: set[int] = set()
    for pair in np.argsort(distances, kind="stable"):
        row, image = int(rows[pair]), int(images[pair])
        if row not in used_rows and image not in used_images:
            used_rows.add(row)
            used_images.add(image)
            yield row, image
