"""The filters of the gallery: one line of small widgets that reads like a sentence."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.columns import SPLIT_DTYPE
from core.emotions import EMOTIONS
from dashboard import keys
from dashboard.components.addressed import read_from_address, warn_of_unknown, write_to_address
from dashboard.pages.dataset.gallery.kinds import KINDS, OLD_NAMES
from dashboard.pages.dataset.gallery.listing import Choice, has_random_order
from dashboard.pages.dataset.gallery.orders import ORDERS

ANY = "any"

FOLD_HTML = '<label class="ferscope-unfold"><input type="checkbox" id="ferscope-unfold"> Change the filters</label>'
"""On a phone, the filters are folded away until this box is ticked. If this text changed, the tick would go."""

HIGHEST_SEED = 2**31 - 1


def pick() -> Choice:
    """Show the filters, and return the choices. The address keeps them.

    Invalid values in the address are ignored, with a warning.
    """
    _replace_old_name()
    bar = st.container(key=keys.GALLERY_BAR, horizontal=True, vertical_alignment="center")
    bar.html(FOLD_HTML)
    kind = choose(bar, "Images", {name: entry.title for name, entry in KINDS.items()}, keys.GALLERY_KIND)
    split = choose(bar, "split", _or_any(SPLIT_DTYPE.categories), keys.SPLIT)
    emotion = choose(bar, "labelled", _or_any(EMOTIONS), keys.EMOTION)
    order = choose(bar, "sorted", {name: entry.title for name, entry in ORDERS.items()}, keys.GALLERY_ORDER)
    choice = Choice(kind, None if split == ANY else split, None if emotion == ANY else emotion, order, _seed())
    if has_random_order(choice):
        bar.button("Draw again", key=keys.DRAW_AGAIN, icon=":material/shuffle:", type="tertiary", on_click=_draw_again)
    _write_seed(choice)
    return choice


def choose(bar: DeltaGenerator, label: str, titles: Mapping[str, str], key: str, default: str | None = None) -> str:
    """Choose one of the names, by default the first one or `default`. The address keeps its name, not its title.

    Streamlit's own way, `bind`, does not write a choice to the address that a press elsewhere on the page has made.
    """
    warn_of_unknown(key, f"a value of {label!r}", titles)
    default = default or next(iter(titles))
    if in_address := read_from_address(key, titles):
        st.session_state[key] = in_address[0]
    elif st.session_state.get(key) not in titles:
        st.session_state[key] = default
    chosen = str(bar.selectbox(label, list(titles), format_func=titles.__getitem__, key=key, persist_state="session"))
    write_to_address(key, [chosen], [default])
    return chosen


def _or_any(names: "pd.Index[str] | tuple[str, ...]") -> dict[str, str]:
    return {name: name for name in (ANY, *names)}


def _replace_old_name() -> None:
    """Replace the name of a kind in the address that older versions have written."""
    named = st.query_params.get(keys.GALLERY_KIND)
    if named in OLD_NAMES:
        st.query_params[keys.GALLERY_KIND] = OLD_NAMES[named]


def _seed() -> int:
    """Return the seed of the random order: that of the address, or else the visitor's latest, or else 0."""
    named = st.query_params.get(keys.SAMPLE_DRAW)
    if not named:
        return int(st.session_state.setdefault(keys.SAMPLE_DRAW, 0))
    if named.isascii() and named.isdigit() and int(named[:12]) <= HIGHEST_SEED:
        st.session_state[keys.SAMPLE_DRAW] = int(named)
    else:
        st.warning(f"The number of a draw in a link is 0 to {HIGHEST_SEED:,}.", icon=":material/link_off:")
        st.session_state[keys.SAMPLE_DRAW] = 0
    return int(st.session_state[keys.SAMPLE_DRAW])


def _write_seed(choice: Choice) -> None:
    """Keep the seed in the address if the images are drawn at random, and it is not the first one."""
    if has_random_order(choice) and choice.seed:
        if st.query_params.get(keys.SAMPLE_DRAW) != str(choice.seed):
            st.query_params[keys.SAMPLE_DRAW] = str(choice.seed)
    elif keys.SAMPLE_DRAW in st.query_params:
        del st.query_params[keys.SAMPLE_DRAW]


def _draw_again() -> None:
    seed = (int(st.session_state.get(keys.SAMPLE_DRAW, 0)) + 1) % HIGHEST_SEED
    st.session_state[keys.SAMPLE_DRAW] = seed
    st.query_params[keys.SAMPLE_DRAW] = str(seed)
