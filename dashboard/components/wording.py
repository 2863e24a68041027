"""Numbers and results in words, as they stand on screen. An undefined number is a dash, never a guess."""

import math
from collections.abc import Sequence

from core.evaluation.comparison import Difference
from core.models.card import Card

DASH = "–"


def percent(share: float | None, digits: int = 1) -> str:
    """0.6254 -> '62.5 %'."""
    return DASH if share is None or math.isnan(share) else f"{share:.{digits}%}".replace("%", " %")


def number(value: float | None, digits: int = 3) -> str:
    """0.61234 -> '0.612'."""
    return DASH if value is None or math.isnan(value) else f"{value:.{digits}f}"


def percent_with_interval(share: float | None, interval: Sequence[float] | None) -> str:
    """0.625, [0.61, 0.64] -> '62.5 % (61.0 to 64.0)'."""
    if share is None or math.isnan(share) or interval is None or math.isnan(interval[0]):
        return percent(share)
    return f"{percent(share)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def points(difference: float | None) -> str:
    """0.031 -> '+3.1'; percentage points, with their sign."""
    return DASH if difference is None or math.isnan(difference) else f"{100 * difference:+.1f}".replace("-", "−")


def points_with_interval(difference: Difference) -> str:
    """'+3.1 (+2.0 to +4.2)'; percentage points."""
    if math.isnan(difference.delta):
        return DASH
    return f"{points(difference.delta)} ({points(difference.low)} to {points(difference.high)})"


def p_value(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def size(size_bytes: int) -> str:
    """2400000 -> '2.4 MB'."""
    return f"{size_bytes / 1e6:.1f} MB"


def duration(seconds: float) -> str:
    """123 -> '2 min 3 s'."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def accuracy(card: Card, slice_name: str) -> str:
    """Accuracy with its interval, in words."""
    scores = card.score(slice_name)
    return percent_with_interval(scores.accuracy, scores.accuracy_ci)


def name_and_accuracy(card: Card) -> str:
    """'cnn · 72.6 %', on all test images; the name alone if the card has no figure."""
    share = card.score("test").accuracy
    return card.name if share is None else f"{card.name} · {percent(share)}"
