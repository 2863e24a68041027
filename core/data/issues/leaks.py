"""Test images that a model may know by heart; what *leak-free* means."""

import pandas as pd

from core.data.issues.base import Issue


def leaked(table: pd.DataFrame) -> "pd.Series[bool]":
    """Usage and duplicate group of each image -> whether it is a test image with a pixel-identical copy in Training."""
    training = table["usage"] == "Training"
    return ~training & table["duplicate_group"].isin(table.loc[training, "duplicate_group"])


def leaks(manifest: pd.DataFrame) -> pd.DataFrame:
    """The leaked rows of a manifest."""
    return manifest[manifest["leaked"]]


def leak_free(table: pd.DataFrame) -> "pd.Series[bool]":
    """Rows of a manifest, or of a table joined with one -> whether each is a test image that is not leaked.

    Exact copies only: a copy that was scaled, shifted or lit differently does not count.
    """
    return (table["split"] == "test") & ~table["leaked"]


ISSUE = Issue(
    "Leaks",
    "Test images with a pixel-identical copy in Training: a model may know them by heart. The slice *leak-free* "
    "leaves them out.",
    leaks,
)
