"""Links from page to page."""

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from dashboard import keys, navigation
from dashboard.components.layout import columns


def page_link(url_path: str, label: str | None = None) -> None:
    """Show a link to another page of the app."""
    target = navigation.page(url_path)
    st.page_link(target.script, label=label or target.title, icon=target.icon)


def page_links(pages: Mapping[str, str]) -> None:
    """Show one card per page, with a link and the purpose of the page. `pages` maps addresses to purposes."""
    for column, (url_path, purpose) in zip(columns(len(pages), per_row=3), pages.items(), strict=True):
        with column.container(border=True, height="stretch"):
            page_link(url_path, f"**{navigation.page(url_path).title}**")
            st.markdown(purpose)


def switch_page(url_path: str, query_params: Mapping[str, str]) -> NoReturn:
    """Go to another page and set its widgets from `query_params`."""
    st.switch_page(navigation.page(url_path).script, query_params=query_params)


KEYS_TO_RESET = (keys.WHO_IS_WRONG, keys.ORDER, keys.PAGE_NUMBER)
"""Keys of the widgets on the Errors page that are reset when a cell of a confusion matrix is opened."""


def open_cell(side: str, true: str, predicted: str) -> NoReturn:
    """Show the images of one cell of a confusion matrix on the Errors page. `side` is the model: "a" or "b".

    The Errors page shows only images that at least one model gets wrong. In a cell on the diagonal, the model itself
    is right, so the page shows only the images that the other model gets wrong.

    The chosen models and slice carry over, because Compare and Errors both have these widgets. Who is wrong, order and
    page number are reset: choices from an earlier visit could hide some of the cell's images.
    """
    for key in KEYS_TO_RESET:
        st.session_state.pop(key, None)
    choice = {keys.TRUE_LABEL: true, keys.PREDICTED_LABEL: predicted, keys.WHOSE_LABEL: side.upper()}
    switch_page("errors", choice)
