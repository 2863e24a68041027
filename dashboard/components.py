"""Widgets that pages share."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core import metrics
from dashboard import face_cards, navigation, resources
from dashboard.charts import theme


def page_header(title: str, lead: str) -> None:
    """The page's title and one or two sentences that say what it is for."""
    st.title(title, anchor=False)
    st.html(f'<p class="ferscope-lead">{lead}</p>')


def page_link(url_path: str, label: str | None = None, **query_params: str) -> None:
    """A link to another page of the app, with the given widgets already set there."""
    target = navigation.page(url_path)
    st.page_link(target.script, label=label or target.title, icon=target.icon, query_params=query_params or None)


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
    st.info(
        f"{what}: FER2013's pictures are not part of this app, and none are imported yet. "
        "Get `archive.zip` from [Kaggle](https://www.kaggle.com/datasets/msambare/fer2013), "
        "then run `python -m core import archive.zip`, or upload it on the Dataset page.",
        icon=":material/image_not_supported:",
    )


def model_picker(label: str, key: str, default: str | None = None) -> str | None:
    """One of the readable models; None where there is none. The choice is kept in the page's address under `key`."""
    names = resources.model_names()
    index = names.index(default) if default in names else 0
    if not names:
        return None
    return st.selectbox(label, names, index, key=key, required=True, bind="query-params")


def models_picker(label: str, key: str, default: Sequence[str] | None = None) -> list[str]:
    """Any number of the readable models, in the order they were picked."""
    names = resources.model_names()
    chosen = [name for name in names if default is None or name in default]
    return st.multiselect(label, names, chosen, key=key, bind="query-params")


def models_pair_picker(default: Sequence[str] = ("cnn-seed-augmented", "catboost-seed")) -> tuple[str, str] | None:
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
    return a or first, b or second


def default_pair(names: Sequence[str], wanted: Sequence[str]) -> tuple[str, str]:
    """Two of the names, different where there are two: the wanted ones where they exist."""
    order = [name for name in wanted if name in names] + [name for name in names if name not in wanted]
    return order[0], order[min(1, len(order) - 1)]


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
    st.caption(metrics.SLICES[name or "test"].description)
    return name or "test"


def show(figure: go.Figure, alt: str, key: str | None = None) -> None:
    """A chart in the theme's colours; `alt` says to a screen reader what it shows."""
    st.plotly_chart(figure, theme="streamlit", config=theme.CONFIG, alt=alt, key=key)


def face_grid(faces: Sequence[face_cards.FaceCard], card_width: int = 230) -> None:
    """Cards beside each other, as many as fit the window."""
    st.html(face_cards.grid_html(faces, card_width))


def probability_bars(bars: Mapping[str, Sequence[float]]) -> None:
    """Model name -> seven probabilities, drawn as labelled bars."""
    st.html(face_cards.bars_html(bars))


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
