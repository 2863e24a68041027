"""The tables of the Overview page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from core.evaluation.slices import SLICES
from core.models.card import Card, Scores
from core.training.descriptions import describe_model
from dashboard.components import wording

LEADING_SLICES = ("test", "leak_free", "private")
"""The slices on this page; PublicTest is on the Models page."""


def best_first(cards: Mapping[str, Card]) -> list[Card]:
    """Sort cards by accuracy on all test images, best first; cards without a figure come last."""
    return sorted(cards.values(), key=lambda card: -(card.score("test").accuracy or 0))


def overview(cards: Sequence[Card]) -> pd.DataFrame:
    """Format the main figures as text, one row per model."""
    return pd.DataFrame([_overview_row(card) for card in cards])


def _overview_row(card: Card) -> dict[str, str]:
    test = card.score("test")
    return {
        "Model": card.name,
        "Family": card.family,
        **{SLICES[name].long_title: wording.accuracy(card, name) for name in LEADING_SLICES},
        "Macro-F1": wording.number(test.macro_f1),
        "ECE, all / PrivateTest": f"{wording.number(test.ece)} / {wording.number(card.score('private').ece)}",
        "Size": wording.size(card.size_bytes),
        "ms per face": wording.number(card.ms_per_face, 2),
    }


def descriptions(cards: Sequence[Card]) -> pd.DataFrame:
    """Return the description of each model, one row per model."""
    return pd.DataFrame([{"Model": card.name, "What it is": describe_model(card)} for card in cards])


def accuracies(cards: Sequence[Card]) -> pd.DataFrame:
    """Return model, slice, n, accuracy, low and high: one row per model and leading slice that has figures."""
    rows = [
        (card.name, SLICES[name].long_title, scores.n, scores.accuracy, *(scores.accuracy_ci or (None, None)))
        for card in cards
        for name in LEADING_SLICES
        if (scores := card.score(name)).accuracy is not None
    ]
    return pd.DataFrame(rows, columns=["model", "slice", "n", "accuracy", "low", "high"])


def scores(cards: Sequence[Card]) -> pd.DataFrame:
    """Return every figure of every card, as fractions 0..1: one row per model and slice."""
    rows = [
        {"model": card.name, "family": card.family, "role": card.role, "slice": name}
        | _figures(figures)
        | {"size_bytes": card.size_bytes, "ms_per_face": card.ms_per_face}
        for card in cards
        for name, figures in card.scores.items()
    ]
    return pd.DataFrame(rows)


def _figures(scores: Scores) -> dict[str, float | None]:
    values = {name: value for name, value in asdict(scores).items() if name not in ("per_class", "accuracy_ci")}
    low, high = scores.accuracy_ci or (None, None)
    return {**values, "accuracy_low": low, "accuracy_high": high}
