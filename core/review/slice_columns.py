"""The columns that some slices need beyond those of predictions: marked images, near copies, doubtful labels.

`COLUMNS` says where each comes from. Commands and the report read them from the disk; pages hand over cached ones.
"""

from collections.abc import Callable, Collection, Mapping

import pandas as pd

from core.evaluation.slices import SLICES, parse_slice

MARKED, NEAR_COPY, DOUBT = "marked", "near_copy", "doubt"
"""Columns, bool: the image has a mark; an exact or near copy of it is in Training; its label is doubtful."""

Ids = Callable[[], Collection[str] | None]
"""Returns the ids of the images for which a column is true; None if that is not known for the data set in use."""


def stored_marked_ids() -> set[str]:
    """Return the ids of the images with a stored mark. Raises InputError if the marks cannot be read."""
    from core.review import store
    from core.review.data_set import data_set_name

    return {mark.image_id for mark in store.marks(data_set_name())}


def stored_near_ids() -> set[str] | None:
    """Return the ids of the test images with a near copy; None if near copies are not known.

    Raises InputError if their shipped table is damaged.
    """
    from core.data.near_copies import load_pairs, near_ids

    pairs = load_pairs()
    return None if pairs is None else near_ids(pairs)


def stored_doubtful_ids() -> set[str] | None:
    """Return the ids of the test images with a doubtful label; None if the default network has predicted none.

    Raises InputError if its predictions are damaged.
    """
    from core.review.doubts import doubts

    table = doubts("test")
    return None if table is None else doubtful_ids(table)


def doubtful_ids(doubts: pd.DataFrame) -> set[str]:
    """Return the ids of the images in a table of doubts whose label is doubtful."""
    from core.review.doubts import DOUBTFUL_BELOW

    return set(doubts.loc[doubts["score"] < DOUBTFUL_BELOW, "image_id"])


COLUMNS: dict[str, Ids] = {
    MARKED: stored_marked_ids,
    NEAR_COPY: stored_near_ids,
    DOUBT: stored_doubtful_ids,
}
"""Column -> the ids for which it is true, from the disk."""


def columns_of(key: str) -> tuple[str, ...]:
    """Return the columns of `COLUMNS` that a slice or a combination, such as "leak_free,marked", needs."""
    needed = {column for name in parse_slice(key) for column in SLICES[name].columns}
    return tuple(column for column in COLUMNS if column in needed)


def with_slice_columns(table: pd.DataFrame, key: str, ids: Mapping[str, Ids] = COLUMNS) -> pd.DataFrame:
    """Return the table with the columns of `COLUMNS` that the slice `key` needs, as far as they are known.

    `slice_rows` says what is missing, and how to get it. Raises InputError for files that cannot be read.
    """
    for column in columns_of(key):
        true_for = ids[column]()
        if true_for is not None:
            table = table.assign(**{column: table["image_id"].isin(list(true_for))})
    return table
