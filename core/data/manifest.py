"""The manifest: one row of facts for each image, without its pixels."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pandas as pd

from core.columns import EMOTION_DTYPE, SPLIT_DTYPE, USAGE_DTYPE
from core.data import measures
from core.data.issues.leaks import leaked
from core.data.sources.base import LabelledImages
from core.data.splits import adopt_splits, assign_splits
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
"""Part of the fingerprint: raise it when the same pictures give another manifest, so that imports are made anew."""


def build_manifest(images: LabelledImages, shipped: pd.DataFrame | None = None) -> pd.DataFrame:
    """Faces and labels, sorted by image_id -> their manifest.

    With the shipped manifest at hand, known images keep its split, and stay leaked where it says so even if their
    copy is not among these images: the shipped models were trained on all of Training.
    """
    table = images.table.assign(duplicate_group=measures.duplicate_groups(images.faces), **measure(images.faces))
    table["leaked"] = leaked(table)
    table["split"] = assign_splits(table)
    if shipped is not None:
        known_leaks = shipped.loc[shipped["leaked"], "image_id"]
        table["leaked"] |= table["image_id"].isin(known_leaks)
        table["split"] = adopt_splits(table, shipped)
    return table[list(COLUMNS)].astype(COLUMNS)


def measure(faces: Faces) -> dict[str, Any]:
    """(n, 48, 48) uint8 -> the manifest's columns that come from one face alone."""
    return {
        "blank": measures.is_blank(faces),
        "brightness": measures.brightness(faces),
        "contrast": measures.contrast(faces),
        "sharpness": measures.sharpness(faces),
        "phash": measures.perceptual_hash(faces),
    }


def fingerprint(images: LabelledImages) -> str:
    """16 hexadecimal digits of what was imported, whether it came as a zip or as a folder."""
    digest = hashlib.sha256(f"{FORMAT}\n".encode())
    digest.update(images.table.to_csv(index=False, lineterminator="\n").encode())
    digest.update(images.faces.tobytes())
    return digest.hexdigest()[:16]


def manifest_bytes(manifest: pd.DataFrame) -> bytes:
    """The manifest as parquet; image_id names exactly one image, or the joins of every page would be wrong."""
    assert manifest["image_id"].is_unique
    buffer = io.BytesIO()
    manifest.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def empty_manifest() -> pd.DataFrame:
    """No images, all columns."""
    return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)


def read_manifest(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path).astype(COLUMNS)
