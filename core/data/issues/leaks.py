"""Leaks: test images with an exact copy in Training. The slice *leak-free* leaves them out."""

import pandas as pd

from core.data.issues.base import Issue


def leaked(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each row is a test image with an exact copy in Training.

    `table` needs the columns usage and duplicate_group.
    """
    is_training = table["usage"] == "Training"
    return ~is_training & table["duplicate_group"].isin(table.loc[is_training, "duplicate_group"])


def leaks(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the leaked images."""
    return manifest[manifest["leaked"]]


def leak_free(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each row is a test image without an exact copy in Training.

    `table` needs the columns split and leaked. Copies that were scaled, shifted or brightened are not exact copies.
    """
    return (table["split"] == "test") & ~table["leaked"]


ISSUE = Issue(
    "Leaks",
    "Test images with an exact copy (equal in every pixel) in Training: a model may have memorised them. The slice "
    "*leak-free* leaves them out.",
    leaks,
)
