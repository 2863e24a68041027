"""Cached comparisons of two models on one slice."""

import pandas as pd
import streamlit as st

from core.evaluation.slices import SLICES, parse_slice, slice_rows
from core.evaluation.two_models import figures as two_models
from core.evaluation.two_models.figures import Comparison, Figures
from core.review.slice_columns import DOUBT, MARKED, NEAR_COPY, Ids, columns_of, doubtful_ids, with_slice_columns
from dashboard.resources import doubts, guests, models, near_copies, predictions, review
from dashboard.resources.data import manifest
from dashboard.resources.stamps import Stamp, data_and_models_stamp


def _doubtful_ids() -> set[str] | None:
    table = doubts.of("test")
    return None if table is None else doubtful_ids(table)


_IDS: dict[str, Ids] = {MARKED: review.marked_ids, NEAR_COPY: near_copies.ids, DOUBT: _doubtful_ids}
"""Column of a slice -> the ids for which it is true, from the caches of the app and the marks of the visit."""


def unknown_slice(slice_name: str) -> str | None:
    """Return the first slice of a combination that needs what is not known of the data set in use; None without one."""
    unknown = {column for column in columns_of(slice_name) if _IDS[column]() is None}
    return next((name for name in parse_slice(slice_name) if unknown & set(SLICES[name].columns)), None)


def _stamp(a: str, b: str, slice_name: str) -> Stamp:
    """Return the stamp of a slice of two models. It changes with marks, near copies or doubts if it needs them."""
    known = (_IDS[column]() for column in columns_of(slice_name))
    return (*data_and_models_stamp(a, b), *(None if ids is None else hash(frozenset(ids)) for ids in known))


def _pairs_in(a: str, b: str, slice_name: str) -> pd.DataFrame:
    """Return the rows of `predictions.pairs` in a slice; none if the slice needs what is not known."""
    pairs = predictions.pairs(a, b)
    if unknown_slice(slice_name):
        return pairs.iloc[:0]
    return slice_rows(with_slice_columns(pairs, slice_name, _IDS), slice_name)


def compare(a: str, b: str, slice_name: str) -> Comparison | None:
    """Return the comparison of models `a` and `b` on a slice; None if it has no image that both have predicted.

    None also if the slice needs what is not known; see `unknown_slice`.
    """
    return _compare(a, b, slice_name, _stamp(a, b, slice_name))


@st.cache_resource(max_entries=64, show_spinner=False)
def _compare(a: str, b: str, slice_name: str, stamp: Stamp) -> Comparison | None:
    pairs = _pairs_in(a, b, slice_name)
    if pairs.empty:
        return None
    return two_models.compare(pairs, two_models.unpredicted(manifest(), predictions.pairs(a, b)))


def rows(a: str, b: str, slice_name: str) -> pd.DataFrame:
    """Return the rows of `predictions.pairs` that belong to a slice, with a new index.

    They have the columns that the slice needs, such as `marked`. There are none if these are not known; see
    `unknown_slice`.
    """
    cached = _rows_of_visit if guests.find(a) or guests.find(b) else _rows
    return cached(a, b, slice_name, _stamp(a, b, slice_name))


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _rows_of_visit(a: str, b: str, slice_name: str, stamp: Stamp) -> pd.DataFrame:
    return _pairs_in(a, b, slice_name)


@st.cache_resource(max_entries=8, show_spinner=False)
def _rows(a: str, b: str, slice_name: str, stamp: Stamp) -> pd.DataFrame:
    return _pairs_in(a, b, slice_name)


def figures(a: str, b: str, slice_name: str) -> Figures:
    """Return the further figures of models `a` and `b` on a slice with at least one image."""
    return _figures(a, b, slice_name, _stamp(a, b, slice_name))


@st.cache_resource(max_entries=16, show_spinner=False)
def _figures(a: str, b: str, slice_name: str, stamp: Stamp) -> Figures:
    cards = models.cards()
    return two_models.figures(rows(a, b, slice_name), (cards[a], cards[b]))
