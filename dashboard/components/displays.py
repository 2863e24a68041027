"""Show charts, tables, page numbers and grids of faces."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import keys
from dashboard.charts import style
from dashboard.components import face_cards, html_table


def show(figure: go.Figure, alt: str, key: str | None = None, **options: Any) -> Any:
    """Show a chart in the theme's colours. `alt` is its description for screen readers.

    `options` are further arguments of `st.plotly_chart`. With `on_select="rerun"`, the result contains the selected
    points.
    """
    return st.plotly_chart(figure, config=style.CONFIG, alt=alt, key=key, **options)


def text_table(table: pd.DataFrame, wraps: bool = False) -> None:
    """Show a table as HTML, readable by screen readers and on narrow screens. See `html_table.as_html`."""
    st.html(html_table.as_html(table, wraps))


def paginate(table: pd.DataFrame, per_page: int) -> pd.DataFrame:
    """Split a table into pages of `per_page` rows, show page numbers, and return the rows of the chosen page.

    If the `image_id`s differ from those of the last call, page 1 is chosen. The first call in a session keeps the page
    number of the address. A single page has no page numbers.
    """
    ids_hash = hash(tuple(table["image_id"]))
    if st.session_state.get(keys.LISTED, ids_hash) != ids_hash:
        st.session_state[keys.PAGE_NUMBER] = 1
    st.session_state[keys.LISTED] = ids_hash
    page_count = math.ceil(len(table) / per_page)
    number = st.pagination(page_count, key=keys.PAGE_NUMBER, bind="query-params") if page_count > 1 else 1
    return table.iloc[(number - 1) * per_page : number * per_page]


def face_grid(cards: Sequence[face_cards.FaceCard], card_width: int = 230) -> None:
    """Show cards in as many columns as fit the window. `card_width` is the minimum width in CSS pixels."""
    st.html(face_cards.grid_html(cards, card_width))
