"""Match the rows of the original CSV to the images of the Kaggle archive.

The CSV has no image names. The pixels differ, too, by a root mean square of up to 2.1 gray levels per image, because
the archive contains JPEGs. So images are matched by their brightness, contrast and perceptual hash.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from core.data import measures
from core.data.sources.base import LabelledImages

# Between rows of the CSV and the JPEGs of the same images, brightness differs by at most 0.13 gray levels, contrast by
# 0.09, and the hash by 2 of 64 bits (measured on 642 rows). The limits below are wider. Wrong matches are still rare,
# because the nearest pairs are matched first.
MAX_BRIGHTNESS_CONTRAST_DISTANCE = 0.5
"""Largest Euclidean distance between the points (brightness, contrast) of a matching row and image, in gray levels."""
MAX_HASH_DISTANCE = 8
"""Largest number of bits by which the perceptual hashes of a matching row and image differ."""

Pairs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]
"""Pairs of a row and an image, as three arrays: positions of the rows, positions of the images, and distances.

The distance is the number of different bits plus the brightness-contrast distance as a share of its limit.
"""


def assign_image_ids(images: LabelledImages, shipped: pd.DataFrame) -> LabelledImages:
    """Give the rows of the CSV the image_id of the matching image in the manifest `shipped`, and sort them by image_id.

    Rows without a match keep the image_id from `read_csv`, such as `csv/Training/7`.
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
    """Return, for each row, the image_id of the matching image in the manifest `shipped`, or NA if there is no match.

    Both tables have the columns usage, true_label, brightness, contrast and phash. A row matches only images with the
    same usage and label. The nearest pair is matched first, then the nearest pair of the remaining rows and images.
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
    """Return all pairs of a row and an image whose distances are within both limits."""
    columns = ["brightness", "contrast"]
    row_tree, image_tree = cKDTree(rows[columns]), cKDTree(images[columns])
    # The fields of `near` are i (row), j (image) and v (distance).
    near = row_tree.sparse_distance_matrix(image_tree, MAX_BRIGHTNESS_CONTRAST_DISTANCE, output_type="ndarray")
    bits = np.bitwise_count(rows["phash"].to_numpy()[near["i"]] ^ images["phash"].to_numpy()[near["j"]])
    near, bits = near[bits <= MAX_HASH_DISTANCE], bits[bits <= MAX_HASH_DISTANCE]
    return near["i"], near["j"], bits + near["v"] / MAX_BRIGHTNESS_CONTRAST_DISTANCE


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
