"""Cached tables of doubtful labels, which all sessions share: callers must not change them."""

import pandas as pd
import streamlit as st

from core.data.store import current_import
from core.evaluation.out_of_sample import places_to_read
from core.exceptions import InputError
from core.review import doubts
from core.review.doubts.sources import Split, default_model
from dashboard.resources import models
from dashboard.resources.stamps import Stamp, data_and_models_stamp, data_stamp, file_stamps, models_stamp


def of(split: Split) -> pd.DataFrame | None:
    """Return the doubts about the labels of "test" or "training", the most doubtful first; see `core.review.doubts`.

    None if there are no out-of-sample predictions, or if they cannot be read; see `fault`.
    """
    return _found(split, _stamp(split))[0]


def fault(split: Split) -> str | None:
    """Return why the out-of-sample predictions of a split cannot be read, as a sentence; None if they can."""
    return _found(split, _stamp(split))[1]


def agreement() -> pd.DataFrame | None:
    """Return the doubts about test labels with the answers of a second model, or None; see `core.review.doubts`."""
    return _agreement(_stamp("test"))


@st.cache_resource(max_entries=4, show_spinner=False)
def _found(split: Split, stamp: Stamp) -> tuple[pd.DataFrame | None, str | None]:
    try:
        return doubts.doubts(split), None
    except InputError as error:
        return None, str(error)


@st.cache_resource(max_entries=2, show_spinner=False)
def _agreement(stamp: Stamp) -> pd.DataFrame | None:
    table = of("test")
    try:
        return None if table is None else doubts.agreement(table)
    except InputError:  # a damaged second model; the page Models says so
        return None


def _stamp(split: Split) -> Stamp:
    if split == "training":
        return data_stamp() + file_stamps(places_to_read(current_import()))
    cards = models.cards()
    defaults = (default_model(cards, is_network) for is_network in (True, False))
    return models_stamp() + data_and_models_stamp(*(card.name for card in defaults if card))
