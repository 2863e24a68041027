"""Images that have an exact copy."""

import pandas as pd

from core.data.issues.base import Issue


def duplicates(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the images that have an exact copy, sorted so that copies are adjacent."""
    has_copy = manifest.duplicated("duplicate_group", keep=False)
    return manifest[has_copy].sort_values(["duplicate_group", "image_id"])


ISSUE = Issue("Duplicates", "Images that have an exact (pixel-identical) copy, shown next to each other.", duplicates)
