"""Recognise the images of the Kaggle archive by their content, whatever their files are called.

The archive's pixels do not ship, so images are compared with the measures in the shipped manifest. These hardly change
if an image is saved as JPEG or PNG again, or enlarged and shrunk back. The original CSV, whose pixels differ from the
archive's JPEGs by a root mean square of up to 2.1 gray levels per image, is recognised in the same way.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Measured on 4,000 images of the archive: saved as JPEG of quality 75, or enlarged to 64, 96, 100 or 224 pixels and
# shrunk back, 99 % stay within 0.5 gray levels, 88 % to 101 % of the contrast, and 2 of 64 bits of the hash. With the
# limits below, 32,278 of 32,298 images that were enlarged to 96 pixels are recognised, 66 of them as another crop of
# the same photo. Of the mirror images of all 35,887 images, 7 are taken for another image. Images that were cropped
# or brightened are mostly not recognised.
MAX_BRIGHTNESS_DISTANCE = 0.6
"""Largest distance between the brightness of an image and that of the archive's image, in gray levels."""
CONTRAST_RATIOS = 0.78, 1.02
"""Smallest and largest contrast of an image, as a multiple of the contrast of the archive's image."""
CONTRAST_TOLERANCE = 0.5
"""Gray levels by which the contrast may also be beyond these ratios; for images with hardly any contrast."""
MAX_HASH_DISTANCE = 6
"""Largest number of bits by which the perceptual hashes differ."""

BATCH = 2000  # images compared at once

LABEL_PENALTY, SPLIT_PENALTY, USAGE_PENALTY, NAME_PENALTY = 3.0, 1.0, 0.1, 0.01
"""Added to the distance of a pair whose labels, splits, usages or names differ. They decide between copies."""

MAX_HASH_DISTANCE_OF_OTHERS = 2
"""As `MAX_HASH_DISTANCE`, for pairs with another label or split. Beyond it, they are mostly another crop of a photo."""

Pairs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]
"""Pairs of an image and an image of the archive, as three arrays: positions in both tables, and distances."""


def recognise(images: pd.DataFrame, shipped: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return, for each image, the position in the manifest `shipped` of the same image, or -1 if there is none.

    The second array has the position for images that come once more: another image was nearer to the listed one.

    `images` has the columns image_id, split (train, val, test or missing), usage and true_label (may be missing),
    brightness, contrast and phash. The nearest pair is matched first, and no image is matched twice. Split and label
    need not be equal, but they decide between copies.
    """
    matched, nearest = np.full(len(images), -1, np.intp), np.full(len(images), -1, np.intp)
    used = np.zeros(len(shipped), bool)
    for image, listed in _nearest_first(_pairs(images, shipped)):
        if nearest[image] < 0:
            nearest[image] = listed
        if matched[image] < 0 and not used[listed]:
            matched[image] = listed
            used[listed] = True
    return matched, np.where(matched < 0, nearest, -1)


def _pairs(images: pd.DataFrame, shipped: pd.DataFrame) -> Pairs:
    """Return all pairs whose measures are within the limits."""
    brightness, contrast = (images[name].to_numpy(np.float64) for name in ("brightness", "contrast"))
    listed_brightness, listed_contrast = (shipped[name].to_numpy(np.float64) for name in ("brightness", "contrast"))
    hashes, listed_hashes = images["phash"].to_numpy(), shipped["phash"].to_numpy()
    order = np.argsort(listed_brightness, kind="stable")
    first = np.searchsorted(listed_brightness, brightness - MAX_BRIGHTNESS_DISTANCE, "left", order)
    last = np.searchsorted(listed_brightness, brightness + MAX_BRIGHTNESS_DISTANCE, "right", order)
    parts: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for start in range(0, len(images), BATCH):
        rows, columns = _ranges(first[start : start + BATCH], last[start : start + BATCH])
        rows, columns = rows + start, order[columns]
        lowest, highest = (ratio * listed_contrast[columns] for ratio in CONTRAST_RATIOS)
        near = (contrast[rows] >= lowest - CONTRAST_TOLERANCE) & (contrast[rows] <= highest + CONTRAST_TOLERANCE)
        near &= np.bitwise_count(hashes[rows] ^ listed_hashes[columns]) <= MAX_HASH_DISTANCE
        parts.append((rows[near], columns[near]))
    rows = np.concatenate([rows for rows, _ in parts]) if parts else np.zeros(0, np.intp)
    columns = np.concatenate([columns for _, columns in parts]) if parts else np.zeros(0, np.intp)
    bits = np.bitwise_count(hashes[rows] ^ listed_hashes[columns])
    penalties = _penalties(images, shipped, rows, columns)
    is_plausible = (bits <= MAX_HASH_DISTANCE_OF_OTHERS) | (penalties < SPLIT_PENALTY)
    rows, columns, bits, penalties = (part[is_plausible] for part in (rows, columns, bits, penalties))
    distances = bits.astype(np.float64)
    distances += np.abs(brightness[rows] - listed_brightness[columns]) / MAX_BRIGHTNESS_DISTANCE
    distances += 10 * np.abs(np.log((contrast[rows] + 1) / (listed_contrast[columns] + 1)))
    return rows, columns, distances + penalties


def _penalties(
    images: pd.DataFrame, shipped: pd.DataFrame, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the penalties of pairs; an unknown label, split or usage costs nothing."""
    labels, listed_labels = (table["true_label"].cat.codes.to_numpy() for table in (images, shipped))
    is_training = (images["split"] == "train").to_numpy()
    is_known = images["split"].notna().to_numpy()
    listed_training = (shipped["usage"] == "Training").to_numpy()
    usages, listed_usages = images["usage"].to_numpy(object), shipped["usage"].to_numpy(object)
    other_usage = (usages[rows] != listed_usages[columns]) & images["usage"].notna().to_numpy()[rows]
    names, listed_names = images["image_id"].to_numpy(), shipped["image_id"].to_numpy()
    other_label = (labels[rows] != listed_labels[columns]) & (labels[rows] >= 0)
    other_split = (is_training[rows] != listed_training[columns]) & is_known[rows]
    other_name = names[rows] != listed_names[columns]
    penalties = LABEL_PENALTY * other_label + SPLIT_PENALTY * other_split
    return np.asarray(penalties + USAGE_PENALTY * other_usage + NAME_PENALTY * other_name)


def _ranges(first: NDArray[np.intp], last: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return all pairs of a row i and a number from first[i] to last[i] - 1, as two arrays."""
    lengths = last - first
    rows = np.repeat(np.arange(len(first)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(lengths.cumsum() - lengths, lengths)
    return rows, np.repeat(first, lengths) + within


def _nearest_first(pairs: Pairs) -> Iterator[tuple[int, int]]:
    """Yield the pairs, nearest first."""
    rows, columns, distances = pairs
    order = np.argsort(distances, kind="stable")
    yield from zip(rows[order].tolist(), columns[order].tolist(), strict=True)
