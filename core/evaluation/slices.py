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
    description: str
    rows: Callable[[pd.DataFrame], "pd.Series[bool]"]


SLICES: dict[str, Slice] = {
    "test": Slice("All test images", "the folder test: PublicTest and PrivateTest", lambda t: t["split"] == "test"),
    "leak_free": Slice(
        "Leak-free",
        "test images without a pixel-identical copy in Training",
        leak_free,
    ),
    "public": Slice("PublicTest", "the contest's public leaderboard", lambda t: t["usage"] == "PublicTest"),
    "private": Slice("PrivateTest", "the contest's final ranking", lambda t: t["usage"] == "PrivateTest"),
}


def slice_rows(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of one slice, index reset; raises InputError for an unknown slice."""
    if name not in SLICES:
        raise unknown_name("slice", name, SLICES)
    return table[SLICES[name].rows(table)].reset_index(drop=True)


def summaries(table: pd.DataFrame) -> dict[str, Scores]:
    """Slice name -> its summary, for every slice."""
    return {name: summary(slice_rows(table, name)) for name in SLICES}
