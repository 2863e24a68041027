"""The tables of the Overview page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from core.evaluation.slices import SLICES
from core.models.card import Card
from core.models.scores import Scores
from core.training.descriptions import describe_model
from dashboard import resources
from dashboard.components import wording
from dashboard.pages.overview import texts

SHOWN_SLICES = ("test", "leak_free", "private")
"""The slices on this page. The Models page shows PublicTest too."""

SORTINGS: dict[str, Callable[[Card], float | str | None]] = {
    "Accuracy": lambda card: _negative(card.score("test").accuracy),
    "Macro-F1": lambda card: _negative(card.score("test").macro_f1),
    "ECE": lambda card: card.score("test").ece,
    "Size": resources.models.bytes_to_run,
    "ms per face": lambda card: card.ms_per_face,
    "Name": lambda card: card.name,
}
"""Order of the table, on screen and in addresses -> function whose smallest values come first, and None last."""


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def sorted_by(order: str, cards: Mapping[str, Card]) -> list[Card]:
    """Sort cards by a key of `SORTINGS`, the best first. Cards without this figure come last."""
    value = SORTINGS[order]
    known = [card for card in cards.values() if value(card) is not None]
    return sorted(known, key=value) + [card for card in cards.values() if value(card) is None]  # type: ignore[arg-type]


def overview(cards: Sequence[Card]) -> pd.DataFrame:
    """Format the most important metrics as text, one row per model."""
    return pd.DataFrame([_overview_row(card) for card in cards])


def _overview_row(card: Card) -> dict[str, str]:
    test = card.score("test")
    return {
        "Model": wording.name_in_lists(card),
        **{SLICES[name].long_title: wording.accuracy(card, name) for name in SHOWN_SLICES},
        "Macro-F1": wording.number(test.macro_f1),
        "ECE, all / PrivateTest": f"{wording.number(test.ece)} / {wording.number(card.score('private').ece)}",
        "Size": wording.size(resources.models.bytes_to_run(card)),
        "ms per face": wording.number(card.ms_per_face, 2),
        "Family": card.family,
    }


def descriptions(cards: Sequence[Card]) -> pd.DataFrame:
    """Return the description of each model, one row per model."""
    return pd.DataFrame([{"Model": wording.name_in_lists(card), "What it is": _description(card)} for card in cards])


def _description(card: Card) -> str:
    return wording.guest_origin(card) if card.is_guest else describe_model(card)


def points(cards: Sequence[Card]) -> pd.DataFrame:
    """Return one row per model: its name, kind and figures, as numbers for the chart and as texts for its tooltips.

    Accuracies on all test images and the ends of their 95 % intervals are percentages. Models without an accuracy or
    without a size, such as predictions without a model, are left out.
    """
    rows = [
        _point(card, size)
        for card in cards
        if (size := resources.models.bytes_to_run(card)) and card.score("test").accuracy is not None
    ]
    names = ["model", "kind", "is_leading", "megabytes", "accuracy", "low", "high"]
    table = pd.DataFrame(rows, columns=[*names, "n", "accuracy_text", "size", "ms_per_face"])
    return table.astype({"megabytes": float, "accuracy": float, "low": float, "high": float})


def _point(card: Card, size: int) -> tuple[object, ...]:
    test = card.score("test")
    shares = test.accuracy, *(test.accuracy_ci or (None, None))
    return (
        card.name, texts.KINDS.get(card.family, card.family), card.is_leading, size / 1e6,
        *(None if share is None else 100 * share for share in shares),
        test.n, wording.accuracy(card, "test"), wording.size(size), wording.number(card.ms_per_face, 2),
    )  # fmt: skip


def point_texts(points: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of the chart as texts, one row per model."""
    titles = {"model": "Model", "kind": "Kind", "size": "Size", "accuracy_text": SLICES["test"].title}
    return points[list(titles)].rename(columns=titles)


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
