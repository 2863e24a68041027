"""Images of a single gray level, without any face."""

import pandas as pd

from core.data.issues.base import Issue


def blanks(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the images whose pixels all have the same gray level."""
    return manifest[manifest["blank"]]


ISSUE = Issue("Blanks", "Images of a single gray level, without any face.", blanks)
