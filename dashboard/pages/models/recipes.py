"""The hyperparameters and the provenance of the chosen models."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from core.classifiers import loading
from core.models.card import Card
from core.training.descriptions import readable_config
from dashboard import keys
from dashboard.components import wording
from dashboard.pages.models.columns import Row, side_by_side
from dashboard.pages.models.record import Record


def show_hyperparameters(records: Sequence[Record]) -> None:
    """Show the hyperparameters that differ between the models; all of them on demand, or for a single model."""
    cards, names = [record.card for record in records], [record.name for record in records]
    every = hyperparameters(cards)
    different = [row for row in every if differs(row)]
    if len(cards) > 1 and not st.toggle(f"All {len(every)} hyperparameters", key=keys.ALL_HYPERPARAMETERS):
        shared = sum(map(has_several, every))
        caption = f"{len(different)} hyperparameters differ, of {shared} that at least two of these models have"
        if different:
            st.html(side_by_side(different, names, caption, "different"))
        else:
            st.caption(caption)
        return
    st.html(side_by_side(every, names, "All hyperparameters", "hyperparameters"))


def show_provenance(records: Sequence[Record]) -> None:
    """Show what is needed to verify or repeat the training."""
    names = [record.name for record in records]
    rows = provenance([record.card for record in records])
    st.html(side_by_side(rows, names, "What is needed to verify or repeat the training", "provenance"))


def hyperparameters(cards: Sequence[Card]) -> list[Row]:
    """Return one row per hyperparameter of any of the cards. Nested ones are named like `augmentation.flip`."""
    values = [recipe_values(card) for card in cards]
    meanings: dict[str, str] = {}
    for card in cards:
        meanings |= loading.hyperparameter_descriptions(card)
    return [
        Row(name, tuple(own.get(name, wording.DASH) for own in values), meaning=meanings.get(name, "").replace("`", ""))
        for name in dict.fromkeys(name for own in values for name in own)
    ]


def has_several(row: Row) -> bool:
    """Return whether at least two models have the hyperparameter."""
    return sum(cell != wording.DASH for cell in row.cells) > 1


def differs(row: Row) -> bool:
    """Return whether at least two models have the hyperparameter, with different values."""
    return len({cell for cell in row.cells if cell != wording.DASH}) > 1


def recipe_values(card: Card) -> dict[str, str]:
    """Return hyperparameter -> value as text. Those that are missing in an older card have their defaults.

    Those of a guest say how its file is read. The config of a state dict would tell how we train such a network, but
    nobody knows how this one was trained.
    """
    if card.is_guest:
        return {} if card.recipe_name == "state-dict" else flatten(card.recipe)
    config = readable_config(card)
    return flatten(asdict(config) if config else {}) | flatten(card.recipe)


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return name -> value as text of every hyperparameter. `prefix` is put before the names."""
    flat: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = _value_text(value)
    return flat


def _value_text(value: object) -> str:
    if isinstance(value, list | tuple):
        items = [f"({_value_text(item)})" if isinstance(item, list | tuple) else _value_text(item) for item in value]
        return ", ".join(items) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "none" if value is None or value == "" else str(value)


def provenance(cards: Sequence[Card]) -> list[Row]:
    """Return one row per fact on the training and the file of the weights."""
    facts = {
        "Trained": [_trained(card) for card in cards],
        "Machine": [card.machine for card in cards],
        "Time per face measured on": [card.timing_processor or card.machine for card in cards],
        "Libraries": [
            ", ".join(f"{library} {version}" for library, version in card.versions.items()) for card in cards
        ],
        "Fingerprint of the data set": [card.data_fingerprint for card in cards],
        "Random seed": ["" if card.is_guest else str(card.seed) for card in cards],
        "Input": [card.input for card in cards],
        "SHA-256 of the weights": [card.weights_sha256 for card in cards],
    }
    return [Row(label, tuple(cell or wording.DASH for cell in cells)) for label, cells in facts.items()]


def _trained(card: Card) -> str:
    if card.is_guest or card.seconds is None:
        return f"unknown; added on {card.trained}"
    return f"{card.trained}, in {wording.duration(card.seconds)}"
