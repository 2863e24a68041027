"""Leaks: test images with an exact copy in Training. The slice *leak-free* leaves them out."""

import pandas as pd

from core.data.issues.base import Issue


def leaked(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each row is a test image with an exact copy in Training; needs usage and duplicate_group."""
    training = table["usage"] == "Training"
    return ~training & table["duplicate_group"].isin(table.loc[training, "duplicate_group"])


def leaks(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the leaked rows of a manifest."""
    return manifest[manifest["leaked"]]


def leak_free(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each row of a manifest, or of a table joined with one, is a test image that is not leaked.

    Only exact copies count. Copies that were scaled, shifted or brightened are not found.
    """
    return (table["split"] == "test") & ~table["leaked"]


ISSUE = Issue(
    "Leaks",
    "Test images with an exact copy (equal in every pixel) in Training: a model may have memorised them. The slice "
    "*leak-free* leaves them out.",
    leaks,
)
