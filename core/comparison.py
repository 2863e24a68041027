"""Two models on the same images: who is right where, and how sure the difference is."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.metrics import correct

_PREDICTED = ["predicted_label", "confidence", *PROBABILITY_COLUMNS]


def pair(scored_a: pd.DataFrame, scored_b: pd.DataFrame) -> pd.DataFrame:
    """Two scored tables -> one row an image that both have: the manifest's columns, and each model's.

    The models' columns end in _a and _b: predicted_a, confidence_a, p_angry_a ..., correct_a.
    """
    pairs = _named(scored_a, "a").merge(
        _named(scored_b, "b")[["image_id", *_model_columns("b")]], on="image_id", how="inner", validate="one_to_one"
    )
    return pairs.reset_index(drop=True)


def _named(scored: pd.DataFrame, side: str) -> pd.DataFrame:
    names = dict(zip(_PREDICTED, _model_columns(side), strict=False))
    return scored.assign(**{f"correct_{side}": correct(scored)}).rename(columns=names)


def _model_columns(side: str) -> list[str]:
    """What `_PREDICTED` is called for one side, and whether the side is right."""
    return [f"predicted_{side}", *(f"{name}_{side}" for name in _PREDICTED[1:]), f"correct_{side}"]


def agreement(pairs: pd.DataFrame) -> pd.DataFrame:
    """2x2 counts of right (True) and wrong (False): index correct_a, columns correct_b."""
    order = pd.Index([True, False])
    table = pd.crosstab(pairs["correct_a"], pairs["correct_b"])
    return table.reindex(index=order, columns=order, fill_value=0).rename_axis(index="correct_a", columns="correct_b")


def mcnemar(pairs: pd.DataFrame) -> dict[str, float]:
    """Exact McNemar test on the images that only one model gets right (Dietterich 1998).

    `p_value` is 1 where the models never differ. Copies of one picture count each, as in accuracy; the bootstrap draws
    them together, so that it is the stricter of the two.
    """
    only_a = int((pairs["correct_a"] & ~pairs["correct_b"]).sum())
    only_b = int((pairs["correct_b"] & ~pairs["correct_a"]).sum())
    p_value = float(binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0
    return {"only_a": only_a, "only_b": only_b, "p_value": p_value}


def paired_bootstrap(pairs: pd.DataFrame, resamples: int = 2000, seed: int = 0) -> dict[str, Any]:
    """95 % percentile intervals of a minus b, on the same resampled images (Efron and Tibshirani 1993).

    Images with the same pixels are drawn together (clusters), since they are one picture seen twice. Returns
    {"accuracy": {"delta", "low", "high"}, "macro_f1" and "balanced_accuracy": the same, "recall": {EMOTION: the same}};
    NaN without images.
    """
    cluster = pairs["duplicate_group"].factorize()[0]
    counts = np.stack([_cluster_counts(pairs, side, cluster) for side in "ab"])  # (2, clusters, 49)
    draws = _draws(counts.shape[1], resamples, seed)
    samples = np.concatenate([_differences(weights @ counts) for weights in draws])  # (resamples, 10)
    deltas = _differences(counts.sum(axis=1, keepdims=True))[0]
    intervals = [
        {"delta": float(delta), "low": float(low), "high": float(high)}
        for delta, (low, high) in zip(deltas, map(_percentiles, samples.T), strict=True)
    ]
    accuracy, f1, balanced, *recalls = intervals
    recall = dict(zip(EMOTIONS, recalls, strict=True))
    return {"accuracy": accuracy, "macro_f1": f1, "balanced_accuracy": balanced, "recall": recall}


def _cluster_counts(pairs: pd.DataFrame, side: str, cluster: NDArray[np.int64]) -> NDArray[np.float32]:
    """(clusters, 49) confusion counts of each cluster, flattened."""
    counts = np.zeros((cluster.max(initial=-1) + 1, len(EMOTIONS) ** 2), np.float32)
    cell = pairs["true_label"].cat.codes.astype(int) * len(EMOTIONS) + pairs[f"predicted_{side}"].cat.codes.astype(int)
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


def _percentiles(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2.5 %, 97.5 %) of what is defined; NaN where nothing is."""
    defined = values[~np.isnan(values)]
    return np.percentile(defined, [2.5, 97.5]) if len(defined) else np.full(2, np.nan)
