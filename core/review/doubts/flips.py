"""How well the score finds labels that were made wrong on purpose."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import Probabilities
from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS
from core.evaluation.predictions import predictions_table
from core.review.doubts.scores import doubt_table, is_in_lowest

LOWEST = 0.1
"""Share of the lowest scores among which flipped labels are looked for."""


@dataclass(frozen=True)
class Found:
    """How many flipped labels are found among the lowest tenth of the scores."""

    images: int
    flipped: int
    in_lowest_tenth: float | None
    """Share of the flipped labels whose rank is in the lowest tenth of all ranks, 0..1; None if no label is flipped."""
    in_lowest_tenth_of_class: float | None
    """The same by rank among the images with the same given label."""
    roc_auc: float | None
    """Area under the ROC curve of the score: the probability that a flipped label has a lower score than another.

    None if no label, or every label, is flipped.
    """


@dataclass(frozen=True)
class FlipReport:
    """What the score finds of the flipped labels: of all, and per class."""

    all: Found
    by_given_label: dict[str, Found]
    """Emotion -> what is found among the images whose label in the training was this one, right or wrong."""
    by_true_label: dict[str, Found]
    """Emotion -> what is found among the images whose label in the data set is this one, flipped or not."""


def flip_report(
    image_ids: "pd.Series[str]",
    probabilities: Probabilities,
    given: NDArray[np.int64],
    true: NDArray[np.int64],
) -> FlipReport:
    """Return how many of the flipped labels have low scores.

    `probabilities`, (n, 7), are out of sample; `given` and `true` are class ids, (n,): the labels that the models were
    trained on, and those of the data set. Images whose probabilities are NaN are left out.
    """
    rows = np.isfinite(probabilities).all(axis=1)
    labels = pd.DataFrame(
        {
            "image_id": image_ids.to_numpy()[rows],
            "true_label": pd.Categorical.from_codes(given[rows], dtype=EMOTION_DTYPE),
        }
    )
    predictions = predictions_table(labels["image_id"], probabilities[rows])
    flips = pd.DataFrame({"image_id": labels["image_id"], "flipped": (given != true)[rows], "original": true[rows]})
    table = doubt_table(labels.merge(predictions, on="image_id")).merge(flips, on="image_id")
    in_class = table.groupby("true_label", observed=True)["image_id"].transform("size")
    table["lowest"] = is_in_lowest(table["rank"], len(table), LOWEST)
    table["lowest_in_class"] = is_in_lowest(table["rank_in_class"], in_class, LOWEST)
    given_ids, true_ids = table["true_label"].cat.codes.to_numpy(), table["original"].to_numpy()
    return FlipReport(
        _found(table),
        {emotion: _found(table[given_ids == number]) for number, emotion in enumerate(EMOTIONS)},
        {emotion: _found(table[true_ids == number]) for number, emotion in enumerate(EMOTIONS)},
    )


def _found(table: pd.DataFrame) -> Found:
    from sklearn.metrics import roc_auc_score

    flipped = table[table["flipped"]]
    if flipped.empty:
        return Found(len(table), 0, None, None, None)
    has_both = len(flipped) < len(table)
    area = float(roc_auc_score(table["flipped"], -table["score"])) if has_both else None
    return Found(
        len(table), len(flipped), float(flipped["lowest"].mean()), float(flipped["lowest_in_class"].mean()), area
    )
