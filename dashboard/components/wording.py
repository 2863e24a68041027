"""Format numbers and results for the screen. An undefined share, number or difference (None or NaN) becomes a dash."""

import math
from collections.abc import Sequence

from core.evaluation.comparison import Difference
from core.models.card import Card

DASH = "–"


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
    """Format a difference and its interval in percentage points: '+3.1 (+2.0 to +4.2)'."""
    if math.isnan(difference.delta):
        return DASH
    return f"{points(difference.delta)} ({points(difference.low)} to {points(difference.high)})"


def p_value(p: float) -> str:
    """Format a p-value: 0.25 -> 'p = 0.250'; below 0.001 -> 'p < 0.001'."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def size(size_bytes: int) -> str:
    """Format a size in bytes: 2400000 -> '2.4 MB'."""
    return f"{size_bytes / 1e6:.1f} MB"


def duration(seconds: float) -> str:
    """Format seconds: 123 -> '2 min 3 s'."""
    minutes, remaining_s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (remaining_s, "s"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def accuracy(card: Card, slice_name: str) -> str:
    """Format a card's accuracy on one slice, with its interval."""
    scores = card.score(slice_name)
    return percent_with_interval(scores.accuracy, scores.accuracy_ci)


def name_and_accuracy(card: Card) -> str:
    """Format a model's name and, if known, its accuracy on all test images: 'cnn · 72.6 %'."""
    share = card.score("test").accuracy
    return card.name if share is None else f"{card.name} · {percent(share)}"
