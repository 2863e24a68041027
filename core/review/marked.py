"""The column `marked`, which the slice of this name needs."""

from collections.abc import Collection

import pandas as pd

from core.evaluation.slices import parse_slice
from core.review import store
from core.review.data_set import data_set_name

MARKED = "marked"
"""Name of the slice, and of the column that it needs."""


def names_marked(key: str) -> bool:
    """Return whether a slice or a combination, such as "leak_free,marked", is about marks."""
    return MARKED in parse_slice(key)


def with_marked(table: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
    """Return the table with the column `marked`: whether the image has a mark. `ids` are those of the marked images."""
    return table.assign(**{MARKED: table["image_id"].isin(ids)})


def with_stored_marks(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the table with the column `marked` by the stored marks, if the slice `key` needs it.

    Raises InputError if the marks cannot be read.
    """
    if not names_marked(key):
        return table
    return with_marked(table, {mark.image_id for mark in store.marks(data_set_name())})
