"""Cached access to stored predictions and to the metrics computed from them.

The cached functions do not use their parameter `stamp`. It is part of the cache key and changes when the files change.
"""

import pandas as pd
import streamlit as st

from core.evaluation import comparison
from core.evaluation.ensemble import mean_predictions
from core.evaluation.metrics import summary
from core.evaluation.predictions import join_shared_images
from core.evaluation.slices import slice_rows
from core.exceptions import InputError
from core.models.card import Scores
from core.models.store import read_predictions
from dashboard.resources import models
from dashboard.resources.data import manifest
from dashboard.resources.stamps import Stamp, data_and_models_stamp, model_stamp


def model_names() -> list[str]:
    """Return the names of the models with a readable card and readable predictions, leading roles first."""
    all_faults = faults()
    return [name for name in models.model_names() if name not in all_faults]


def faults() -> dict[str, str]:
    """Return model name -> reason, as a sentence, for each readable card whose predictions cannot be read."""
    reasons = {name: _fault(name, model_stamp(name)) for name in models.model_names()}
    return {name: reason for name, reason in reasons.items() if reason}


@st.cache_data(max_entries=256, show_spinner=False)
def _fault(name: str, stamp: Stamp) -> str | None:
    try:
        read_predictions(name)
    except InputError as error:
        return str(error)
    return None


def scored(name: str) -> pd.DataFrame:
    """Return a model's scored table: its stored predictions, joined with the manifest by image.

    It is empty if the data set in use has none of the images. Raises InputError for predictions that cannot be read.
    """
    return _scored(name, data_and_models_stamp(name))


@st.cache_data(max_entries=16, show_spinner=False)
def _scored(name: str, stamp: Stamp) -> pd.DataFrame:
    return join_shared_images(read_predictions(name), manifest())


def ensemble_scores(names: tuple[str, ...]) -> Scores:
    """Return the scores of these models' ensemble (mean probabilities) on the test images predicted by all."""
    return _ensemble_scores(names, data_and_models_stamp(*names))


@st.cache_data(max_entries=16, show_spinner=False)
def _ensemble_scores(names: tuple[str, ...], stamp: Stamp) -> Scores:
    mean = mean_predictions([read_predictions(name) for name in names])
    return summary(slice_rows(join_shared_images(mean, manifest()), "test"))


def pairs(a: str, b: str) -> pd.DataFrame:
    """Return the scored tables of two models side by side, one row per image that both have predicted."""
    return _pairs(a, b, data_and_models_stamp(a, b))


@st.cache_data(max_entries=16, show_spinner=False)
def _pairs(a: str, b: str, stamp: Stamp) -> pd.DataFrame:
    return comparison.pair(scored(a), scored(b))


def bootstrap(a: str, b: str, slice_name: str) -> comparison.Differences:
    """Return the differences of the metrics, model `a` minus model `b`, on one slice, with paired bootstrap intervals.

    The first call takes 1 to 2 s.
    """
    return _bootstrap(a, b, slice_name, data_and_models_stamp(a, b))


@st.cache_data(max_entries=64, show_spinner="Resampling the slice 2,000 times ...")
def _bootstrap(a: str, b: str, slice_name: str, stamp: Stamp) -> comparison.Differences:
    return comparison.paired_bootstrap(slice_rows(pairs(a, b), slice_name))
