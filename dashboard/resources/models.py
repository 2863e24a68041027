"""Cached access to the models' cards, training histories and measurements."""

import pandas as pd
import streamlit as st

from core.benchmarks.robustness import read_robustness
from core.benchmarks.steadiness import Steadiness, read_steadiness
from core.models import store
from core.models.card import Card, leading_first
from dashboard.resources.stamps import Stamp, model_stamp, models_stamp


def model_names() -> list[str]:
    """Return the names of the models with a readable card, leading roles first (see `Card.is_leading`)."""
    return [card.name for card in leading_first(cards())]


def cards() -> dict[str, Card]:
    """Return the readable cards by model name."""
    return _cards_and_faults()[0]


def leading_cards() -> dict[str, Card]:
    """Return the cards of the models with a leading role (see `Card.is_leading`); all cards if no model has one."""
    all_cards = cards()
    return {name: card for name, card in all_cards.items() if card.is_leading} or all_cards


def model_faults() -> dict[str, str]:
    """Return model name -> reason, as a sentence, for each model whose card cannot be read."""
    return _cards_and_faults()[1]


def _cards_and_faults() -> tuple[dict[str, Card], dict[str, str]]:
    return _read_cards(models_stamp())


@st.cache_data(max_entries=4, show_spinner=False)
def _read_cards(stamp: Stamp) -> tuple[dict[str, Card], dict[str, str]]:
    return store.read_cards()


def card(name: str) -> Card:
    """Return the card of a model; raises KeyError if `name` is not in `model_names()`."""
    return cards()[name]


def history(name: str) -> pd.DataFrame:
    """Return the model's training history (`store.read_history`). Raises InputError for a damaged file."""
    return _history(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _history(name: str, stamp: Stamp) -> pd.DataFrame:
    return store.read_history(name)


def robustness(name: str) -> pd.DataFrame | None:
    """Return the model's robustness.csv, its accuracy on corrupted images; None if it has not been measured.

    Raises InputError for a damaged file.
    """
    return _robustness(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _robustness(name: str, stamp: Stamp) -> pd.DataFrame | None:
    return read_robustness(name)


def steadiness(name: str) -> Steadiness | None:
    """Return the model's steadiness.json; None if it has not been measured.

    Steadiness is how often the predicted label stays the same when the crop changes a little. Raises InputError for a
    damaged file.
    """
    return _steadiness(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _steadiness(name: str, stamp: Stamp) -> Steadiness | None:
    return read_steadiness(name)
