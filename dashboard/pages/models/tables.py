"""The small tables of the Models page, made from cards and predictions."""

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
    """Format ECE, NLL and Brier score of several scored tables as text, one row per table; smaller is better."""
    summaries = {name: metrics.summary(table) for name, table in tables.items()}
    rows = [
        {
            "Temperature": name,
            "ECE": wording.number(scores.ece),
            "NLL": wording.number(scores.nll),
            "Brier": wording.number(scores.brier),
        }
        for name, scores in summaries.items()
    ]
    return pd.DataFrame(rows)


def recipe(card: Card) -> pd.DataFrame:
    """Return every hyperparameter with its meaning; nested ones are named like `augmentation.flip`."""
    meanings = loading.meanings_of(card)
    rows = [(name, value, meanings.get(name, "").replace("`", "")) for name, value in _flat(card.recipe)]
    return pd.DataFrame(rows, columns=["Hyperparameter", "Value", "Meaning"])


def _flat(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in values.items():
        rows += _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else [(prefix + name, _in_words(value))]
    return rows


def _in_words(value: object) -> str:
    if isinstance(value, list | tuple):
        items = [f"({_in_words(item)})" if isinstance(item, list | tuple) else _in_words(item) for item in value]
        return ", ".join(items) or "none"
    if isinstance(value, bool):  # before the numbers, since a bool is an int too
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "none" if value is None or value == "" else str(value)


def provenance(card: Card) -> pd.DataFrame:
    """Return what is needed to check or to repeat the training."""
    versions = ", ".join(f"{library} {version}" for library, version in card.versions.items())
    rows = [
        ("Trained", f"{card.trained}, in {wording.duration(card.seconds)}"),
        ("Machine", card.machine),
        ("Libraries", versions),
        ("Fingerprint of the data set", card.data_fingerprint),
        ("Random seed", str(card.seed)),
        ("Input", card.input),
        ("SHA-256 of the weights", card.weights_sha256),
    ]
    return pd.DataFrame(rows, columns=["What", "Value"])
