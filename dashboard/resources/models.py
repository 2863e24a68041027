"""The models' cards, and the tables beside them, cached."""

import pandas as pd
import streamlit as st

from core.benchmarks.robustness import read_robustness
from core.benchmarks.steadiness import Steadiness, read_steadiness
from core.models import store
from core.models.card import Card, leading_first
from core.models.folders import model_names as model_folders
from dashboard.resources.stamps import Stamp, model_stamp


def model_names() -> list[str]:
    """The models whose card can be read, the leading ones first; empty if there is none."""
    return [card.name for card in leading_first(cards())]


def cards() -> dict[str, Card]:
    """The readable cards by model name."""
    return _catalog()[0]


def leading_cards() -> dict[str, Card]:
    """The cards of the models that are shown first; all of them if none is one of those."""
    everything = cards()
    return {name: card for name, card in everything.items() if card.is_leading} or everything


def model_faults() -> dict[str, str]:
    """Model name -> the sentence that says why its card cannot be read."""
    return _catalog()[1]


def _catalog() -> tuple[dict[str, Card], dict[str, str]]:
    return _read_cards(tuple(map(model_stamp, model_folders())))


@st.cache_data(max_entries=4, show_spinner=False)
def _read_cards(stamps: tuple[Stamp, ...]) -> tuple[dict[str, Card], dict[str, str]]:
    return store.read_cards()


def card(name: str) -> Card:
    """The card of one model of `model_names()`."""
    return cards()[name]


def history(name: str) -> pd.DataFrame:
    """`store.read_history`."""
    return _history(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _history(name: str, stamp: Stamp) -> pd.DataFrame:
    return store.read_history(name)


def robustness(name: str) -> pd.DataFrame | None:
    """The model's robustness.csv; None if it has not been measured."""
    return _robustness(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _robustness(name: str, stamp: Stamp) -> pd.DataFrame | None:
    return read_robustness(name)


def steadiness(name: str) -> Steadiness | None:
    """The model's steadiness.json; None if it has not been measured."""
    return _steadiness(name, model_stamp(name))


@st.cache_data(max_entries=32, show_spinner=False)
def _steadiness(name: str, stamp: Stamp) -> Steadiness | None:
    return read_steadiness(name)
