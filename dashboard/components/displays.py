"""Charts, tables and grids of faces."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import keys
from dashboard.charts import style
from dashboard.components import face_cards, html_table


def show(figure: go.Figure, alt: str, key: str | None = None, **selection: Any) -> Any:
    """A chart in the theme's colours; `alt` says to a screen reader what it shows.

    Returns what was selected if `selection` holds `on_select` and its like.
    """
    return st.plotly_chart(figure, config=style.CONFIG, alt=alt, key=key, **selection)


def text_table(table: pd.DataFrame, wraps: bool = False) -> None:
    """A table to read: real text, which a screen reader and a narrow screen can cope with; see `as_html`."""
    st.html(html_table.as_html(table, wraps))


def page_of(table: pd.DataFrame, per_page: int) -> pd.DataFrame:
    """The rows of the page that is chosen below the grid; a single page needs no choice, another list starts anew.

    A list is known by its `image_id`s. A page that comes with the address stays.
    """
    listed = hash(tuple(table["image_id"]))
    if st.session_state.get(keys.LISTED, listed) != listed:
        st.session_state[keys.PAGE_NUMBER] = 1
    st.session_state[keys.LISTED] = listed
    pages = math.ceil(len(table) / per_page)
    number = st.pagination(pages, key=keys.PAGE_NUMBER, bind="query-params") if pages > 1 else 1
    return table.iloc[(number - 1) * per_page : number * per_page]


def face_grid(faces: Sequence[face_cards.FaceCard], card_width: int = 230) -> None:
    """Cards beside each other, as many as fit the window."""
    st.html(face_cards.grid_html(faces, card_width))
