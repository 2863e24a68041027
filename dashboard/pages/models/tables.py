"""The tables of a model's card on the Models page."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.classifiers import loading
from core.evaluation import metrics, slices
from core.models.card import Card
from dashboard.components import wording


def slice_scores(card: Card) -> pd.DataFrame:
    """Format the scores of a card as text, one row per slice."""
    rows = [
        {
            "Slice": entry.title,
            "Images": f"{card.score(name).n:,}",
            "Accuracy": wording.accuracy(card, name),
            "Balanced": wording.percent(card.score(name).balanced_accuracy),
            "Macro-F1": wording.number(card.score(name).macro_f1),
            "ECE": wording.number(card.score(name).ece),
        }
        for name, entry in slices.SLICES.items()
    ]
    return pd.DataFrame(rows)


def calibration(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Format ECE, NLL and Brier score as text, one row per table. `tables` is the result of `before_and_after`."""
    summaries = {name: metrics.summary(table) for name, table in tables.items()}
    rows = [
        {
            "Temperature scaling": name,
            "ECE": wording.number(scores.ece),
            "NLL": wording.number(scores.nll),
            "Brier": wording.number(scores.brier),
        }
        for name, scores in summaries.items()
    ]
    return pd.DataFrame(rows)


def recipe(card: Card) -> pd.DataFrame:
    """Return every hyperparameter with its value and meaning. Nested ones are named like `augmentation.flip`."""
    meanings = loading.hyperparameter_descriptions(card)
    rows = [(name, value, meanings.get(name, "").replace("`", "")) for name, value in _flatten(card.recipe)]
    return pd.DataFrame(rows, columns=["Hyperparameter", "Value", "Meaning"])


def _flatten(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return (name, value as text) of every hyperparameter. `prefix` is put before the names."""
    rows: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            rows += _flatten(value, f"{prefix}{name}.")
        else:
            rows.append((prefix + name, _value_text(value)))
    return rows


def _value_text(value: object) -> str:
    if isinstance(value, list | tuple):
        items = [f"({_value_text(item)})" if isinstance(item, list | tuple) else _value_text(item) for item in value]
        return ", ".join(items) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "none" if value is None or value == "" else str(value)


def provenance(card: Card) -> pd.DataFrame:
    """Return what is needed to verify or repeat the training, one row per fact."""
    versions = ", ".join(f"{library} {version}" for library, version in card.versions.items())
    rows = [
        ("Trained", f"{card.trained}, in {wording.duration(card.seconds)}"),
        ("Machine", card.machine),
        *([("Time per face measured on", card.timing_processor)] if card.timing_processor else []),
        ("Libraries", versions),
        ("Fingerprint of the data set", card.data_fingerprint),
        ("Random seed", str(card.seed)),
        ("Input", card.input),
        ("SHA-256 of the weights", card.weights_sha256),
    ]
    return pd.DataFrame(rows, columns=["What", "Value"])
