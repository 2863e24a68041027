"""Cached comparisons of two models on one slice."""

import pandas as pd
import streamlit as st

from core.evaluation.slices import slice_rows
from core.evaluation.two_models import figures as two_models
from core.evaluation.two_models.figures import Comparison, Figures
from core.review.marked import names_marked, with_marked
from dashboard.resources import guests, models, predictions, review
from dashboard.resources.data import manifest
from dashboard.resources.stamps import Stamp, data_and_models_stamp


def _stamp(a: str, b: str, slice_name: str) -> Stamp:
    """Return the stamp of a slice of two models. Only a slice that is about marks changes with them."""
    stamp = data_and_models_stamp(a, b)
    return (*stamp, review.stamp()) if names_marked(slice_name) else stamp


def _pairs(a: str, b: str, slice_name: str) -> pd.DataFrame:
    """Return `predictions.pairs`, with the column `marked` if the slice needs it."""
    pairs = predictions.pairs(a, b)
    return with_marked(pairs, review.marked_ids()) if names_marked(slice_name) else pairs


def compare(a: str, b: str, slice_name: str) -> Comparison | None:
    """Return the comparison of models `a` and `b` on a slice; None if it has no image that both have predicted."""
    return _compare(a, b, slice_name, _stamp(a, b, slice_name))


@st.cache_resource(max_entries=64, show_spinner=False)
def _compare(a: str, b: str, slice_name: str, stamp: Stamp) -> Comparison | None:
    all_pairs = _pairs(a, b, slice_name)
    pairs = slice_rows(all_pairs, slice_name)
    if pairs.empty:
        return None
    return two_models.compare(pairs, two_models.unpredicted(manifest(), all_pairs))


def rows(a: str, b: str, slice_name: str) -> pd.DataFrame:
    """Return the rows of `predictions.pairs` that belong to a slice, with a new index.

    They have the column `marked` if the slice is about marks.
    """
    cached = _rows_of_visit if guests.find(a) or guests.find(b) else _rows
    return cached(a, b, slice_name, _stamp(a, b, slice_name))


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _rows_of_visit(a: str, b: str, slice_name: str, stamp: Stamp) -> pd.DataFrame:
    return slice_rows(_pairs(a, b, slice_name), slice_name)


@st.cache_resource(max_entries=8, show_spinner=False)
def _rows(a: str, b: str, slice_name: str, stamp: Stamp) -> pd.DataFrame:
    return slice_rows(_pairs(a, b, slice_name), slice_name)


def figures(a: str, b: str, slice_name: str) -> Figures:
    """Return the further figures of models `a` and `b` on a slice with at least one image."""
    return _figures(a, b, slice_name, _stamp(a, b, slice_name))


@st.cache_resource(max_entries=16, show_spinner=False)
def _figures(a: str, b: str, slice_name: str, stamp: Stamp) -> Figures:
    cards = models.cards()
    return two_models.figures(rows(a, b, slice_name), (cards[a], cards[b]))
