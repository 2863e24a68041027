"""The manifest: a table with one row of facts per image, without the pixels."""

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

FORMAT = 1
"""Version of the manifest, part of the fingerprint. Increase it if the same images give a different manifest, so that
users who import again get the new one."""


def build_manifest(images: LabelledImages, shipped: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the manifest of faces and labels, which are sorted by image_id.

    If `shipped` is given, the images that it lists keep its split. They also stay leaked if it says so, even if their
    copy is not among these images, because the shipped models were trained on all of Training.
    """
    table = images.table.assign(duplicate_group=measures.duplicate_groups(images.faces), **measure(images.faces))
    table["leaked"] = leaked(table)
    table["split"] = assign_splits(table)
    if shipped is not None:
        known_leaks = shipped.loc[shipped["leaked"], "image_id"]
        table["leaked"] |= table["image_id"].isin(known_leaks)
        table["split"] = keep_shipped_splits(table, shipped)
    return table[list(COLUMNS)].astype(COLUMNS)


def measure(faces: Faces) -> dict[str, Any]:
    """Compute the manifest columns that depend on the pixels of one face only, from (n, 48, 48) uint8."""
    return {
        "blank": measures.is_blank(faces),
        "brightness": measures.brightness(faces),
        "contrast": measures.contrast(faces),
        "sharpness": measures.sharpness(faces),
        "phash": measures.perceptual_hash(faces),
    }


def fingerprint(images: LabelledImages) -> str:
    """Hash of the images and labels, 16 hexadecimal digits; the same for a zip and its unpacked folder."""
    digest = hashlib.sha256(f"{FORMAT}\n".encode())
    digest.update(images.table.to_csv(index=False, lineterminator="\n").encode())
    digest.update(images.faces.tobytes())
    return digest.hexdigest()[:16]


def manifest_bytes(manifest: pd.DataFrame) -> bytes:
    """The manifest as a parquet file."""
    assert manifest["image_id"].is_unique  # predictions are joined to it one to one
    buffer = io.BytesIO()
    manifest.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def empty_manifest() -> pd.DataFrame:
    """A manifest with all columns and no rows."""
    return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)


def read_manifest(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path).astype(COLUMNS)
