"""What copies are worth: accuracy on test images with an exact copy in Training, a near copy only, or neither."""

import pandas as pd

from core.data.near_copies import NEAR, near_ids
from core.evaluation.intervals import wilson_interval
from core.evaluation.scored_table import correct
from core.evaluation.slices import slice_rows

EXACT, NEAR_ONLY, NEITHER = "an exact copy", "a near copy only", "neither"
"""Which copy in Training the test images of a row have."""


def worth_of_copies(scored: pd.DataFrame, pairs: pd.DataFrame, at_least: float = NEAR) -> pd.DataFrame:
    """Return a model's accuracy by the copies that its test images have in Training.

    `scored` is a scored table, `pairs` are the near copies of its data set. One row each for `EXACT`, `NEAR_ONLY` and
    `NEITHER`, with the columns copies, images, accuracy, low and high: shares 0..1, and the ends of the 95 % interval
    (Wilson 1927). They are NaN if there are no images.
    """
    test = slice_rows(scored, "test")
    is_exact = test["leaked"].to_numpy()
    is_near = test["image_id"].isin(list(near_ids(pairs, at_least))).to_numpy() & ~is_exact
    is_right = correct(test)
    rows = []
    for name, chosen in ((EXACT, is_exact), (NEAR_ONLY, is_near), (NEITHER, ~is_exact & ~is_near)):
        images, right = int(chosen.sum()), int(is_right[chosen].sum())
        accuracy = right / images if images else float("nan")
        rows.append((name, images, accuracy, *wilson_interval(right, images)))
    return pd.DataFrame(rows, columns=["copies", "images", "accuracy", "low", "high"])
