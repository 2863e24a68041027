"""Cached access to stored predictions and to the metrics computed from them.

The cached functions do not use their parameter `stamp`. It is part of the cache key and changes when the files change.
Tables are shared, because a copy for each run of a page would take longer than the rest of the run: callers must not
change them. Tables of a guest of the visit are shared only within its session, and end with it.
"""

import pandas as pd
import streamlit as st

from core.evaluation import comparison
from core.evaluation.ensemble import mean_predictions
from core.evaluation.metrics import summary
from core.evaluation.predictions import join_shared_images
from core.evaluation.slices import slice_rows
from core.exceptions import InputError
from core.models import store
from core.models.scores import Scores
from dashboard.resources import guests, models
from dashboard.resources.data import manifest
from dashboard.resources.stamps import Stamp, data_and_models_stamp, model_stamp


def model_names() -> list[str]:
    """Return the names of the models with a readable card and readable predictions, leading roles first."""
    all_faults = faults()
    return [name for name in models.model_names() if name not in all_faults]


def faults() -> dict[str, str]:
    """Return model name -> reason, as a sentence, for each readable card whose predictions cannot be read."""
    visiting = guests.of_visit()
    reasons = {name: _fault(name, model_stamp(name)) for name in models.model_names() if name not in visiting}
    return {name: reason for name, reason in reasons.items() if reason}


@st.cache_data(max_entries=256, show_spinner=False)
def _fault(name: str, stamp: Stamp) -> str | None:
    try:
        store.read_predictions(name)
    except InputError as error:
        return str(error)
    return None


def scored(name: str) -> pd.DataFrame:
    """Return a model's scored table: its stored predictions, joined with the manifest by image.

    It is empty if the data set in use has none of the images. Raises InputError for predictions that cannot be read.
    """
    cached = _scored_of_visit if guests.find(name) else _scored
    return cached(name, data_and_models_stamp(name))


def _read(name: str) -> pd.DataFrame:
    guest = guests.find(name)
    return guest.guest.predictions if guest else store.read_predictions(name)


@st.cache_resource(max_entries=16, show_spinner=False)
def _scored(name: str, stamp: Stamp) -> pd.DataFrame:
    return join_shared_images(_read(name), manifest())


@st.cache_resource(max_entries=guests.MOST_OF_VISIT, show_spinner=False, scope="session")
def _scored_of_visit(name: str, stamp: Stamp) -> pd.DataFrame:
    return join_shared_images(_read(name), manifest())


def ensemble_scores(names: tuple[str, ...]) -> Scores:
    """Return the scores of these models' ensemble (mean probabilities) on the test images predicted by all."""
    return _ensemble_scores(names, data_and_models_stamp(*names))


@st.cache_data(max_entries=16, show_spinner=False)
def _ensemble_scores(names: tuple[str, ...], stamp: Stamp) -> Scores:
    mean = mean_predictions([store.read_predictions(name) for name in names])
    return summary(slice_rows(join_shared_images(mean, manifest()), "test"))


def pairs(a: str, b: str) -> pd.DataFrame:
    """Return the scored tables of two models side by side, one row per image that both have predicted."""
    cached = _pairs_of_visit if guests.find(a) or guests.find(b) else _pairs
    return cached(a, b, data_and_models_stamp(a, b))


@st.cache_resource(max_entries=16, show_spinner=False)
def _pairs(a: str, b: str, stamp: Stamp) -> pd.DataFrame:
    return comparison.pair(scored(a), scored(b))


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _pairs_of_visit(a: str, b: str, stamp: Stamp) -> pd.DataFrame:
    return comparison.pair(scored(a), scored(b))
