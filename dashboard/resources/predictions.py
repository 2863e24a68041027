"""Cached access to stored predictions and to the metrics computed from them.

The cached functions do not use their parameter `stamp`. It is part of the cache key and changes when the files change.
"""

import pandas as pd
import streamlit as st

from core.evaluation import comparison
from core.evaluation.ensemble import mean_predictions
from core.evaluation.metrics import summary
from core.evaluation.predictions import join_manifest, scored_predictions
from core.evaluation.slices import slice_rows
from core.models.card import Scores
from core.models.store import read_predictions
from dashboard.resources.data import manifest
from dashboard.resources.stamps import Stamp, data_and_models_stamp


def scored(name: str) -> pd.DataFrame:
    """Return a model's scored table: its stored predictions, joined with the manifest by image."""
    return _scored(name, data_and_models_stamp(name))


@st.cache_data(max_entries=16, show_spinner=False)
def _scored(name: str, stamp: Stamp) -> pd.DataFrame:
    return scored_predictions(name, manifest())


def ensemble_scores(names: tuple[str, ...]) -> Scores:
    """Return the scores of these models' ensemble (mean probabilities) on the test images predicted by all."""
    return _ensemble_scores(names, data_and_models_stamp(*names))


@st.cache_data(max_entries=16, show_spinner=False)
def _ensemble_scores(names: tuple[str, ...], stamp: Stamp) -> Scores:
    mean = mean_predictions([read_predictions(name) for name in names])
    return summary(slice_rows(join_manifest(mean, manifest()), "test"))


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
