"""Comparison of two models on the same images: agreement, McNemar test and bootstrap intervals."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.evaluation.intervals import percentile_interval
from core.evaluation.metrics import per_class
from core.evaluation.scored_table import correct

_PREDICTION_COLUMNS = ["predicted_label", "confidence", *PROBABILITY_COLUMNS]


def pair(scored_a: pd.DataFrame, scored_b: pd.DataFrame) -> pd.DataFrame:
    """Join two scored tables: one row per image that is in both.

    The columns of the manifest keep their names. The columns of the two models end in _a and _b: predicted_label_a,
    confidence_a, p_angry_a ..., correct_a.
    """
    pairs = _with_suffix(scored_a, "a").merge(
        _with_suffix(scored_b, "b")[["image_id", *_model_columns("b")]],
        on="image_id",
        how="inner",
        validate="one_to_one",
    )
    return pairs.reset_index(drop=True)


def _with_suffix(scored: pd.DataFrame, model: str) -> pd.DataFrame:
    """Add the column `correct`, and end the names of all prediction columns in _a or _b."""
    names = {column: f"{column}_{model}" for column in _PREDICTION_COLUMNS}
    return scored.assign(**{f"correct_{model}": correct(scored)}).rename(columns=names)


def _model_columns(model: str) -> list[str]:
    """Return the columns of model "a" or "b" in a table of pairs: its predictions, and whether they are correct."""
    return [*(f"{name}_{model}" for name in _PREDICTION_COLUMNS), f"correct_{model}"]


def agreement(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return 2x2 counts of images: in the rows by whether model a is correct, in the columns by whether model b is."""
    order = pd.Index([True, False])
    table = pd.crosstab(pairs["correct_a"], pairs["correct_b"])
    return table.reindex(index=order, columns=order, fill_value=0).rename_axis(index="correct_a", columns="correct_b")


@dataclass(frozen=True)
class McNemar:
    """Result of the McNemar test of two models."""

    only_a: int
    """Number of images that only model a predicts correctly."""
    only_b: int
    """Number of images that only model b predicts correctly."""
    p_value: float


@dataclass(frozen=True)
class Difference:
    """A metric of model a minus the same metric of model b, with its 95 % interval; NaN if the metric is undefined."""

    delta: float
    low: float
    high: float


@dataclass(frozen=True)
class Differences:
    """Differences between two models on the same images."""

    accuracy: Difference
    macro_f1: Difference
    balanced_accuracy: Difference
    recall: dict[str, Difference]
    """Emotion -> difference between the models' recalls for it."""


def mcnemar(pairs: pd.DataFrame) -> McNemar:
    """Run the exact McNemar test on the images that only one model predicts correctly (Dietterich 1998).

    `p_value` is 1 if there are no such images. Exact copies of an image count as separate images, as they do in the
    accuracy. Only `paired_bootstrap` takes into account that they are not independent.
    """
    only_a = int((pairs["correct_a"] & ~pairs["correct_b"]).sum())
    only_b = int((pairs["correct_b"] & ~pairs["correct_a"]).sum())
    p_value = float(binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0
    return McNemar(only_a, only_b, p_value)


def paired_bootstrap(pairs: pd.DataFrame, resamples: int = 2000, seed: int = 0) -> Differences:
    """Return metrics of model a minus those of model b, with 95 % percentile intervals (Efron and Tibshirani 1993).

    Each resample has the same images for both models. Exact copies are drawn together as one cluster, because they are
    not independent images.
    """
    cluster_ids = pairs["duplicate_group"].factorize()[0]
    counts = np.stack([_cluster_counts(pairs, model, cluster_ids) for model in "ab"])  # (2, clusters, 49)
    draws = _draws(counts.shape[1], resamples, seed)
    samples = np.concatenate([_differences(times_drawn @ counts) for times_drawn in draws])  # (resamples, 10)
    deltas = _differences(counts.sum(axis=1, keepdims=True))[0]
    differences = [
        Difference(float(delta), float(low), float(high))
        for delta, (low, high) in zip(deltas, map(percentile_interval, samples.T), strict=True)
    ]
    accuracy, macro_f1, balanced, *recalls = differences
    return Differences(accuracy, macro_f1, balanced, dict(zip(EMOTIONS, recalls, strict=True)))


def _cluster_counts(pairs: pd.DataFrame, model: str, cluster_ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the flattened 7x7 confusion counts of each cluster for model "a" or "b", (clusters, 49)."""
    counts = np.zeros((cluster_ids.max(initial=-1) + 1, len(EMOTIONS) ** 2), np.float32)
    cell = pairs["true_label"].cat.codes.astype(int) * len(EMOTIONS) + pairs[
        f"predicted_label_{model}"
    ].cat.codes.astype(int)
    np.add.at(counts, (cluster_ids, cell.to_numpy()), 1)
    return counts


def _draws(clusters: int, resamples: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Yield how often each resample draws each cluster, (r, clusters); r is at most 100, to save memory."""
    generator = np.random.default_rng(seed)
    for start in range(0, resamples, 100):
        rows = min(100, resamples - start)
        drawn = generator.integers(0, max(clusters, 1), (rows, clusters))
        # Give each resample its own range of numbers, so that one bincount counts each resample separately.
        drawn += clusters * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * clusters).reshape(rows, clusters).astype(np.float32)


def _differences(counts: NDArray[np.float32]) -> NDArray[np.float64]:
    """(2, r, 49) confusion counts of models a and b in r resamples -> (r, 10) metrics of a minus those of b."""
    return _metrics(counts[0]) - _metrics(counts[1])


def _metrics(flat: NDArray[np.float32]) -> NDArray[np.float64]:
    """(r, 49) confusion counts -> (r, 10): accuracy, macro-F1, balanced accuracy, recall of each class."""
    counts = flat.astype(np.float64).reshape(-1, len(EMOTIONS), len(EMOTIONS))
    correct_counts = np.diagonal(counts, axis1=1, axis2=2)
    true_counts, predicted_counts = counts.sum(axis=2), counts.sum(axis=1)
    accuracy = _ratio(correct_counts.sum(axis=1), counts.sum(axis=(1, 2)))
    f1 = _ratio(2 * correct_counts, true_counts + predicted_counts)
    recall = _ratio(correct_counts, true_counts)
    return np.column_stack([accuracy, _mean_of_defined(f1), _mean_of_defined(recall), recall])


def _mean_of_defined(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(r, 7) -> (r,): mean over the classes whose value is not NaN."""
    defined = ~np.isnan(values)
    return _ratio(np.where(defined, values, 0).sum(axis=1), defined.sum(axis=1))


def _ratio(part: NDArray[np.float64], whole: NDArray[Any]) -> NDArray[np.float64]:
    """Return part / whole; NaN where the whole is 0."""
    ratio: NDArray[np.float64] = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return ratio


def scored_table_of(pairs: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return a table of pairs as the scored table of model "a" or "b": its prediction columns lose their suffix."""
    return pairs.rename(columns={f"{column}_{model}": column for column in _PREDICTION_COLUMNS})


def per_class_pair(scored_a: pd.DataFrame, scored_b: pd.DataFrame) -> pd.DataFrame:
    """Return one row per model and emotion, with the columns emotion, model ("A" or "B") and those of `per_class`."""
    tables = [per_class(scored).reset_index().assign(model=name) for scored, name in ((scored_a, "A"), (scored_b, "B"))]
    long = pd.concat(tables, ignore_index=True)
    return long[["emotion", "model", *[column for column in long.columns if column not in ("emotion", "model")]]]
