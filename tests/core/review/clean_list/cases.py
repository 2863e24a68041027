"""A small manifest, whose clean lists can be seen at a glance."""

import pandas as pd

from core.columns import EMOTION_DTYPE, SPLIT_DTYPE, USAGE_DTYPE
from core.review.marks import Mark

ROWS = [
    # image_id, usage, split, true_label, duplicate_group, leaked, blank
    ("private-1", "PrivateTest", "test", "happy", 1, True, False),  # a copy of train-1
    ("private-2", "PrivateTest", "test", "sad", 2, False, False),  # copies of each other
    ("public-2", "PublicTest", "test", "sad", 2, False, False),
    ("public-3", "PublicTest", "test", "fear", 3, False, False),  # the only one of its kind
    ("train-1", "Training", "train", "happy", 1, False, False),
    ("train-4a", "Training", "train", "angry", 4, False, False),  # copies of each other with two labels
    ("train-4b", "Training", "train", "disgust", 4, False, False),
    ("train-5", "Training", "train", "neutral", 5, False, True),  # blank
    ("val-6a", "Training", "val", "surprise", 6, False, False),  # copies of each other
    ("val-6b", "Training", "val", "surprise", 6, False, False),
]

COLUMNS = ["image_id", "usage", "split", "true_label", "duplicate_group", "leaked", "blank"]


def manifest() -> pd.DataFrame:
    dtypes = {"usage": USAGE_DTYPE, "split": SPLIT_DTYPE, "true_label": EMOTION_DTYPE, "image_id": "str"}
    return pd.DataFrame(ROWS, columns=COLUMNS).astype(dtypes)


def mark(image_id: str, kind: str, label: str | None = None) -> Mark:
    return Mark(image_id, kind, label, "", "2026-07-26T12:34:56Z")


def left_out(listed: pd.DataFrame) -> dict[str, str]:
    """Return image_id -> reason of the images that are left out."""
    rows = listed[~listed["keep"]]
    return dict(zip(rows["image_id"], rows["reason"], strict=True))
