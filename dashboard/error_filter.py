"""The filters of the Errors page, and the address under which other pages reach it with the filters set."""

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from core.emotions import EMOTIONS
from core.errors import RANKINGS, WHO
from dashboard import components

ANY = "any label"

OWN_KEYS = ("who", "order", "page")
"""Of the widgets that a cell of a confusion matrix says nothing about."""


@dataclass(frozen=True)
class ErrorFilter:
    """What `errors.filter_errors` and `errors.rank_errors` are asked for."""

    true_label: str | None
    predicted_label: str | None
    model: str
    """"a" or "b": whose predicted label and confidence are meant."""
    who: str
    order: str


def pick() -> ErrorFilter:
    """The widgets; each keeps its choice in the page's address, and a wrong value there is ignored."""
    labels, others = st.columns([2, 1]), st.columns([2, 1])
    with labels[0].container(horizontal=True):
        true = st.selectbox("True label", [ANY, *EMOTIONS], key="true", bind="query-params")
        predicted = st.selectbox("Predicted label", [ANY, *EMOTIONS], key="predicted", bind="query-params")
    with labels[1]:
        by = _segments("Whose label and confidence", ["A", "B"], "by")
    with others[0]:
        who = _segments("Who is wrong", [entry.title for entry in WHO.values()], "who")
    with others[1]:
        orders = [ranking.title for ranking in RANKINGS.values()]
        order = st.selectbox("Order", orders, key="order", bind="query-params")
    return ErrorFilter(
        None if true == ANY else true,
        None if predicted == ANY else predicted,
        by.lower(),
        _name_of(WHO, who),
        _name_of(RANKINGS, order),
    )


def open_cell(side: str, true: str, predicted: str) -> NoReturn:
    """Go to the Errors page, on all images of one cell of model `side`'s ("a" or "b") confusion matrix.

    Models and slice go along by themselves: both pages have these widgets, bound to the same parameters. So do the
    Errors page's own choices of an earlier visit, which would hide some of the cell's images.
    """
    for key in OWN_KEYS:
        st.session_state.pop(key, None)
    components.switch_page("errors", {"true": true, "predicted": predicted, "by": side.upper()})


def _segments(label: str, options: list[str], key: str) -> str:
    return st.segmented_control(
        label, options, default=options[0], required=True, key=key, wrap=True, bind="query-params"
    )


def _name_of(entries: dict, title: str) -> str:
    return next(name for name, entry in entries.items() if entry.title == title)
