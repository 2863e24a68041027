"""Ways from page to page."""

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from dashboard import keys, navigation
from dashboard.components.layout import columns


def page_link(url_path: str, label: str | None = None) -> None:
    """A link to another page of the app."""
    target = navigation.page(url_path)
    st.page_link(target.script, label=label or target.title, icon=target.icon)


def page_links(pages: Mapping[str, str]) -> None:
    """Address -> what the page is for: one card per page."""
    for column, (url_path, purpose) in zip(columns(len(pages), per_row=3), pages.items(), strict=True):
        with column.container(border=True, height="stretch"):
            page_link(url_path, f"**{navigation.page(url_path).title}**")
            st.markdown(purpose)


def switch_page(url_path: str, query_params: Mapping[str, str]) -> NoReturn:
    """Go to another page at once, with the given widgets set there."""
    st.switch_page(navigation.page(url_path).script, query_params=query_params)


OWN_KEYS = (keys.WHO_IS_WRONG, keys.ORDER, keys.PAGE_NUMBER)
"""Of the widgets that a cell of a confusion matrix says nothing about."""


def open_cell(side: str, true: str, predicted: str) -> NoReturn:
    """Go to the Errors page, on all images of one cell of model `side`'s ("a" or "b") confusion matrix.

    Models and slice go along by themselves, since both pages have these widgets. So would the Errors page's own choices
    of an earlier visit, which would hide some of the cell's images: they are forgotten.
    """
    for key in OWN_KEYS:
        st.session_state.pop(key, None)
    choice = {keys.TRUE_LABEL: true, keys.PREDICTED_LABEL: predicted, keys.WHOSE_LABEL: side.upper()}
    switch_page("errors", choice)
