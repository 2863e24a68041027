"""The tables of the Overview page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from core.evaluation.slices import SLICES
from core.models.card import Card, Scores
from core.training.descriptions import describe_model
from dashboard.components import wording

SHOWN_SLICES = ("test", "leak_free", "private")
"""The slices on this page. The Models page shows PublicTest too."""


def best_first(cards: Mapping[str, Card]) -> list[Card]:
    """Sort cards by accuracy on all test images, best first. Cards without an accuracy come last."""
    return sorted(cards.values(), key=lambda card: -(card.score("test").accuracy or 0))


def overview(cards: Sequence[Card]) -> pd.DataFrame:
    """Format the most important metrics as text, one row per model."""
    return pd.DataFrame([_overview_row(card) for card in cards])


def _overview_row(card: Card) -> dict[str, str]:
    test = card.score("test")
    return {
        "Model": card.name,
        "Family": card.family,
        **{SLICES[name].long_title: wording.accuracy(card, name) for name in SHOWN_SLICES},
        "Macro-F1": wording.number(test.macro_f1),
        "ECE, all / PrivateTest": f"{wording.number(test.ece)} / {wording.number(card.score('private').ece)}",
        "Size": wording.size(card.size_bytes),
        "ms per face": wording.number(card.ms_per_face, 2),
    }


def descriptions(cards: Sequence[Card]) -> pd.DataFrame:
    """Return the description of each model, one row per model."""
    return pd.DataFrame([{"Model": card.name, "What it is": describe_model(card)} for card in cards])


def accuracies(cards: Sequence[Card]) -> pd.DataFrame:
    """Return model, slice, n, accuracy, low and high: one row per model and slice of `SHOWN_SLICES`.

    Rows without an accuracy are left out. `low` and `high` are the ends of the 95 % interval.
    """
    rows = [
        (card.name, SLICES[name].long_title, scores.n, scores.accuracy, *(scores.accuracy_ci or (None, None)))
        for card in cards
        for name in SHOWN_SLICES
        if (scores := card.score(name)).accuracy is not None
    ]
    return pd.DataFrame(rows, columns=["model", "slice", "n", "accuracy", "low", "high"])


def scores(cards: Sequence[Card]) -> pd.DataFrame:
    """Return all metrics except the per-class ones, one row per model and slice.

    Accuracies, F1 and ECE are 0..1, not percentages.
    """
    rows = [
        {"model": card.name, "family": card.family, "role": card.role, "slice": name}
        | _metrics(slice_scores)
        | {"size_bytes": card.size_bytes, "ms_per_face": card.ms_per_face}
        for card in cards
        for name, slice_scores in card.scores.items()
    ]
    return pd.DataFrame(rows)


def _metrics(scores: Scores) -> dict[str, float | None]:
    values = {name: value for name, value in asdict(scores).items() if name not in ("per_class", "accuracy_ci")}
    low, high = scores.accuracy_ci or (None, None)
    return {**values, "accuracy_low": low, "accuracy_high": high}
