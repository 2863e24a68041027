"""The manifest: a table with one row per image (label, split, copies, quality measures), without the pixels."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pandas as pd

from core.columns import EMOTION_DTYPE, SPLIT_DTYPE, USAGE_DTYPE
from core.data import measures
from core.data.issues.leaks import leaked
from core.data.sources.base import LabelledImages
from core.data.splits import assign_splits, keep_shipped_splits

COLUMNS: dict[str, Any] = {
    "image_id": "str",
    "usage": USAGE_DTYPE,
    "split": SPLIT_DTYPE,
    "true_label": EMOTION_DTYPE,
    "duplicate_group": "int32",
    "leaked": "bool",
    "blank": "bool",
    "brightness": "float32",
    "contrast": "float32",
    "sharpness": "float32",
    "phash": "uint64",
    "csv_row": "int32",
}
"""Column -> dtype. `core.data.measures` computes duplicate_group and the columns from blank to phash.

`csv_row` is the row of the CSV that an image came from, counted from 0 without the header; -1 for other sources."""

NO_ROW = -1
"""Value of `csv_row` for images that do not come from a CSV."""

MANIFEST_VERSION = 1
"""Part of the fingerprint of an import. Increase it if a code change gives a different manifest for the same images.
Otherwise a new import of these images would be taken for identical, and the old manifest would stay in use."""


def build_manifest(images: LabelledImages, shipped: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the manifest of images that are sorted by image_id.

    If `shipped` is given, images that it lists keep their split and stay marked as leaked. This holds even if their
    copy in Training is missing from `images`, because the shipped models were trained with that copy.
    """
    table = images.table.assign(duplicate_group=measures.duplicate_groups(images.faces), **images.measured)
    if "csv_row" not in table:
        table["csv_row"] = NO_ROW
    table["leaked"] = leaked(table)
    table["split"] = assign_splits(table)
    if shipped is not None:
        shipped_leaks = shipped.loc[shipped["leaked"], "image_id"]
        table["leaked"] |= table["image_id"].isin(shipped_leaks)
        table["split"] = keep_shipped_splits(table, shipped)
    return table[list(COLUMNS)].astype(COLUMNS)


def fingerprint(images: LabelledImages) -> str:
    """Return a hash of images and labels, 16 hexadecimal digits. A zip and its unpacked folder have the same hash."""
    digest = hashlib.sha256(f"{MANIFEST_VERSION}\n".encode())
    digest.update(images.table.to_csv(index=False, lineterminator="\n").encode())
    digest.update(images.faces.tobytes())
    return digest.hexdigest()[:16]


def manifest_bytes(manifest: pd.DataFrame) -> bytes:
    """Return the manifest as the bytes of a parquet file. Raises ValueError if an image_id occurs twice."""
    if not manifest["image_id"].is_unique:  # predictions are joined to the manifest by image_id
        raise ValueError("the manifest has the same image_id twice")
    buffer = io.BytesIO()
    manifest.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def empty_manifest() -> pd.DataFrame:
    """Return a manifest with all columns and no rows."""
    return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)


def read_manifest(path: Path) -> pd.DataFrame:
    """Read a manifest. Manifests of older imports, and the shipped one, have no column csv_row."""
    table = pd.read_parquet(path)
    if "csv_row" not in table:
        table["csv_row"] = NO_ROW
    return table[list(COLUMNS)].astype(COLUMNS)
