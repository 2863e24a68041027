"""The table of near copies: one row per test image and Training image that are almost the same."""

import io
from collections.abc import Collection

import numpy as np
import pandas as pd

from core.files import ContentError

NEAR = 0.95
"""Smallest correlation of a near copy."""

SAME_PICTURE = 0.98
"""Smallest correlation of two images that show the same picture, saved or cut in another way."""

COLUMNS = {
    "image_id": "str",
    "copy_id": "str",
    "correlation": "float32",
    "dx": "int8",
    "dy": "int8",
    "mirrored": "bool",
    "unaligned": "float32",
}
"""Column -> dtype: test image, Training image, correlation after the best alignment, the alignment, and the correlation
without any.

The pixel (x, y) of the test image, mirrored first if `mirrored`, lies on the pixel (x + dx, y + dy) of the copy.
"""


def near_ids(pairs: pd.DataFrame, at_least: float = NEAR) -> set[str]:
    """Return the ids of the test images that have a copy with at least this correlation, exact copies included."""
    return set(pairs.loc[is_at_least(pairs["correlation"], at_least), "image_id"])


def is_at_least(correlations: "pd.Series[float]", limit: float) -> "pd.Series[bool]":
    """Return whether each correlation, float32, is at least `limit`, rounded in the same way."""
    return correlations >= np.float32(limit)


def sorted_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its dtypes, sorted by test image; the largest correlation of each image comes first."""
    order = np.lexsort((pairs["copy_id"].to_numpy(str), -pairs["correlation"], pairs["image_id"].to_numpy(str)))
    return pairs[list(COLUMNS)].iloc[order].reset_index(drop=True).astype(COLUMNS)


def pairs_bytes(pairs: pd.DataFrame) -> bytes:
    """Return the table as the bytes of a parquet file."""
    buffer = io.BytesIO()
    pairs.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def checked(pairs: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the table that was read from a file. Raises ContentError if it is not a table of this data set."""
    if missing := [name for name in COLUMNS if name not in pairs]:
        raise ContentError(f"the column {missing[0]} is missing")
    if not (known_rows(pairs, manifest).all() and pairs["correlation"].between(np.float32(NEAR), 1).all()):
        raise ContentError("it has other images or correlations")
    return sorted_pairs(pairs)


def known_rows(pairs: pd.DataFrame, manifest: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each pair is one of a test image and a Training image of this manifest."""
    return pairs["image_id"].isin(ids(manifest, is_training=False)) & pairs["copy_id"].isin(ids(manifest, True))


def ids(manifest: pd.DataFrame, is_training: bool) -> Collection[str]:
    """Return the ids of the Training images, or of the others: PublicTest and PrivateTest."""
    found: pd.Series[str] = manifest.loc[(manifest["usage"] == "Training") == is_training, "image_id"]
    return list(found)
