"""The bar of the Compare page, which stays in view: models A and B, a button that swaps them, slices, and n."""

from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import keys
from dashboard.components import pickers, slice_picker


class Choice(NamedTuple):
    """What the visitor compares."""

    models: tuple[str, str]
    slice_name: str
    """One slice or a combination, see `core.evaluation.slices.parse_slice`."""
    place_of_count: DeltaGenerator
    """The end of the bar, where `show_count` shows the number of images."""


def pick() -> Choice | None:
    """Show the bar and return the choice. Without models, or for a link with an unknown one, say so and return None."""
    with st.container(key=keys.COMPARE_BAR):
        a, swap, b, slices, count = st.columns([4, 1, 4, 5, 1], vertical_alignment="center")
    models = pickers.models_pair_picker((a, b))
    with slices:
        slice_name = slice_picker.slice_picker()
    if models is None:
        return None
    with swap:
        st.button("Swap", key=keys.SWAP, icon=":material/swap_horiz:", type="tertiary", on_click=_swap)
    return Choice(models, slice_name, count)


def _swap() -> None:
    """Exchange models A and B. This runs before the widgets, which then write the new pair to the address."""
    session = st.session_state
    session[keys.MODEL_A], session[keys.MODEL_B] = session[keys.MODEL_B], session[keys.MODEL_A]


def show_count(place: DeltaGenerator, images: int) -> None:
    """Show the number of compared images at the end of the bar."""
    place.html(f'<p class="ferscope-count">n = {images:,}</p>')
