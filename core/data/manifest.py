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
from core.vision.crops import Faces

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
}
"""Column -> dtype. `core.data.measures` computes duplicate_group and the columns after it, except `leaked`."""

MANIFEST_VERSION = 1
"""Part of the fingerprint of an import. Increase it if a code change gives a different manifest for the same images.
Otherwise a new import of these images would be taken for identical, and the old manifest would stay in use."""


def build_manifest(images: LabelledImages, shipped: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the manifest of images that are sorted by image_id.

    If `shipped` is given, images that it lists keep their split and stay marked as leaked. This holds even if their
    copy in Training is missing from `images`, because the shipped models were trained with that copy.
    """
    table = images.table.assign(duplicate_group=measures.duplicate_groups(images.faces), **pixel_columns(images.faces))
    table["leaked"] = leaked(table)
    table["split"] = assign_splits(table)
    if shipped is not None:
        shipped_leaks = shipped.loc[shipped["leaked"], "image_id"]
        table["leaked"] |= table["image_id"].isin(shipped_leaks)
        table["split"] = keep_shipped_splits(table, shipped)
    return table[list(COLUMNS)].astype(COLUMNS)


def pixel_columns(faces: Faces) -> dict[str, Any]:
    """Return the manifest columns that depend only on the pixels of each face, for faces (n, 48, 48) uint8."""
    return {
        "blank": measures.is_blank(faces),
        "brightness": measures.brightness(faces),
        "contrast": measures.contrast(faces),
        "sharpness": measures.sharpness(faces),
        "phash": measures.perceptual_hash(faces),
    }


def fingerprint(images: LabelledImages) -> str:
    """Return a hash of images and labels, 16 hexadecimal digits. A zip and its unpacked folder have the same hash."""
    digest = hashlib.sha256(f"{MANIFEST_VERSION}\n".encode())
    digest.update(images.table.to_csv(index=False, lineterminator="\n").encode())
    digest.update(images.faces.tobytes())
    return digest.hexdigest()[:16]


def manifest_bytes(manifest: pd.DataFrame) -> bytes:
    """Return the manifest as the bytes of a parquet file."""
    assert manifest["image_id"].is_unique  # predictions are joined to the manifest by image_id
    buffer = io.BytesIO()
    manifest.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def empty_manifest() -> pd.DataFrame:
    """Return a manifest with all columns and no rows."""
    return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)


def read_manifest(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path).astype(COLUMNS)
