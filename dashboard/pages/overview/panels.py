"""The parts of the Overview page below its introduction."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.models.card import Card, leading_first
from dashboard import keys, resources
from dashboard.components import displays, downloads, html_table, links, notices, pickers
from dashboard.pages.overview import chart, tables, texts, tiles


def show_pair(cards: dict[str, Card]) -> tuple[str, ...]:
    """Show the figures of the two default models, or of the only one. Return their names."""
    pair = tuple(dict.fromkeys(pickers.default_pair([card.name for card in leading_first(cards)])))
    st.html(tiles.tiles_html([cards[name] for name in pair]))
    return pair


def show_links(pages: Mapping[str, tuple[str, str]], key: str) -> None:
    """Show one large link per page. `pages` maps addresses to what to do there and what for."""
    with st.container(key=key, gap="small"):
        for url_path, (name, purpose) in pages.items():
            links.page_link(url_path, f"**{name}** {purpose}")


def show_picture(cards: Mapping[str, Card], pair: tuple[str, ...], is_fer2013: bool) -> None:
    """Show the accuracy of all models over their size. FER2013 has a band for the accuracy of people."""
    points = tables.points(tables.sorted_by("Accuracy", cards))
    if points.empty:
        st.caption(texts.NO_POINTS)
        return
    figure = chart.accuracy_over_size(points, pair, is_fer2013)
    displays.show(figure, chart.finding(points, pair, is_fer2013))
    st.html(html_table.folded_html(tables.point_texts(points)) + (_people() if is_fer2013 else ""))


def _people() -> str:
    return tiles.folded_text(texts.PEOPLE_TITLE, texts.PEOPLE_HTML)


@st.fragment
def show_table(cards: Mapping[str, Card]) -> None:
    """Show the leading models or all of them in the chosen order, with what each is, and the CSV button."""
    leading = {name: card for name, card in cards.items() if card.is_leading} or cards
    shows_all = pickers.all_models_switch(len(cards), len(leading))
    order = pickers.segmented_control("Sort by", list(tables.SORTINGS), keys.SORT)
    shown = tables.sorted_by(order, cards if shows_all else leading)
    displays.text_table(tables.overview(shown))
    _show_descriptions(tables.descriptions(shown))
    downloads.csv_button(lambda: tables.scores(tables.sorted_by(order, cards)), "models", "All scores as CSV")


def _show_descriptions(descriptions: pd.DataFrame) -> None:
    table = html_table.as_html(descriptions, wraps=True)
    st.html(html_table.folded("What each model is", table))


def show_data(images: int, is_fer2013: bool) -> None:
    """Say which data set is imported, or how to import one."""
    if not resources.stamps.fingerprint():
        notices.data_missing_notice("Faces are not shown yet")
        return
    event = "FER2013 is imported" if is_fer2013 else "Another data set is imported"
    st.success(f"{event}: {images:,} images.", icon=":material/check:")
