"""The tables of the Overview page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from core.evaluation.slices import SLICES
from core.models.card import Card, Scores
from core.training.recipes import about
from dashboard.components import wording

LEADING_SLICES = ("test", "leak_free", "private")
"""The slices of the overview; Public is on the Models page."""


def best_first(cards: Mapping[str, Card]) -> list[Card]:
    """By accuracy on all test images; a card without it comes last."""
    return sorted(cards.values(), key=lambda card: -(card.score("test").accuracy or 0))


def overview(cards: Sequence[Card]) -> pd.DataFrame:
    """One row per model, in words."""
    return pd.DataFrame([_overview_row(card) for card in cards])


def _overview_row(card: Card) -> dict[str, str]:
    test = card.score("test")
    return {
        "Model": card.name,
        "Family": card.family,
        **{SLICES[name].title: wording.accuracy(card, name) for name in LEADING_SLICES},
        "Macro-F1": wording.number(test.macro_f1),
        "ECE": wording.number(test.ece),
        "Size": wording.size(card.size_bytes),
        "ms a face": wording.number(card.ms_per_face, 2),
    }


def descriptions(cards: Sequence[Card]) -> pd.DataFrame:
    """One row per model: what it is."""
    return pd.DataFrame([{"Model": card.name, "What it is": about(card)} for card in cards])


def accuracies(cards: Sequence[Card]) -> pd.DataFrame:
    """One row per model and leading slice: model, slice, n, accuracy, low, high. Slices without figures are left
    out."""
    rows = [
        (card.name, SLICES[name].title, scores.n, scores.accuracy, *(scores.accuracy_ci or (None, None)))
        for card in cards
        for name in LEADING_SLICES
        if (scores := card.score(name)).accuracy is not None
    ]
    return pd.DataFrame(rows, columns=["model", "slice", "n", "accuracy", "low", "high"])


def scores(cards: Sequence[Card]) -> pd.DataFrame:
    """Every figure of every card, fractions 0..1: one row per model and slice."""
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
