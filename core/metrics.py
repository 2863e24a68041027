"""Scored table (predictions joined with the manifest) -> figures. Knows tables, no models and no torch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.exceptions import unknown_name

ECE_BINS = 15
"""Equal-width bins of the expected calibration error (Guo et al. 2017)."""


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
        lambda t: (t["split"] == "test") & ~t["leaked"],
    ),
    "public": Slice("PublicTest", "the contest's public leaderboard", lambda t: t["usage"] == "PublicTest"),
    "private": Slice("PrivateTest", "the contest's final ranking", lambda t: t["usage"] == "PrivateTest"),
}


def slice_rows(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of one slice, index reset; raises InputError for an unknown slice."""
    if name not in SLICES:
        raise unknown_name("slice", name, SLICES)
    return table[SLICES[name].rows(table)].reset_index(drop=True)


def wilson_interval(right: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); (nan, nan) for n = 0."""
    if n == 0:
        return np.nan, np.nan
    interval = binomtest(right, n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def confusion(table: pd.DataFrame) -> pd.DataFrame:
    """7x7 counts, index true_label, columns predicted_label; absent classes keep their row and column."""
    counts = confusion_matrix(*_codes(table), labels=range(len(EMOTIONS))) if len(table) else np.zeros((7, 7), int)
    return pd.DataFrame(
        counts, index=pd.Index(EMOTIONS, name="true_label"), columns=pd.Index(EMOTIONS, name="predicted_label")
    )


def per_class(table: pd.DataFrame) -> pd.DataFrame:
    """Precision, recall with its 95 % Wilson interval, F1 and support, a row an emotion; NaN where undefined."""
    counts = confusion(table).to_numpy()
    right, support = counts.diagonal(), counts.sum(axis=1)
    low, high = np.array([wilson_interval(int(r), int(n)) for r, n in zip(right, support, strict=True)]).T
    precision, recall, f1 = _precision_recall_f1(table)
    columns = {"precision": precision, "recall": recall, "recall_low": low, "recall_high": high, "f1": f1}
    return pd.DataFrame(columns | {"support": support}, index=pd.Index(EMOTIONS, name="emotion"))


def reliability(table: pd.DataFrame, bins: int = ECE_BINS) -> pd.DataFrame:
    """A row a bin of confidence: bin_low, bin_high, n, mean confidence, accuracy (NaN where n is 0)."""
    edges = np.linspace(0, 1, bins + 1)
    bin_of = np.clip(np.digitize(table["confidence"].to_numpy(float), edges, right=True) - 1, 0, bins - 1)
    columns = {"confidence": table["confidence"].to_numpy(float), "accuracy": correct(table).astype(float)}
    grouped = pd.DataFrame(columns).groupby(bin_of)
    frame = grouped.mean().reindex(range(bins))
    counts = grouped.size().reindex(range(bins), fill_value=0)
    return frame.assign(bin_low=edges[:-1], bin_high=edges[1:], n=counts)[
        ["bin_low", "bin_high", "n", "confidence", "accuracy"]
    ]


def expected_calibration_error(table: pd.DataFrame, bins: int = ECE_BINS) -> float:
    """Mean gap between confidence and accuracy over the bins, weighted by their images (Guo et al. 2017)."""
    frame = reliability(table, bins)
    gaps = (frame["confidence"] - frame["accuracy"]).abs().fillna(0)
    return float((gaps * frame["n"]).sum() / len(table)) if len(table) else np.nan


def negative_log_likelihood(table: pd.DataFrame) -> float:
    """Mean -log p of the true label, in nats."""
    labels = list(range(len(EMOTIONS)))
    return float(log_loss(_codes(table)[0], _probabilities(table), labels=labels)) if len(table) else np.nan


def brier_score(table: pd.DataFrame) -> float:
    """Mean squared distance of the probabilities to the one-hot truth, summed over the classes, 0..2 (Brier 1950)."""
    truth = np.eye(len(EMOTIONS))[_codes(table)[0]]
    return float(((_probabilities(table) - truth) ** 2).sum(axis=1).mean()) if len(table) else np.nan


def macro_f1(table: pd.DataFrame) -> float:
    """Mean F1 over the classes that occur among the labels or the predictions."""
    return _mean(_precision_recall_f1(table)[2])


def balanced_accuracy(table: pd.DataFrame) -> float:
    """Mean recall over the classes that occur among the labels."""
    return _mean(_precision_recall_f1(table)[1])


def correct(table: pd.DataFrame) -> NDArray[np.bool_]:
    """(n,) whether the predicted label is the true one."""
    true, predicted = _codes(table)
    return np.asarray(true == predicted)


def summary(table: pd.DataFrame) -> dict[str, Any]:
    """The figures of one slice in JSON's types, fractions 0..1; None where a figure is undefined."""
    right = correct(table)
    classes = per_class(table)
    return {
        "n": len(table),
        "accuracy": _number(right.mean() if len(table) else np.nan),
        "accuracy_ci": _interval(*wilson_interval(int(right.sum()), len(table))),
        "balanced_accuracy": _number(_mean(classes["recall"].to_numpy())),
        "macro_f1": _number(_mean(classes["f1"].to_numpy())),
        "ece": _number(expected_calibration_error(table)),
        "nll": _number(negative_log_likelihood(table)),
        "brier": _number(brier_score(table)),
        "per_class": {
            emotion: {
                "precision": _number(row["precision"]),
                "recall": _number(row["recall"]),
                "recall_ci": _interval(row["recall_low"], row["recall_high"]),
                "f1": _number(row["f1"]),
                "support": int(row["support"]),
            }
            for emotion, row in classes.iterrows()
        },
    }


def summaries(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Slice name -> its summary, for every slice."""
    return {name: summary(slice_rows(table, name)) for name in SLICES}


def _codes(table: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Class ids of the true and of the predicted labels."""
    true, predicted = table["true_label"].cat.codes, table["predicted_label"].cat.codes
    return true.to_numpy().astype(np.int64), predicted.to_numpy().astype(np.int64)


def _probabilities(table: pd.DataFrame) -> NDArray[np.float64]:
    """(n, 7); rows sum to 1 to the last bit, as float32's do not."""
    probabilities = table[list(PROBABILITY_COLUMNS)].to_numpy(np.float64)
    return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))


def _precision_recall_f1(table: pd.DataFrame) -> NDArray[np.float64]:
    """(3, 7); NaN where a figure is undefined."""
    if not len(table):
        return np.full((3, len(EMOTIONS)), np.nan)
    figures = precision_recall_fscore_support(*_codes(table), labels=range(len(EMOTIONS)), zero_division=np.nan)
    return np.array(figures[:3], np.float64)


def _mean(values: NDArray[np.float64]) -> float:
    """Mean over what is defined; NaN where nothing is."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else np.nan


def _number(value: float) -> float | None:
    """NaN is no JSON: an undefined figure is null."""
    return None if np.isnan(value) else float(value)


def _interval(low: float, high: float) -> list[float] | None:
    return None if np.isnan(low) else [float(low), float(high)]
