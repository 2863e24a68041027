"""Which labels are suggested instead of the doubtful ones: "labelled fear, looks sad"."""

import pandas as pd

from core.review.doubts.scores import DOUBTFUL_BELOW


def doubt_pairs(table: pd.DataFrame, below: float = DOUBTFUL_BELOW) -> pd.DataFrame:
    """Count the images of a table of doubts with scores under `below`, per true and suggested label.

    The most frequent pair comes first.
    The columns are true_label, suggested_label, images, and share_of_class: `images` as a share of all images of the
    table with this true label, 0..1. Pairs without images are left out, and so are images whose suggested label is the
    true one, which only a `below` above 1/7 can include.
    """
    true, suggested = table["true_label"], table["suggested_label"]
    is_doubted = (table["score"] < below) & (true.cat.codes != suggested.cat.codes)
    counts = table[is_doubted].groupby(["true_label", "suggested_label"], observed=True).size()
    pairs = counts.rename("images").reset_index()
    in_class = true.value_counts(sort=False)
    pairs["share_of_class"] = pairs["images"] / pairs["true_label"].map(in_class).astype(float)
    return pairs.sort_values("images", ascending=False, kind="stable", ignore_index=True)
