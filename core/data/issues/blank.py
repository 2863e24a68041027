"""Pictures without any face."""

import pandas as pd

from core.data.issues.base import Issue


def blanks(manifest: pd.DataFrame) -> pd.DataFrame:
    """The rows whose picture is one flat gray."""
    return manifest[manifest["blank"]]


ISSUE = Issue("Blanks", "Pictures of one flat gray, without any face.", blanks)
