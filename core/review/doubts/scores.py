"""The score of a label: the out-of-sample probability of the true label, small for doubtful labels.

This is the self-confidence of Kuan and Mueller 2022 (Model-agnostic label quality scoring to detect real-world label
errors). docs/doubts.md says why it is used as it is, without an adjustment for the class.
"""

import numpy as np
import pandas as pd

from core.evaluation.scored_table import class_ids, probabilities_of

DOUBTFUL_BELOW = 0.05
"""Score below which a label is called doubtful. The model then always predicts another label (1/7 is 0.14)."""

COLUMNS = ("image_id", "true_label", "suggested_label", "score", "rank", "rank_in_class")


def doubt_table(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the columns `COLUMNS` from a scored table whose predictions are out of sample, the most doubtful first.

    `score` is the probability of the true label, 0..1. `suggested_label` is the predicted label, so it is the true
    label if the model agrees. The most doubtful image has the rank 1, among all and among those of its true label.
    Equal scores are ranked by image_id.
    """
    labels, _ = class_ids(scored)
    table = pd.DataFrame(
        {
            "image_id": scored["image_id"].to_numpy(),
            "true_label": scored["true_label"].array,
            "suggested_label": scored["predicted_label"].array,
            "score": probabilities_of(scored)[np.arange(len(scored)), labels],
        }
    )
    table = table.sort_values(["score", "image_id"], kind="stable", ignore_index=True)
    table["rank"] = np.arange(1, len(table) + 1)
    table["rank_in_class"] = table.groupby("true_label", observed=True).cumcount() + 1
    return table


def is_in_lowest(rank: "pd.Series[int]", count: "int | pd.Series[int]", share: float) -> "pd.Series[bool]":
    """Return whether ranks, counted from 1, are among the lowest `share` (0..1) of `count` ranks."""
    return (rank - 1) / count < share
