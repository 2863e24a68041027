"""Comparison of two models on the same images: agreement, tests, common errors and bootstrap intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.evaluation.bootstrap import METRICS, RESAMPLES, has_enough, metrics_of, resampled_counts
from core.evaluation.intervals import percentile_intervals
from core.evaluation.metrics import CLASS_IDS, confusion, per_class, row_shares
from core.evaluation.scored_table import correct

_PREDICTION_COLUMNS = ["predicted_label", "confidence", *PROBABILITY_COLUMNS]

_PREDICTED_LABELS = ["predicted_label_a", "predicted_label_b"]


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
    """A metric of model a minus the same metric of model b, with its 95 % interval.

    NaN if the metric is undefined; only the interval is NaN if there are too few images for one.
    """

    delta: float
    low: float
    high: float


@dataclass(frozen=True)
class Differences:
    """Differences between two models on the same images."""

    accuracy: Difference
    macro_f1: Difference
    balanced_accuracy: Difference
    precision: dict[str, Difference]
    """Emotion -> difference between the models' precisions for it; likewise for recall and F1."""
    recall: dict[str, Difference]
    f1: dict[str, Difference]


def mcnemar(pairs: pd.DataFrame) -> McNemar:
    """Run the exact McNemar test on the images that only one model predicts correctly (Dietterich 1998).

    `p_value` is 1 if there are no such images. Exact copies of an image count as separate images, as they do in the
    accuracy. Only `paired_bootstrap` takes into account that they are not independent.
    """
    return _exact_test(
        int((pairs["correct_a"] & ~pairs["correct_b"]).sum()), int((pairs["correct_b"] & ~pairs["correct_a"]).sum())
    )


def _exact_test(only_a: int, only_b: int) -> McNemar:
    from scipy.stats import binom  # slow to import

    # Under the null hypothesis, the binomial distribution is symmetric, so the p-value is twice the smaller tail.
    p_value = min(1.0, 2 * float(binom.cdf(min(only_a, only_b), only_a + only_b, 0.5)))
    return McNemar(only_a, only_b, p_value)


def recall_tests(pairs: pd.DataFrame) -> pd.DataFrame:
    """Compare the recalls of both models for each emotion: `mcnemar` on the images with this true label.

    The columns are n, only_a, only_b, p_value and p_holm, which is corrected for the number of emotions. The p-values
    of emotions without images are NaN, and are not counted.
    """
    emotion = pairs["true_label"].cat.codes.to_numpy()
    is_right_a, is_right_b = pairs["correct_a"].to_numpy(bool), pairs["correct_b"].to_numpy(bool)
    rows = (emotion, emotion[is_right_a & ~is_right_b], emotion[is_right_b & ~is_right_a])
    counts = np.column_stack([np.bincount(codes, minlength=len(EMOTIONS)) for codes in rows])
    tests = [_exact_test(int(only_a), int(only_b)) for _, only_a, only_b in counts]
    p_values = np.where(counts[:, 0] > 0, [test.p_value for test in tests], np.nan)
    table = pd.DataFrame(counts, index=pd.Index(EMOTIONS, name="emotion"), columns=["n", "only_a", "only_b"])
    return table.assign(p_value=p_values, p_holm=holm(p_values))


def holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct p-values, (k,), for the number of tests (Holm 1979). NaN values stay NaN and do not count as tests."""
    from statsmodels.stats.multitest import multipletests  # takes a second to import

    corrected = np.full(len(p_values), np.nan)
    defined = ~np.isnan(p_values)
    if defined.any():
        corrected[defined] = multipletests(p_values[defined], method="holm")[1]
    return corrected


def kappa(pairs: pd.DataFrame) -> float:
    """Return how much the predicted labels of both models agree beyond chance (Cohen 1960), -1..1.

    NaN if there are no images, or if both models predict one and the same label for all of them.
    """
    from sklearn.metrics import cohen_kappa_score

    labels = [pairs[f"predicted_label_{model}"].cat.codes.to_numpy() for model in "ab"]
    if len(np.unique(labels)) < 2:  # agreement by chance is certain, or there are no labels
        return np.nan
    return float(cohen_kappa_score(*labels, labels=CLASS_IDS))


def confused_pairs(counts_a: pd.DataFrame, counts_b: pd.DataFrame) -> pd.DataFrame:
    """Return the errors in the counts of `metrics.confusion` of both models, the most frequent of both together first.

    One row per true label and predicted label, with the columns a and b (counts), share_a and share_b (of the images
    with this true label, 0..1) and delta, which is share_a - share_b. Errors that no model makes are left out.
    """
    tables = {"a": counts_a, "b": counts_b, "share_a": row_shares(counts_a), "share_b": row_shares(counts_b)}
    labels = pd.MultiIndex.from_product([EMOTIONS, EMOTIONS], names=["true_label", "predicted_label"])
    rows = pd.DataFrame({name: table.to_numpy().ravel() for name, table in tables.items()}, labels).reset_index()
    rows["delta"] = rows["share_a"] - rows["share_b"]
    rows = rows[(rows["true_label"] != rows["predicted_label"]) & (rows["a"] + rows["b"] > 0)]
    order = (-(rows["a"] + rows["b"])).sort_values(kind="stable").index
    return rows.loc[order].reset_index(drop=True)


def paired_bootstrap(pairs: pd.DataFrame, resamples: int = RESAMPLES, seed: int = 0) -> Differences:
    """Return metrics of model a minus those of model b, with 95 % percentile intervals (Efron and Tibshirani 1993).

    Each resample has the same images for both models. Exact copies are drawn together as one cluster, because they are
    not independent images. The intervals of an emotion are NaN if too few images have it; see `has_enough`.
    """
    samples = [metrics_of(counts) for counts in resampled_counts(pairs, _PREDICTED_LABELS, resamples, seed)]
    counts = [confusion(scored_table_of(pairs, model)).to_numpy() for model in "ab"]
    a, b = (metrics_of(model_counts.reshape(1, -1))[0] for model_counts in counts)
    is_enough = has_enough(counts[0]) & has_enough(counts[1])
    low, high = np.where(is_enough, percentile_intervals(samples[0] - samples[1]), np.nan)
    found = {
        name: Difference(float(delta), float(below), float(above))
        for name, delta, below, above in zip(METRICS, a - b, low, high, strict=True)
    }
    per_emotion = {
        metric: {emotion: found[f"{metric}_{emotion}"] for emotion in EMOTIONS}
        for metric in ("precision", "recall", "f1")
    }
    return Differences(found["accuracy"], found["macro_f1"], found["balanced_accuracy"], **per_emotion)


def scored_table_of(pairs: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return a table of pairs as the scored table of model "a" or "b": its prediction columns lose their suffix."""
    return pairs.rename(columns={f"{column}_{model}": column for column in _PREDICTION_COLUMNS})


def per_class_pair(scored_a: pd.DataFrame, scored_b: pd.DataFrame) -> pd.DataFrame:
    """Return one row per model and emotion, with the columns emotion, model ("A" or "B") and those of `per_class`."""
    tables = [per_class(scored).reset_index().assign(model=name) for scored, name in ((scored_a, "A"), (scored_b, "B"))]
    long = pd.concat(tables, ignore_index=True)
    return long[["emotion", "model", *[column for column in long.columns if column not in ("emotion", "model")]]]
