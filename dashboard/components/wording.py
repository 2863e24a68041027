"""Format numbers and results for the screen. An undefined share, number or difference (None or NaN) becomes a dash."""

from core.evaluation.two_models.wording import (
    DASH,
    number,
    p_value,
    percent,
    percent_with_interval,
    points,
    points_with_interval,
)
from core.models.card import Card

__all__ = [
    "DASH",
    "GUEST_KINDS",
    "accuracy",
    "duration",
    "guest_origin",
    "name_and_accuracy",
    "name_in_lists",
    "number",
    "p_value",
    "percent",
    "percent_with_interval",
    "points",
    "points_with_interval",
    "size",
    "time_per_face",
]


def size(size_bytes: int | None) -> str:
    """Format a size in bytes: 2400000 -> '2.4 MB'; a dash for None."""
    return DASH if size_bytes is None else f"{size_bytes / 1e6:.1f} MB"


def time_per_face(card: Card) -> str:
    """Format the time of a prediction: '1.25 ms'; a dash for predictions without a model."""
    return DASH if card.ms_per_face is None else f"{card.ms_per_face:.2f} ms"


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


GUEST_KINDS = {
    "predictions": "predictions without a model",
    "onnx": "a network as ONNX graph",
    "catboost": "CatBoost's trees",
    "state-dict": "a network as PyTorch state dict",
}
"""Kind of a guest -> what it is."""


def guest_origin(card: Card) -> str:
    """Return what a guest is, and when it was added: 'Yours: CatBoost's trees, 127 trees, added on 2026-01-31.'"""
    what = GUEST_KINDS.get(card.recipe_name, card.family)
    parameters = f", {card.parameters}" if card.can_predict and card.parameters else ""
    labels = "" if card.has_probabilities else " It gives labels only, so nothing is known about its confidence."
    return f"Yours: {what}{parameters}, added on {card.trained}. How it was trained is unknown.{labels}"


def name_in_lists(card: Card) -> str:
    """Return a model's name, or that of a guest as 'Yours: NAME'."""
    return f"Yours: {card.name}" if card.is_guest else card.name


def name_and_accuracy(card: Card) -> str:
    """Format a model's name in lists and, if known, its accuracy on all test images: 'cnn · 72.6 %'."""
    share = card.score("test").accuracy
    return name_in_lists(card) if share is None else f"{name_in_lists(card)} · {percent(share)}"
