"""Format numbers and results for people. An undefined share, number or difference (None or NaN) becomes a dash."""

import math
from collections.abc import Sequence

from core.emotions import EMOTIONS
from core.evaluation.comparison import Difference

DASH = "–"

CLASS_METRICS = {"recall": "Recall", "precision": "Precision", "f1": "F1"}
"""Column of the table of `comparison.per_class_pair` -> name of the metric on screen and in addresses."""


def percent(share: float | None, digits: int = 1) -> str:
    """Format a share: 0.6254 -> '62.5 %'."""
    return DASH if share is None or math.isnan(share) else f"{share:.{digits}%}".replace("%", " %")


def number(value: float | None, digits: int = 3) -> str:
    """Format a number: 0.61234 -> '0.612'."""
    return DASH if value is None or math.isnan(value) else f"{value:.{digits}f}"


def percent_with_interval(share: float | None, interval: Sequence[float] | None) -> str:
    """Format a share and, if given, its interval: 0.625, [0.61, 0.64] -> '62.5 % (61.0 to 64.0)'."""
    if share is None or math.isnan(share) or interval is None or math.isnan(interval[0]):
        return percent(share)
    return f"{percent(share)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def points(difference: float | None) -> str:
    """Format a difference of shares in percentage points, with its sign: 0.031 -> '+3.1'."""
    return DASH if difference is None or math.isnan(difference) else f"{100 * difference:+.1f}".replace("-", "−")


def points_with_interval(difference: Difference) -> str:
    """Format a difference and, if known, its interval in percentage points: '+3.1 (+2.0 to +4.2)'."""
    if math.isnan(difference.delta) or math.isnan(difference.low):
        return points(difference.delta)
    return f"{points(difference.delta)} ({points(difference.low)} to {points(difference.high)})"


def p_value(p: float) -> str:
    """Format a p-value: 0.25 -> 'p = 0.250'; below 0.001 -> 'p < 0.001'."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def cell_title(true: str, predicted: str) -> str:
    """Return the name of a cell of a confusion matrix, such as "fear predicted as sad"."""
    assert {true, predicted} <= set(EMOTIONS)
    return f"{true} predicted as {predicted}"
