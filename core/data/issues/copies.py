"""Images that have an exact copy."""

import pandas as pd

from core.data.issues.base import Issue


def duplicates(manifest: pd.DataFrame) -> pd.DataFrame:
    """Select the rows of images that have an exact copy; copies are adjacent."""
    copies = manifest.duplicated("duplicate_group", keep=False)
    return manifest[copies].sort_values(["duplicate_group", "image_id"])


ISSUE = Issue("Duplicates", "Images that have an exact (pixel-identical) copy, shown next to each other.", duplicates)
