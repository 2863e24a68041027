"""Which picture of the Kaggle archive is this row of the original CSV?

The CSV has no names, and its pixels differ from the archive's JPEGs by up to 2.1 gray levels: exact bytes never match.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from core.data import measures
from core.data.sources.base import LabelledImages

# Measured on original rows and their own pictures: the light differs by at most 0.13, the contrast by 0.09 gray
# levels, the hash by 2 of 64 bits. The limits leave room; wrong pictures are kept out by taking the nearest first.
MAX_LIGHT = 0.5
"""Largest distance of (brightness, contrast) in gray levels."""
MAX_BITS = 8
"""Largest number of differing bits of the perceptual hash."""

Pairs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]
"""Positions of rows, positions of pictures, and how much each pair differs."""


def name_rows(images: LabelledImages, shipped: pd.DataFrame) -> LabelledImages:
    """Rows of the CSV take over the image_id of their picture, the others keep theirs; sorted by image_id."""
    facts = images.table.assign(
        brightness=measures.brightness(images.faces),
        contrast=measures.contrast(images.faces),
        phash=measures.perceptual_hash(images.faces),
    )
    matched = match_rows(facts, shipped)
    table = images.table.assign(image_id=matched.fillna(images.table["image_id"])).sort_values("image_id")
    return replace(images, table=table.reset_index(drop=True), faces=images.faces[table.index])


def match_rows(rows: pd.DataFrame, shipped: pd.DataFrame) -> "pd.Series[str]":
    """For each row the image_id of its picture within usage and label, missing where none is near enough.

    Both tables have usage, true_label, brightness, contrast and phash. No picture is given twice: the nearest pair of
    all is joined first, then the nearest of what is left.
    """
    keys = ["usage", "true_label"]
    pictures_of = dict(list(shipped.groupby(keys, observed=True)))
    matched = pd.Series(pd.NA, index=rows.index, dtype="str")
    for key, members in rows.groupby(keys, observed=True):
        pictures = pictures_of.get(key)
        if pictures is not None:
            for row, picture in _nearest_first(_near_pairs(members, pictures)):
                matched[members.index[row]] = pictures["image_id"].iloc[picture]
    return matched


def _near_pairs(rows: pd.DataFrame, pictures: pd.DataFrame) -> Pairs:
    light = ["brightness", "contrast"]
    near = cKDTree(rows[light]).sparse_distance_matrix(cKDTree(pictures[light]), MAX_LIGHT, output_type="ndarray")
    bits = np.bitwise_count(rows["phash"].to_numpy()[near["i"]] ^ pictures["phash"].to_numpy()[near["j"]])
    near, bits = near[bits <= MAX_BITS], bits[bits <= MAX_BITS]
    return near["i"], near["j"], bits + near["v"] / MAX_LIGHT


def _nearest_first(pairs: Pairs) -> Iterator[tuple[int, int]]:
    rows, pictures, differences = pairs
    taken_rows: set[int] = set()
    taken_pictures: set[int] = set()
    for pair in np.argsort(differences, kind="stable"):
        row, picture = int(rows[pair]), int(pictures[pair])
        if row not in taken_rows and picture not in taken_pictures:
            taken_rows.add(row)
            taken_pictures.add(picture)
            yield row, picture
