"""Metrics of scored tables (predictions joined with the manifest). They need neither the model nor torch."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.evaluation.bootstrap import METRICS, has_enough, metrics_of, resampled_counts
from core.evaluation.calibration_error import expected_calibration_error
from core.evaluation.intervals import percentile_intervals, wilson_interval
from core.evaluation.scored_table import class_ids, correct, probabilities_of
from core.models.scores import ClassScores, Interval, Scores

CLASS_IDS = list(range(len(EMOTIONS)))


def confusion(table: pd.DataFrame) -> pd.DataFrame:
    """Return 7x7 counts: index true_label, columns predicted_label. Emotions that do not occur have counts of 0."""
    from sklearn.metrics import confusion_matrix

    counts = confusion_matrix(*class_ids(table), labels=CLASS_IDS) if len(table) else np.zeros((7, 7), int)
    return pd.DataFrame(
        counts, index=pd.Index(EMOTIONS, name="true_label"), columns=pd.Index(EMOTIONS, name="predicted_label")
    )


def row_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Divide the counts of `confusion` by their row sums, 0..1; NaN in the rows of true labels that do not occur."""
    return counts.div(counts.sum(axis=1).where(lambda n: n > 0), axis=0)


def recalls(counts: pd.DataFrame) -> "pd.Series[float]":
    """Return the recall of each emotion from the counts of `confusion`, 0..1; NaN for true labels that do not occur."""
    return pd.Series(np.diagonal(row_shares(counts)), index=counts.index)


def class_metrics(counts: pd.DataFrame) -> pd.DataFrame:
    """Return precision, recall, f1 and support of each emotion from the counts of `confusion`; NaN if undefined.

    This is `per_class` without intervals, in a fraction of its time.
    """
    values = metrics_of(counts.to_numpy().reshape(1, -1))[0]
    columns = {
        metric: values[[name.startswith(f"{metric}_") for name in METRICS]] for metric in ("precision", "recall", "f1")
    }
    return pd.DataFrame(columns | {"support": counts.sum(axis=1)}, index=pd.Index(EMOTIONS, name="emotion"))


def per_class(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per emotion with the columns precision, recall, f1 and support; NaN if undefined.

    Further columns are the 95 % intervals, such as recall_low and recall_high, and predicted: the number of images for
    which this emotion is predicted. Intervals of precision and recall are Wilson intervals. Those of F1 are percentile
    intervals of bootstrap samples, in which exact copies are drawn together; NaN for emotions with too few images.
    """
    samples = metrics_of(resampled_counts(table, ["predicted_label"])[0])
    ends = np.where(has_enough(confusion(table).to_numpy()), percentile_intervals(samples), np.nan)
    low, high = ends[:, [name.startswith("f1_") for name in METRICS]]
    return _per_class(table).assign(f1_low=low, f1_high=high)


def _per_class(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of `per_class` without the intervals of F1, which take longer than all others."""
    counts = confusion(table).to_numpy()
    correct_counts, support, predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    precision, recall, f1 = _precision_recall_f1(table)
    columns = {"precision": precision, "recall": recall, "f1": f1, "support": support, "predicted": predicted}
    for name, totals in (("recall", support), ("precision", predicted)):
        intervals = [wilson_interval(int(k), int(n)) for k, n in zip(correct_counts, totals, strict=True)]
        columns[f"{name}_low"], columns[f"{name}_high"] = np.array(intervals).T
    order = ("precision", "recall", "recall_low", "recall_high", "f1", "support", "precision_low", "precision_high")
    return pd.DataFrame(columns, index=pd.Index(EMOTIONS, name="emotion"))[[*order, "predicted"]]


def negative_log_likelihood(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Return the mean of -log p, in nats, where p is the probability of the true label; NaN for n = 0.

    Takes probabilities, (n, 7), and true class ids, (n,).
    """
    from sklearn.metrics import log_loss

    return float(log_loss(labels, _normalised(probabilities), labels=CLASS_IDS)) if len(labels) else np.nan


def brier_score(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Return the Brier score of probabilities, (n, 7), with true class ids, (n,); NaN for n = 0.

    It is the mean over the images of the squared distance between the probabilities and the one-hot true label, 0..2
    (Brier 1950).
    """
    from sklearn.metrics import brier_score_loss

    return float(brier_score_loss(labels, _normalised(probabilities), labels=CLASS_IDS)) if len(labels) else np.nan


def top_k_accuracy(table: pd.DataFrame, k: int = 2) -> float:
    """Return the share of images whose true label is among the `k` most probable emotions, 0..1; NaN for n = 0.

    Equal probabilities are ranked as in scikit-learn: the emotion that comes later in `EMOTIONS` first.
    """
    from sklearn.metrics import top_k_accuracy_score

    if not len(table):
        return np.nan
    return float(top_k_accuracy_score(class_ids(table)[0], probabilities_of(table), k=k, labels=CLASS_IDS))


def macro_f1(table: pd.DataFrame) -> float:
    """Return the mean F1 over the classes that occur among the true or the predicted labels."""
    return _mean_of_defined(_precision_recall_f1(table)[2])


def balanced_accuracy(table: pd.DataFrame) -> float:
    """Return the mean recall over the classes that occur among the true labels."""
    return _mean_of_defined(_precision_recall_f1(table)[1])


def summary(table: pd.DataFrame) -> Scores:
    """Return all metrics of a scored table; undefined metrics are None."""
    is_correct = correct(table)
    classes = _per_class(table)
    probabilities, labels = probabilities_of(table), class_ids(table)[0]
    return Scores(
        n=len(table),
        accuracy=_none_if_nan(is_correct.mean() if len(table) else np.nan),
        accuracy_ci=_interval(*wilson_interval(int(is_correct.sum()), len(table))),
        balanced_accuracy=_none_if_nan(_mean_of_defined(classes["recall"].to_numpy())),
        macro_f1=_none_if_nan(_mean_of_defined(classes["f1"].to_numpy())),
        ece=_none_if_nan(expected_calibration_error(table)),
        nll=_none_if_nan(negative_log_likelihood(probabilities, labels)),
        brier=_none_if_nan(brier_score(probabilities, labels)),
        per_class={str(emotion): _class_scores(row) for emotion, row in classes.iterrows()},
    )


def _class_scores(row: "pd.Series[Any]") -> ClassScores:
    return ClassScores(
        precision=_none_if_nan(row["precision"]),
        recall=_none_if_nan(row["recall"]),
        recall_ci=_interval(row["recall_low"], row["recall_high"]),
        f1=_none_if_nan(row["f1"]),
        support=int(row["support"]),
    )


def _normalised(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    """Convert probabilities, (n, 7), to float64 and rescale each row to sum to 1, as float32 rows do only roughly."""
    as_float64 = probabilities.astype(np.float64)
    return np.asarray(as_float64 / as_float64.sum(axis=1, keepdims=True))


def _precision_recall_f1(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return precision, recall and F1 per class, (3, 7); NaN if undefined."""
    from sklearn.metrics import precision_recall_fscore_support

    if not len(table):
        return np.full((3, len(EMOTIONS)), np.nan)
    scores = precision_recall_fscore_support(*class_ids(table), labels=CLASS_IDS, zero_division=np.nan)
    return np.array(scores[:3], np.float64)


def _mean_of_defined(values: NDArray[np.float64]) -> float:
    """Return the mean of the values that are not NaN; NaN if all values are NaN."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else np.nan


def _none_if_nan(value: float) -> float | None:
    """Replace NaN by None, because JSON has no NaN."""
    return None if np.isnan(value) else float(value)


def _interval(low: float, high: float) -> Interval | None:
    return None if np.isnan(low) else (float(low), float(high))
