"""Links from page to page."""

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from core.evaluation.errors import WRONG_MODELS
from dashboard import keys, navigation


def page_link(url_path: str, label: str | None = None) -> None:
    """Show a link to another page of the app."""
    target = navigation.page(url_path)
    st.page_link(target.script, label=label or target.title, icon=target.icon)


def switch_page(url_path: str, query_params: Mapping[str, str]) -> NoReturn:
    """Go to another page and set its widgets from `query_params`."""
    st.switch_page(navigation.page(url_path).script, query_params=query_params)


FILTERS = (
    keys.TRUE_LABEL, keys.PREDICTED_LABEL, keys.WHOSE_LABEL, keys.WHO_IS_WRONG, keys.ORDER, keys.PAGE_NUMBER,
)  # fmt: skip
"""Keys of the filters on the Errors page, except models and slice. Links to it reset those that they do not set."""


def open_cell(side: str, true: str, predicted: str) -> NoReturn:
    """Show the images of one cell of a confusion matrix on the Errors page, whoever is wrong on them.

    `side` is the model: "a" or "b".
    """
    everybody = WRONG_MODELS["all"].title
    _open_errors(
        {
            keys.TRUE_LABEL: true,
            keys.PREDICTED_LABEL: predicted,
            keys.WHOSE_LABEL: side.upper(),
            keys.WHO_IS_WRONG: everybody,
        }
    )


def open_wrong(wrong_models: str) -> NoReturn:
    """Show the images on the Errors page that `wrong_models`, a key of `WRONG_MODELS`, get wrong."""
    _open_errors({keys.WHO_IS_WRONG: WRONG_MODELS[wrong_models].title})


def _open_errors(choice: Mapping[str, str]) -> NoReturn:
    """Open the Errors page with this choice.

    The chosen models and slice carry over, because Compare and Errors both have these widgets. All filters that are not
    in `choice` are reset: choices from an earlier visit would hide some of the images.
    """
    for key in FILTERS:
        st.session_state.pop(key, None)
    switch_page("errors", choice)
