"""Cached access to the models' cards, training histories and measurements."""

import pandas as pd
import streamlit as st

from core.benchmarks.robustness import read_robustness
from core.benchmarks.steadiness import Steadiness, read_steadiness
from core.models import store
from core.models.card import Card, leading_first
from dashboard.resources import guests
from dashboard.resources.stamps import Stamp, model_stamp, models_stamp


def model_names() -> list[str]:
    """Return the names of the models with a readable card: ours, leading roles first (see `Card.is_leading`), guests.

    The guests of this visit are among them.
    """
    ordered = sorted(leading_first(cards()), key=lambda card: card.is_guest)  # sorting keeps the order of equals
    return [card.name for card in ordered]


def predicting_names() -> list[str]:
    """Return those of `model_names()` that can predict new faces: not the guests that consist of predictions."""
    known = cards()
    return [name for name in model_names() if known[name].can_predict]


def cards() -> dict[str, Card]:
    """Return the readable cards by model name, guests included."""
    visiting = {name: visitor.guest.card for name, visitor in guests.of_visit().items()}
    return {**visiting, **_cards_and_faults()[0]}


def model_faults() -> dict[str, str]:
    """Return model name -> reason, as a sentence, for each model whose card cannot be read."""
    return _cards_and_faults()[1]


def _cards_and_faults() -> tuple[dict[str, Card], dict[str, str]]:
    return _read_cards(models_stamp())


# Shared, not copied for each call, because cards cannot be changed.
@st.cache_resource(max_entries=4, show_spinner=False)
def _read_cards(stamp: Stamp) -> tuple[dict[str, Card], dict[str, str]]:
    (own, own_faults), (kept, kept_faults) = store.read_cards(), store.read_guest_cards()
    return {**kept, **own}, {**kept_faults, **own_faults}


def card(name: str) -> Card:
    """Return the card of a model; raises KeyError if `name` is not in `model_names()`."""
    return cards()[name]


def bytes_to_run(card: Card) -> int | None:
    """Return the size of a model's weights, together with those of the network whose embedding it uses, if any.

    None for a guest that consists of predictions.
    """
    if not card.can_predict:
        return None
    network = cards().get(str(card.recipe.get("network")))
    return card.size_bytes + (network.size_bytes if network else 0)


def history(name: str) -> pd.DataFrame | None:
    """Return the model's training history (`store.read_history`); None for a guest, whose training is unknown.

    Raises InputError for a damaged file.
    """
    return None if card(name).is_guest else _history(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _history(name: str, stamp: Stamp) -> pd.DataFrame:
    return store.read_history(name)


def robustness(name: str) -> pd.DataFrame | None:
    """Return the model's robustness.csv, its accuracy on corrupted images; None if it has not been measured.

    Raises InputError for a damaged file.
    """
    return None if guests.find(name) else _robustness(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _robustness(name: str, stamp: Stamp) -> pd.DataFrame | None:
    return read_robustness(name)


def steadiness(name: str) -> Steadiness | None:
    """Return the model's steadiness.json; None if it has not been measured.

    Steadiness is how often the predicted label stays the same when the crop changes a little. Raises InputError for a
    damaged file.
    """
    return None if guests.find(name) else _steadiness(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _steadiness(name: str, stamp: Stamp) -> Steadiness | None:
    return read_steadiness(name)
