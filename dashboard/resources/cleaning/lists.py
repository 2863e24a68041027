"""Cached clean lists. They change with the data set, the marks, the near copies and the doubt scores."""

import pandas as pd
import streamlit as st

from core.data.near_copies import near_ids
from core.review.clean_list import RULES, Choice, Facts, clean_list, parse_drop, rule_count
from core.review.clean_list.choice import DOUBTFUL
from core.review.clean_list.facts import joined_scores
from dashboard.resources import data, doubts, near_copies, review
from dashboard.resources.stamps import Stamp, data_stamp


def facts() -> Facts:
    """Return what the rules need to know about the data set in use (shared: callers must not change it)."""
    return _facts(stamp())


@st.cache_resource(max_entries=4, show_spinner=False)
def _facts(stamp: Stamp) -> Facts:
    pairs = near_copies.pairs()
    scores = joined_scores({"test": doubts.of("test"), "training": doubts.of("training")})
    return Facts(data.manifest(), review.marks(), None if pairs is None else frozenset(near_ids(pairs)), *scores)


def listed(choice: Choice) -> pd.DataFrame:
    """Return the clean list of a choice (shared table). Raises InputError if a rule cannot be applied."""
    return _listed(stamp(), choice.text)


@st.cache_resource(max_entries=8, show_spinner=False)
def _listed(stamp: Stamp, text: str) -> pd.DataFrame:
    return clean_list(parse_drop(text), facts())


def counts(doubtful_below: float) -> dict[str, int]:
    """Return rule -> number of images that it would leave out alone. Rules that cannot be applied are missing."""
    known = facts()
    return {
        name: _count(stamp(), name, doubtful_below if name == DOUBTFUL else 0.0)
        for name in RULES
        if not known.lacks(name)
    }


@st.cache_data(max_entries=200, show_spinner=False)
def _count(stamp: Stamp, name: str, below: float) -> int:
    return rule_count(name, facts(), below)


def stamp() -> Stamp:
    """Return the stamp of everything that a clean list depends on."""
    pairs = near_copies.pairs()
    tables = (doubts.of("test"), doubts.of("training"))
    of_tables = (None if table is None else (len(table), float(table["score"].sum())) for table in tables)
    return *data_stamp(), *review.stamp(), None if pairs is None else len(pairs), *of_tables
