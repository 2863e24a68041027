"""Bootstrap samples of classification metrics, computed from resampled confusion counts.

A resample draws clusters of images with replacement. Exact copies of an image form one cluster, because they are not
independent. Clusters with equal counts are of one type, and a metric depends only on how often each type is drawn.
These numbers are multinomial, so they are drawn at once instead of cluster by cluster.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.evaluation.intervals import TOO_FEW

CLASSES = len(EMOTIONS)

RESAMPLES = 2000

METRICS = (
    "accuracy",
    "macro_f1",
    "balanced_accuracy",
    *(f"{metric}_{emotion}" for metric in ("precision", "recall", "f1") for emotion in EMOTIONS),
)
"""The names of the columns of `metrics_of`."""


def resampled_counts(
    table: pd.DataFrame, predicted: list[str], resamples: int = RESAMPLES, seed: int = 0
) -> list[NDArray[np.float64]]:
    """Return the flattened confusion counts of each resample, (resamples, 49), for each column of predicted labels.

    All columns share the resamples. If the table has a column duplicate_group, images with the same value are drawn
    together.
    """
    cells = np.column_stack([_cells_of(table, column) for column in predicted])  # (n, columns)
    outcomes, outcome_ids = np.unique(cells, axis=0, return_inverse=True)
    types, clusters = _cluster_types(outcome_ids.reshape(-1), _cluster_ids(table), len(outcomes))
    total = int(clusters.sum())
    shares = clusters / max(total, 1)
    drawn = np.random.default_rng(seed).multinomial(total, shares, resamples) if total else np.zeros((resamples, 0))
    drawn_types, one_hot = drawn.astype(np.float64), np.eye(CLASSES**2)
    return [drawn_types @ (types @ one_hot[column]) for column in outcomes.T]


def _cells_of(table: pd.DataFrame, predicted: str) -> NDArray[np.int64]:
    """Return each image's cell of the flattened confusion matrix, 7 * true label + predicted label: (n,), 0..48."""
    true, labels = (table[column].cat.codes.to_numpy().astype(np.int64) for column in ("true_label", predicted))
    return np.asarray(CLASSES * true + labels)


def _cluster_ids(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return the cluster of each image, (n,), numbered from 0."""
    if "duplicate_group" not in table:
        return np.arange(len(table))
    return np.asarray(table["duplicate_group"].factorize()[0], np.int64)


def _cluster_types(
    outcome_ids: NDArray[np.int64], cluster_ids: NDArray[np.int64], outcomes: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return how many images of each outcome a type of cluster has, (types, outcomes), and its number of clusters.

    An outcome is a combination of true label and predicted labels. Both arguments are (n,).
    """
    is_single = np.bincount(cluster_ids)[cluster_ids] == 1
    singles = np.bincount(outcome_ids[is_single], minlength=outcomes)
    ids = np.unique(cluster_ids[~is_single], return_inverse=True)[1]
    with_copies = np.zeros((int(ids.max(initial=-1)) + 1, outcomes))
    np.add.at(with_copies, (ids, outcome_ids[~is_single]), 1)
    types, clusters = np.unique(with_copies, axis=0, return_counts=True) if len(ids) else (with_copies, ids)
    return np.concatenate([np.eye(outcomes), types]), np.concatenate([singles, clusters])


def metrics_of(counts: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the `METRICS` of flattened confusion counts: (r, 49) -> (r, 24); NaN if undefined.

    As in `core.evaluation.metrics`, means are over the classes for which the metric is defined.
    """
    matrices = counts.astype(np.float64).reshape(-1, CLASSES, CLASSES)
    correct = np.diagonal(matrices, axis1=1, axis2=2)
    support, predicted = matrices.sum(axis=2), matrices.sum(axis=1)
    accuracy = _ratio(correct.sum(axis=1), matrices.sum(axis=(1, 2)))
    precision, recall = _ratio(correct, predicted), _ratio(correct, support)
    f1 = _ratio(2 * correct, support + predicted)
    return np.column_stack([accuracy, _mean_of_defined(f1), _mean_of_defined(recall), precision, recall, f1])


def has_enough(counts: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Return for each of the `METRICS` whether the confusion counts, (7, 7), allow an interval by resampling.

    The precision of an emotion needs enough images that are predicted as it, recall and F1 enough that have its label.
    """
    predicted, labelled = counts.sum(axis=0) >= TOO_FEW, counts.sum(axis=1) >= TOO_FEW
    return np.concatenate([[True, True, True], predicted, labelled, labelled])


def _mean_of_defined(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(r, 7) -> (r,): mean over the classes whose value is not NaN."""
    defined = ~np.isnan(values)
    return _ratio(np.where(defined, values, 0).sum(axis=1), defined.sum(axis=1))


def _ratio(part: NDArray[np.float64], whole: NDArray[Any]) -> NDArray[np.float64]:
    """Return part / whole; NaN where the whole is 0."""
    ratio: NDArray[np.float64] = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return ratio
