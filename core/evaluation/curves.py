"""Curves over all thresholds: ROC, precision and recall of each emotion against the rest, and risk and coverage.

They need probabilities: for a model that gives labels only they mean nothing.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.evaluation.scored_table import class_ids, correct, probabilities_of

MACRO = "macro"
"""The mean over the emotions, beside their names in the tables of this module."""

POINTS = 200
"""Largest number of points of a curve; more cannot be seen in a chart."""

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
"""x and y of a curve's points, each (n,)."""


class Selection(NamedTuple):
    """What a classifier does that answers only above a confidence threshold."""

    coverage: float
    """Share of the images that are answered, 0..1; NaN if there are no images."""
    risk: float
    """Share of wrong labels among the answered images, 0..1; NaN if none is answered."""


def roc(table: pd.DataFrame, points: int = POINTS) -> pd.DataFrame:
    """Return the ROC curve of each emotion against the rest (Fawcett 2006), with at most `points` points each.

    The columns are emotion, false_positive_rate and true_positive_rate. The rows of the emotion "macro" hold the mean
    of the curves. Emotions that no image or each image has are left out.
    """
    from sklearn.metrics import roc_curve

    curves = _curves(table, lambda is_emotion, scores: roc_curve(is_emotion, scores)[:2])
    if curves:
        grid = np.linspace(0, 1, points)
        # A vertical step has several points with the same x; the mean curve takes the upper end.
        curves[MACRO] = _with_origin(grid, np.mean([_interpolated(grid, x, y) for x, y in curves.values()], axis=0))
    return _long_table(curves, "false_positive_rate", "true_positive_rate", points)


def precision_recall(table: pd.DataFrame, points: int = POINTS) -> pd.DataFrame:
    """Return precision over recall of each emotion against the rest, with at most `points` points each.

    The columns are emotion, recall and precision. The rows of the emotion "macro" hold the mean of the curves. Emotions
    that no image or each image has are left out.
    """
    from sklearn.metrics import precision_recall_curve

    def curve(is_emotion: NDArray[np.bool_], scores: NDArray[np.float64]) -> Curve:
        precision, recall, _ = precision_recall_curve(is_emotion, scores, drop_intermediate=True)
        return recall[::-1], precision[::-1]

    curves = _curves(table, curve)
    if curves:
        grid = np.linspace(0, 1, points)
        # A recall that lies between two points needs the threshold of the next point.
        steps = [y[np.searchsorted(x, grid, side="left")] for x, y in curves.values()]
        curves[MACRO] = grid, np.mean(steps, axis=0)
    return _long_table(curves, "recall", "precision", points)


def areas(table: pd.DataFrame) -> pd.DataFrame:
    """Return the areas under the curves of each emotion against the rest, and their means in the row "macro".

    The columns are roc_auc and average_precision (the area under the steps of `precision_recall`). They are NaN for
    emotions that no image or each image has; the means leave these out.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    found = {
        emotion: (float(roc_auc_score(*one_vs_rest)), float(average_precision_score(*one_vs_rest)))
        for emotion, one_vs_rest in _one_vs_rest(table).items()
    }
    result = pd.DataFrame.from_dict(found, orient="index", columns=["roc_auc", "average_precision"], dtype=float)
    result = result.reindex([*EMOTIONS]).rename_axis("emotion")
    result.loc[MACRO] = result.mean()
    return result


def risk_coverage(table: pd.DataFrame, points: int = POINTS) -> pd.DataFrame:
    """Return the share of wrong labels if only the most confident ones count (El-Yaniv and Wiener 2010).

    At most `points` rows, sorted by coverage, with the columns coverage, risk (both 0..1), and confidence, the
    threshold that the labels reach. Labels with equal confidence count together.
    """
    curve = _risk_coverage(table)
    return curve.iloc[_thinned(curve["coverage"].to_numpy(), curve["risk"].to_numpy(), points)].reset_index(drop=True)


def area_under_risk_coverage(table: pd.DataFrame) -> float:
    """Return the mean risk over all coverages, 0..1, lower is better; NaN for n = 0.

    Without equal confidences, it is the mean of the n risks as in Geifman and El-Yaniv 2017.
    """
    curve = _risk_coverage(table)
    widths = np.diff(curve["coverage"].to_numpy(), prepend=0)
    return float(widths @ curve["risk"].to_numpy()) if len(curve) else np.nan


def at_threshold(table: pd.DataFrame, uncertain_below: float) -> Selection:
    """Return coverage and risk of the labels that are not uncertain: their confidence is not below the threshold."""
    is_answered = table["confidence"].to_numpy(np.float64) >= uncertain_below
    if not len(table):
        return Selection(np.nan, np.nan)
    risk = 1 - float(correct(table)[is_answered].mean()) if is_answered.any() else np.nan
    return Selection(float(is_answered.mean()), risk)


def _one_vs_rest(table: pd.DataFrame) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.float64]]]:
    """Return emotion -> whether each image has it, (n,), and its probability, (n,).

    Emotions that no image or each image has are left out.
    """
    labels, probabilities = class_ids(table)[0], probabilities_of(table)
    found = {emotion: (labels == index, probabilities[:, index]) for index, emotion in enumerate(EMOTIONS)}
    return {emotion: entry for emotion, entry in found.items() if entry[0].any() and not entry[0].all()}


def _curves(table: pd.DataFrame, curve: Callable[[NDArray[np.bool_], NDArray[np.float64]], Curve]) -> dict[str, Curve]:
    return {emotion: curve(*one_vs_rest) for emotion, one_vs_rest in _one_vs_rest(table).items()}


def _interpolated(grid: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height of a rising curve at each x of the grid; where it is vertical, its upper end."""
    is_last = np.append(np.diff(x) > 0, True)
    return np.asarray(np.interp(grid, x[is_last], y[is_last]))


def _with_origin(x: NDArray[np.float64], y: NDArray[np.float64]) -> Curve:
    return np.insert(x, 0, 0.0), np.insert(y, 0, 0.0)


def _long_table(curves: dict[str, Curve], x_name: str, y_name: str, points: int) -> pd.DataFrame:
    """Return all points of the thinned curves, with the columns emotion and those of the names."""
    tables = [pd.DataFrame({"emotion": pd.Series(dtype=str), x_name: [], y_name: []}, dtype=None)]
    for emotion, (x, y) in curves.items():
        kept = _thinned(x, y, points)
        tables.append(pd.DataFrame({"emotion": emotion, x_name: x[kept], y_name: y[kept]}))
    return pd.concat(tables[1:] or tables, ignore_index=True)


def _thinned(x: NDArray[np.float64], y: NDArray[np.float64], points: int) -> NDArray[np.int64]:
    """Return the indices of at most `points` points of a curve, evenly spread over its length, with both ends."""
    if len(x) <= points:
        return np.arange(len(x))
    length = np.concatenate([[0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
    return np.unique(np.searchsorted(length, np.linspace(0, length[-1], points)))


def _risk_coverage(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of `risk_coverage` for each confidence that occurs, the highest first."""
    confidence, is_wrong = table["confidence"].to_numpy(np.float64), ~correct(table)
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(table) + 1)
    curve = pd.DataFrame(
        {
            "coverage": answered / max(len(table), 1),
            "risk": np.cumsum(is_wrong[order]) / answered,
            "confidence": confidence[order],
        }
    )
    return curve[~curve["confidence"].duplicated(keep="last")].reset_index(drop=True)
