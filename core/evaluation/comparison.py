"""Two models on the same images: who is right where, and how sure the difference is."""

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

_PREDICTED = ["predicted_label", "confidence", *PROBABILITY_COLUMNS]


def pair(scored_a: pd.DataFrame, scored_b: pd.DataFrame) -> pd.DataFrame:
    """Two scored tables -> one row an image that both have: the manifest's columns, and each model's.

    The models' columns end in _a and _b: predicted_label_a, confidence_a, p_angry_a ..., correct_a.
    """
    pairs = _named(scored_a, "a").merge(
        _named(scored_b, "b")[["image_id", *_model_columns("b")]], on="image_id", how="inner", validate="one_to_one"
    )
    return pairs.reset_index(drop=True)


def _named(scored: pd.DataFrame, side: str) -> pd.DataFrame:
    names = {column: f"{column}_{side}" for column in _PREDICTED}
    return scored.assign(**{f"correct_{side}": correct(scored)}).rename(columns=names)


def _model_columns(side: str) -> list[str]:
    """The columns of one side: its predictions, and whether they are right."""
    return [*(f"{name}_{side}" for name in _PREDICTED), f"correct_{side}"]


def agreement(pairs: pd.DataFrame) -> pd.DataFrame:
    """2x2 counts of right (True) and wrong (False): index correct_a, columns correct_b."""
    order = pd.Index([True, False])
    table = pd.crosstab(pairs["correct_a"], pairs["correct_b"])
    return table.reindex(index=order, columns=order, fill_value=0).rename_axis(index="correct_a", columns="correct_b")


@dataclass(frozen=True)
class McNemar:
    """The images that only one of two models gets right, and how likely such a difference is by chance."""

    only_a: int
    only_b: int
    p_value: float


@dataclass(frozen=True)
class Difference:
    """A figure of a minus the same figure of b, with its 95 % interval; NaN without images."""

    delta: float
    low: float
    high: float


@dataclass(frozen=True)
class Differences:
    """The differences of two models on the same images."""

    accuracy: Difference
    macro_f1: Difference
    balanced_accuracy: Difference
    recall: dict[str, Difference]
    """Emotion -> its recall's."""


def mcnemar(pairs: pd.DataFrame) -> McNemar:
    """Exact McNemar test on the images that only one model gets right (Dietterich 1998).

    `p_value` is 1 where the models never differ. Copies of one picture count each, as in accuracy; the bootstrap draws
    them together, so that it is the stricter of the two.
    """
    only_a = int((pairs["correct_a"] & ~pairs["correct_b"]).sum())
    only_b = int((pairs["correct_b"] & ~pairs["correct_a"]).sum())
    p_value = float(binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0
    return McNemar(only_a, only_b, p_value)


def paired_bootstrap(pairs: pd.DataFrame, resamples: int = 2000, seed: int = 0) -> Differences:
    """95 % percentile intervals of a minus b, on the same resampled images (Efron and Tibshirani 1993).

    Images with the same pixels are drawn together (clusters), since they are one picture seen twice.
    """
    cluster = pairs["duplicate_group"].factorize()[0]
    counts = np.stack([_cluster_counts(pairs, side, cluster) for side in "ab"])  # (2, clusters, 49)
    draws = _draws(counts.shape[1], resamples, seed)
    samples = np.concatenate([_differences(weights @ counts) for weights in draws])  # (resamples, 10)
    deltas = _differences(counts.sum(axis=1, keepdims=True))[0]
    differences = [
        Difference(float(delta), float(low), float(high))
        for delta, (low, high) in zip(deltas, map(percentile_interval, samples.T), strict=True)
    ]
    accuracy, macro_f1, balanced, *recalls = differences
    return Differences(accuracy, macro_f1, balanced, dict(zip(EMOTIONS, recalls, strict=True)))


def _cluster_counts(pairs: pd.DataFrame, side: str, cluster: NDArray[np.int64]) -> NDArray[np.float32]:
    """(clusters, 49) confusion counts of each cluster, flattened."""
    counts = np.zeros((cluster.max(initial=-1) + 1, len(EMOTIONS) ** 2), np.float32)
    cell = pairs["true_label"].cat.codes.astype(int) * len(EMOTIONS) + pairs[
        f"predicted_label_{side}"
    ].cat.codes.astype(int)
    np.add.at(counts, (cluster, cell.to_numpy()), 1)
    return counts


def _draws(clusters: int, resamples: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """(100, clusters) times each cluster is drawn, a hundred resamples at a time to spare memory."""
    generator = np.random.default_rng(seed)
    for start in range(0, resamples, 100):
        rows = min(100, resamples - start)
        drawn = generator.integers(0, max(clusters, 1), (rows, clusters))
        drawn += clusters * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * clusters).reshape(rows, clusters).astype(np.float32)


def _differences(counts: NDArray[np.float32]) -> NDArray[np.float64]:
    """(2, r, 49) confusion counts of a and b -> (r, 10) figures of a minus those of b."""
    return _figures(counts[0]) - _figures(counts[1])


def _figures(flat: NDArray[np.float32]) -> NDArray[np.float64]:
    """(r, 49) confusion counts -> (r, 10): accuracy, macro-F1, balanced accuracy, recall of each class."""
    counts = flat.astype(np.float64).reshape(-1, len(EMOTIONS), len(EMOTIONS))
    right = np.diagonal(counts, axis1=1, axis2=2)
    true, predicted = counts.sum(axis=2), counts.sum(axis=1)
    accuracy = _ratio(right.sum(axis=1), counts.sum(axis=(1, 2)))
    f1 = _ratio(2 * right, true + predicted)
    recall = _ratio(right, true)
    return np.column_stack([accuracy, _mean_of_defined(f1), _mean_of_defined(recall), recall])


def _mean_of_defined(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """(r, 7) -> (r,): the mean over the classes that have the figure."""
    defined = ~np.isnan(figures)
    return _ratio(np.where(defined, figures, 0).sum(axis=1), defined.sum(axis=1))


def _ratio(part: NDArray[np.float64], whole: NDArray[Any]) -> NDArray[np.float64]:
    """NaN where the whole is 0."""
    ratio: NDArray[np.float64] = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return ratio


def side(pairs: pd.DataFrame, model: str) -> pd.DataFrame:
    """The scored table of model "a" or "b" on the images that both have predicted."""
    return pairs.rename(columns={f"{column}_{model}": column for column in _PREDICTED})


def per_class_pair(scored_a: pd.DataFrame, scored_b: pd.DataFrame) -> pd.DataFrame:
    """One row per emotion and model: emotion, model ("A", "B"), then the columns of `per_class`."""
    tables = [per_class(scored).reset_index().assign(model=name) for scored, name in ((scored_a, "A"), (scored_b, "B"))]
    long = pd.concat(tables, ignore_index=True)
    return long[["emotion", "model", *[column for column in long.columns if column not in ("emotion", "model")]]]
