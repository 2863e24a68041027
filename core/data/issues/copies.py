"""Images that have a pixel-identical copy."""

import pandas as pd

from core.data.issues.base import Issue


def duplicates(manifest: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a pixel-identical copy, the copies of one picture together."""
    copies = manifest.duplicated("duplicate_group", keep=False)
    return manifest[copies].sort_values(["duplicate_group", "image_id"])


ISSUE = Issue("Duplicates", "Images that have a pixel-identical copy; the copies stand together.", duplicates)
