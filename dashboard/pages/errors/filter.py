"""The filters of the Errors page."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation.errors import RANKINGS, WRONG_MODELS, Ranking, WrongModels
from dashboard import keys

ANY = "any label"


@dataclass(frozen=True)
class ErrorFilter:
    """The visitor's choices, as arguments of `errors.filter_errors` and `errors.rank_errors`."""

    true_label: str | None
    predicted_label: str | None
    model: str
    """The model that `predicted_label` refers to: "a" or "b".

    Images are ranked by this model's prediction if it is wrong, otherwise by the other model's prediction.
    """
    wrong_models: str
    """A key of `WRONG_MODELS`: which of the two models are wrong."""
    order: str
    """A key of `RANKINGS`."""


def pick() -> ErrorFilter:
    """Show the filter widgets and return the choices.

    The choices are stored in the URL's query parameters. Invalid values there are ignored.
    """
    first_row, second_row = st.columns([2, 1]), st.columns([2, 1])
    with first_row[0].container(horizontal=True):
        true = st.selectbox("True label", [ANY, *EMOTIONS], key=keys.TRUE_LABEL, bind="query-params")
        predicted = st.selectbox("Predicted label", [ANY, *EMOTIONS], key=keys.PREDICTED_LABEL, bind="query-params")
    with first_row[1]:
        model = _segmented_control("Model for predicted label and order", ["A", "B"], keys.WHOSE_LABEL)
    with second_row[0]:
        wrong_models = _segmented_control(
            "Who is wrong", [entry.title for entry in WRONG_MODELS.values()], keys.WHO_IS_WRONG
        )
    with second_row[1]:
        orders = [ranking.title for ranking in RANKINGS.values()]
        order = st.selectbox("Order", orders, key=keys.ORDER, bind="query-params")
    return ErrorFilter(
        None if true == ANY else true,
        None if predicted == ANY else predicted,
        model.lower(),
        _key_of_title(WRONG_MODELS, wrong_models),
        _key_of_title(RANKINGS, order),
    )


def _segmented_control(label: str, options: list[str], key: str) -> str:
    return st.segmented_control(
        label, options, default=options[0], required=True, key=key, wrap=True, bind="query-params"
    )


def _key_of_title(entries: Mapping[str, WrongModels] | Mapping[str, Ranking], title: str) -> str:
    return next(name for name, entry in entries.items() if entry.title == title)
