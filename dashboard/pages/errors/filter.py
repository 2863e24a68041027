"""The filters of the Errors page."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation.errors import RANKINGS, WHO, Ranking, Who
from dashboard import keys

ANY = "any label"


@dataclass(frozen=True)
class ErrorFilter:
    """The visitor's choices, as arguments of `errors.filter_errors` and `errors.rank_errors`."""

    true_label: str | None
    predicted_label: str | None
    model: str
    """"a" or "b": the model whose predicted label and confidence are used."""
    who: str
    """A key of `WHO`: which of the two models is wrong."""
    order: str
    """A key of `RANKINGS`."""


def pick() -> ErrorFilter:
    """Show the filter widgets and return their values.

    The page's address keeps each choice. Invalid values in the address are ignored.
    """
    labels, others = st.columns([2, 1]), st.columns([2, 1])
    with labels[0].container(horizontal=True):
        true = st.selectbox("True label", [ANY, *EMOTIONS], key=keys.TRUE_LABEL, bind="query-params")
        predicted = st.selectbox("Predicted label", [ANY, *EMOTIONS], key=keys.PREDICTED_LABEL, bind="query-params")
    with labels[1]:
        by = _segments("Label and confidence of model", ["A", "B"], keys.WHOSE_LABEL)
    with others[0]:
        who = _segments("Who is wrong", [entry.title for entry in WHO.values()], keys.WHO_IS_WRONG)
    with others[1]:
        orders = [ranking.title for ranking in RANKINGS.values()]
        order = st.selectbox("Order", orders, key=keys.ORDER, bind="query-params")
    return ErrorFilter(
        None if true == ANY else true,
        None if predicted == ANY else predicted,
        by.lower(),
        _name_of(WHO, who),
        _name_of(RANKINGS, order),
    )


def _segments(label: str, options: list[str], key: str) -> str:
    return st.segmented_control(
        label, options, default=options[0], required=True, key=key, wrap=True, bind="query-params"
    )


def _name_of(entries: Mapping[str, Who] | Mapping[str, Ranking], title: str) -> str:
    return next(name for name, entry in entries.items() if entry.title == title)
