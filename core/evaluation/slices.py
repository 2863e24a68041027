"""Named subsets of the test images."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from core.data.issues.leaks import leak_free
from core.evaluation.metrics import summary
from core.exceptions import unknown_name
from core.models.card import Scores


@dataclass(frozen=True)
class Slice:
    """A named subset of the test images."""

    title: str
    """Name on screen and in addresses."""
    description: str
    """Which images belong to the slice."""
    rows: Callable[[pd.DataFrame], "pd.Series[bool]"]
    """Table with the manifest's columns -> whether each row belongs to the slice."""
    note: str = ""
    """Addition to the title in tables and charts, such as "without exact copies"; may be empty."""

    @property
    def long_title(self) -> str:
        """The title, followed by the note in brackets if there is one."""
        return f"{self.title} ({self.note})" if self.note else self.title


SLICES: dict[str, Slice] = {
    "test": Slice(
        "All test images", "all images of the test split: PublicTest and PrivateTest", lambda t: t["split"] == "test"
    ),
    "leak_free": Slice(
        "Leak-free",
        "test images without an exact copy (equal in every pixel) in Training; near copies stay in",
        leak_free,
        "without exact copies",
    ),
    "public": Slice(
        "PublicTest",
        "the half of the test images that was used for the public leaderboard of the contest of 2013",
        lambda t: t["usage"] == "PublicTest",
    ),
    "private": Slice(
        "PrivateTest",
        "the half of the test images that was used for the final ranking of the contest of 2013",
        lambda t: t["usage"] == "PrivateTest",
    ),
}


def slice_rows(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of a table that belong to a slice, with a new index. Raises InputError for an unknown slice."""
    if name not in SLICES:
        raise unknown_name("slice", name, SLICES)
    return table[SLICES[name].rows(table)].reset_index(drop=True)


def summaries(table: pd.DataFrame) -> dict[str, Scores]:
    """Return slice name -> `metrics.summary` of the slice's rows in a scored table."""
    return {name: summary(slice_rows(table, name)) for name in SLICES}
