"""Scored table (predictions joined with the manifest) -> figures. Knows tables, no models and no torch."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, confusion_matrix, log_loss, precision_recall_fscore_support

from core.emotions import EMOTIONS
from core.evaluation.calibration_error import expected_calibration_error
from core.evaluation.intervals import wilson_interval
from core.evaluation.scored_table import class_ids, correct, probabilities_of
from core.models.card import ClassScores, Interval, Scores

CLASS_IDS = list(range(len(EMOTIONS)))


def confusion(table: pd.DataFrame) -> pd.DataFrame:
    """7x7 counts, index true_label, columns predicted_label; absent classes keep their row and column."""
    counts = confusion_matrix(*class_ids(table), labels=CLASS_IDS) if len(table) else np.zeros((7, 7), int)
    return pd.DataFrame(
        counts, index=pd.Index(EMOTIONS, name="true_label"), columns=pd.Index(EMOTIONS, name="predicted_label")
    )


def row_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """`confusion` -> shares of each true label, 0..1; NaN in the rows of labels that do not occur."""
    return counts.div(counts.sum(axis=1).where(lambda n: n > 0), axis=0)


def recalls(counts: pd.DataFrame) -> "pd.Series[float]":
    """`confusion` -> the share of each true label that is predicted as such, 0..1; NaN for one that does not occur."""
    return pd.Series(np.diagonal(row_shares(counts)), index=counts.index)


def per_class(table: pd.DataFrame) -> pd.DataFrame:
    """precision, recall, f1 and support, one row per emotion; NaN if undefined.

    With them the Wilson intervals precision_low, precision_high, recall_low and recall_high (95 %), and predicted, the
    number of images with that predicted label.
    """
    counts = confusion(table).to_numpy()
    right, support, predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    precision, recall, f1 = _precision_recall_f1(table)
    columns = {"precision": precision, "recall": recall, "f1": f1, "support": support, "predicted": predicted}
    for figure, whole in (("recall", support), ("precision", predicted)):
        intervals = [wilson_interval(int(n), int(of)) for n, of in zip(right, whole, strict=True)]
        columns[f"{figure}_low"], columns[f"{figure}_high"] = np.array(intervals).T
    order = ("precision", "recall", "recall_low", "recall_high", "f1", "support", "precision_low", "precision_high")
    return pd.DataFrame(columns, index=pd.Index(EMOTIONS, name="emotion"))[[*order, "predicted"]]


def negative_log_likelihood(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """(n, 7) and (n,) class ids -> mean -log p of the true label, in nats; NaN for n = 0."""
    return float(log_loss(labels, _summing_to_one(probabilities), labels=CLASS_IDS)) if len(labels) else np.nan


def brier_score(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """(n, 7) and (n,) class ids -> mean squared distance to the one-hot truth, summed over the classes, 0..2 (Brier
    1950); NaN for n = 0."""
    return float(brier_score_loss(labels, _summing_to_one(probabilities), labels=CLASS_IDS)) if len(labels) else np.nan


def macro_f1(table: pd.DataFrame) -> float:
    """Mean F1 over the classes that occur among the labels or the predictions."""
    return _mean(_precision_recall_f1(table)[2])


def balanced_accuracy(table: pd.DataFrame) -> float:
    """Mean recall over the classes that occur among the labels."""
    return _mean(_precision_recall_f1(table)[1])


def summary(table: pd.DataFrame) -> Scores:
    """The figures of a scored table; None if a figure is undefined."""
    right = correct(table)
    classes = per_class(table)
    probabilities, labels = probabilities_of(table), class_ids(table)[0]
    return Scores(
        n=len(table),
        accuracy=_number(right.mean() if len(table) else np.nan),
        accuracy_ci=_interval(*wilson_interval(int(right.sum()), len(table))),
        balanced_accuracy=_number(_mean(classes["recall"].to_numpy())),
        macro_f1=_number(_mean(classes["f1"].to_numpy())),
        ece=_number(expected_calibration_error(table)),
        nll=_number(negative_log_likelihood(probabilities, labels)),
        brier=_number(brier_score(probabilities, labels)),
        per_class={str(emotion): _class_scores(row) for emotion, row in classes.iterrows()},
    )


def _class_scores(row: "pd.Series[Any]") -> ClassScores:
    return ClassScores(
        precision=_number(row["precision"]),
        recall=_number(row["recall"]),
        recall_ci=_interval(row["recall_low"], row["recall_high"]),
        f1=_number(row["f1"]),
        support=int(row["support"]),
    )


def _summing_to_one(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    """(n, 7); rows sum to 1 to the last bit, as float32's do not."""
    doubled = probabilities.astype(np.float64)
    return np.asarray(doubled / doubled.sum(axis=1, keepdims=True))


def _precision_recall_f1(table: pd.DataFrame) -> NDArray[np.float64]:
    """(3, 7); NaN where a figure is undefined."""
    if not len(table):
        return np.full((3, len(EMOTIONS)), np.nan)
    figures = precision_recall_fscore_support(*class_ids(table), labels=CLASS_IDS, zero_division=np.nan)
    return np.array(figures[:3], np.float64)


def _mean(values: NDArray[np.float64]) -> float:
    """Mean over what is defined; NaN where nothing is."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else np.nan


def _number(value: float) -> float | None:
    """NaN is no JSON: an undefined figure is null."""
    return None if np.isnan(value) else float(value)


def _interval(low: float, high: float) -> Interval | None:
    return None if np.isnan(low) else (float(low), float(high))
