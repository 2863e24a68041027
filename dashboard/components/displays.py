"""Show charts, tables, page numbers and grids of faces."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import keys, visits
from dashboard.charts import style
from dashboard.components import face_cards, html_table

IMAGE_FORMATS = ("SVG", "PNG")
"""Vector graphics for papers, and pixels for slides and messages."""


def show(figure: go.Figure, alt: str, key: str | None = None, table: pd.DataFrame | None = None, **options: Any) -> Any:
    """Show a chart in the theme's colours, with a button that saves it as an image.

    `alt` tells screen readers the finding of the chart. `table` holds its numbers as texts, and is folded away under
    the chart; leave it out if the page shows these numbers anyway. `options` are further arguments of
    `st.plotly_chart`. With `on_select="rerun"`, the result contains the selected points.
    """
    expect_charts()
    result = st.plotly_chart(figure, config=style.config(figure, image_format()), alt=alt, key=key, **options)
    if table is not None:
        st.html(html_table.folded_html(table))
    return result


def show_when_seen(title: str, draw: Callable[[], object]) -> None:
    """Call `draw` only when the visitor scrolls to this place, because the browser takes long to draw charts.

    Until then, a button with the title stands here. assets/visit.js presses it when it comes into view; visitors can
    press it too. During the visit to the page, the place stays drawn. `title` must be unique on the page.
    """
    st.fragment(_show_when_seen)(title, draw)


def _show_when_seen(title: str, draw: Callable[[], object]) -> None:
    seen = keys.per_visit(keys.per_item(keys.SEEN, title), visits.visit())
    place = st.empty()
    if not st.session_state.get(seen):
        key = keys.per_item(keys.WHEN_SEEN, title)
        if not place.button(title, key=key, icon=":material/bar_chart:", type="tertiary"):
            return
        st.session_state[seen] = True
    with place.container():
        draw()


def expect_charts() -> None:
    """Show `image_format_switch` on this page, even if a fragment draws the first chart after the page has run."""
    st.session_state[keys.CHARTS_SHOWN] = visits.visit()


def image_format() -> str:
    """Return the format in which charts are saved, "svg" or "png"."""
    return str(st.session_state.get(keys.IMAGE_FORMAT) or IMAGE_FORMATS[0]).lower()


def image_format_switch() -> None:
    """Let the visitor choose the format in which all charts are saved, if this page shows charts."""
    if st.session_state.get(keys.CHARTS_SHOWN) == visits.visit():
        st.segmented_control(
            "Save charts as",
            IMAGE_FORMATS,
            default=IMAGE_FORMATS[0],
            required=True,
            key=keys.IMAGE_FORMAT,
            persist_state="session",
            help="The camera button of each chart saves it as an image.",
        )


def text_table(table: pd.DataFrame, wraps: bool = False) -> None:
    """Show a table as HTML, readable by screen readers and on narrow screens. See `html_table.as_html`."""
    st.html(html_table.as_html(table, wraps))


def paginate(table: pd.DataFrame, per_page: int, follow: int | None = None) -> pd.DataFrame:
    """Split a table into pages of `per_page` rows, show page numbers, and return the rows of the chosen page.

    If the `image_id`s or `per_page` differ from those of the last call, page 1 is chosen. The first call in a session
    keeps the page number of the address. A single page has no page numbers. `follow` is the position of a row, counted
    from 0: its page is chosen.
    """
    listed = hash((per_page, *table["image_id"]))
    turned_to = None if follow is None else follow // per_page + 1
    if turned_to is None and st.session_state.get(keys.LISTED, listed) != listed:
        turned_to = 1
    st.session_state[keys.LISTED] = listed
    if turned_to not in (None, st.session_state.get(keys.PAGE_NUMBER)):
        st.session_state[keys.PAGE_NUMBER] = turned_to
    page_count = math.ceil(len(table) / per_page)
    if page_count <= 1:
        return table
    number = st.pagination(page_count, key=keys.PAGE_NUMBER, bind="query-params")
    return table.iloc[(number - 1) * per_page : number * per_page]


def face_grid(cards: Sequence[face_cards.FaceCard], card_width: int = 230) -> None:
    """Show cards in as many columns as fit the window. `card_width` is the minimum width in CSS pixels."""
    st.html(face_cards.grid_html(cards, card_width))
