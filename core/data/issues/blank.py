"""Images of a single gray level, without any face."""

import pandas as pd

from core.data.issues.base import Issue


def blanks(manifest: pd.DataFrame) -> pd.DataFrame:
    """Select the rows of images whose pixels all have the same gray level."""
    return manifest[manifest["blank"]]


ISSUE = Issue("Blanks", "Images of a single gray level, without any face.", blanks)
