"""Show charts, tables and grids of faces."""

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
    """Show a chart in the theme's colours. `alt` describes it to screen readers.

    Return the selected points if `selection` holds `on_select` (see `st.plotly_chart`).
    """
    return st.plotly_chart(figure, config=style.CONFIG, alt=alt, key=key, **selection)


def text_table(table: pd.DataFrame, wraps: bool = False) -> None:
    """Show a table as HTML, readable by screen readers and on narrow screens. See `html_table.as_html`."""
    st.html(html_table.as_html(table, wraps))


def paginate(table: pd.DataFrame, per_page: int) -> pd.DataFrame:
    """Show page numbers if there are several pages, and return the rows of the chosen page.

    A table with other `image_id`s starts at page 1. A page number in the address is kept when the page is opened.
    """
    listed = hash(tuple(table["image_id"]))
    if st.session_state.get(keys.LISTED, listed) != listed:
        st.session_state[keys.PAGE_NUMBER] = 1
    st.session_state[keys.LISTED] = listed
    pages = math.ceil(len(table) / per_page)
    number = st.pagination(pages, key=keys.PAGE_NUMBER, bind="query-params") if pages > 1 else 1
    return table.iloc[(number - 1) * per_page : number * per_page]


def face_grid(faces: Sequence[face_cards.FaceCard], card_width: int = 230) -> None:
    """Show cards in as many columns as fit the window. `card_width` is the minimum width in CSS pixels."""
    st.html(face_cards.grid_html(faces, card_width))
