"""Widgets that pages share."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import metrics
from core.recognizer import DEFAULT_MODELS
from dashboard import face_cards, html_table, navigation, resources
from dashboard.charts import theme


def page_header(title: str, lead: str) -> None:
    """The page's title and one or two plain sentences that say what it is for."""
    st.title(title, anchor=False)
    st.html(f'<p class="ferscope-lead">{lead}</p>')


def subheader(title: str, lead: str | None = None) -> None:
    """A section of a page, with a sentence or two of Markdown on how to read it."""
    st.subheader(title, anchor=False)
    if lead:
        st.markdown(lead)


def page_link(url_path: str, label: str | None = None) -> None:
    """A link to another page of the app."""
    target = navigation.page(url_path)
    st.page_link(target.script, label=label or target.title, icon=target.icon)


def page_links(pages: Mapping[str, str]) -> None:
    """Address -> what the page is for: a card a page."""
    for column, (url_path, purpose) in zip(columns(len(pages), per_row=3), pages.items(), strict=True):
        with column.container(border=True, height="stretch"):
            page_link(url_path, f"**{navigation.page(url_path).title}**")
            st.markdown(purpose)


def switch_page(url_path: str, query_params: Mapping[str, str]) -> NoReturn:
    """Go to another page at once, with the given widgets set there."""
    st.switch_page(navigation.page(url_path).script, query_params=query_params)


def columns(count: int, per_row: int = 2) -> list[DeltaGenerator]:
    """`count` columns, at most `per_row` beside each other; on a narrow screen all below each other."""
    rows = [st.columns(min(count, per_row)) for _ in range(0, count, per_row)]
    return [column for row in rows for column in row][:count]


def model_faults_notice() -> None:
    """A sentence for each model folder that cannot be read; the others are not harmed by it."""
    for name, fault in resources.model_faults().items():
        st.warning(f"The model folder `{name}` is left out: {fault}", icon=":material/warning:")


def no_models_notice() -> None:
    """What to do where there is no model at all."""
    st.info(
        "There is no model yet. Train one with `python -m core train cnn-seed`, "
        "or copy a model folder into `models/`; it shows up here at the next click.",
        icon=":material/info:",
    )


def data_missing_notice(what: str = "The faces themselves are not shown") -> None:
    """Says that no data set is imported and how to get it."""
    upload = "" if resources.read_only() else ", or upload it on the Dataset page"
    st.info(
        f"{what}: FER2013's pictures are not part of this app, and none are imported yet. "
        "Get `archive.zip` from [Kaggle](https://www.kaggle.com/datasets/msambare/fer2013), "
        f"then run `python -m core import archive.zip`{upload}.",
        icon=":material/image_not_supported:",
    )


def model_picker(label: str, key: str, default: str | None = None) -> str | None:
    """One of the readable models; None where there is none. The choice is kept in the page's address under `key`."""
    names = resources.model_names()
    index = names.index(default) if default in names else 0
    if not names:
        return None
    return st.selectbox(label, names, index, key=key, bind="query-params")


def models_picker(label: str, key: str, default: Sequence[str] | None = None) -> list[str]:
    """Any number of the readable models, in the order they were picked; at first the default's, in its order."""
    names = resources.model_names()
    chosen = names if default is None else [name for name in default if name in names]
    return st.multiselect(label, names, chosen, key=key, bind="query-params")


def models_pair_picker(default: Sequence[str] = DEFAULT_MODELS) -> tuple[str, str] | None:
    """Models A and B, kept in the address as `a` and `b`; None, and a sentence, where there is no model."""
    names = resources.model_names()
    if not names:
        no_models_notice()
        return None
    first, second = default_pair(names, default)
    left, right = st.columns(2)
    with left:
        a = model_picker("Model A", "a", first)
    with right:
        b = model_picker("Model B", "b", second)
    if a == b:
        st.caption("A and B are the same model: there is nothing to tell them apart by.")
    return a or first, b or second


def default_pair(names: Sequence[str], wanted: Sequence[str]) -> tuple[str, str]:
    """Two of the names, different where there are two: the wanted ones where they exist."""
    order = [name for name in wanted if name in names] + [name for name in names if name not in wanted]
    return order[0], order[min(1, len(order) - 1)]


def empty_slice_notice() -> None:
    """Says that there is nothing to compute figures on."""
    st.info(
        "No image of this slice has been predicted by the chosen models: choose another slice.",
        icon=":material/info:",
    )


def slice_title(name: str) -> str:
    """What a slice is called on screen and in addresses."""
    return metrics.SLICES[name].title


def slice_picker(key: str = "slice") -> str:
    """The test images that figures are computed on: a name of `metrics.SLICES`, kept in the page's address."""
    name = st.segmented_control(
        "Test images",
        list(metrics.SLICES),
        default="test",
        required=True,
        format_func=slice_title,
        key=key,
        bind="query-params",
    )
    description = metrics.SLICES[name].description
    st.caption(f"{description[0].upper()}{description[1:]}.")
    return name


def figure_picker() -> str:
    """Which figure of the classes is drawn: a column of `tables.per_class_pair`."""
    titles = {"recall": "Recall", "precision": "Precision", "f1": "F1"}
    return st.segmented_control(
        "Figure",
        list(titles),
        default="recall",
        required=True,
        format_func=titles.get,
        key="figure",
        bind="query-params",
    )


def show(figure: go.Figure, alt: str, key: str | None = None, **selection: Any) -> Any:
    """A chart in the theme's colours; `alt` says to a screen reader what it shows.

    Returns what was selected where `selection` holds `on_select` and its like.
    """
    return st.plotly_chart(figure, config=theme.CONFIG, alt=alt, key=key, **selection)


def text_table(table: pd.DataFrame, wraps: bool = False) -> None:
    """A table to read: real text, which a screen reader and a narrow screen can cope with; see `as_html`."""
    st.html(html_table.as_html(table, wraps))


def page_of(table: pd.DataFrame, per_page: int) -> pd.DataFrame:
    """The rows of the page that is chosen below the grid; a single page needs no choice, another list starts anew.

    A list is known by its `image_id`s. A page that comes with the address stays.
    """
    listed = hash(tuple(table["image_id"]))
    if st.session_state.get("listed", listed) != listed:
        st.session_state["page"] = 1
    st.session_state["listed"] = listed
    pages = math.ceil(len(table) / per_page)
    number = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    return table.iloc[(number - 1) * per_page : number * per_page]


def face_grid(faces: Sequence[face_cards.FaceCard], card_width: int = 230) -> None:
    """Cards beside each other, as many as fit the window."""
    st.html(face_cards.grid_html(faces, card_width))


def download_csv(table: pd.DataFrame, name: str, label: str = "Download as CSV") -> None:
    """A button that saves the table as `name`.csv."""
    st.download_button(
        label,
        lambda: table.to_csv(index=False),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"csv-{name}",
    )
