"""The widget that chooses which test images a page is about."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.evaluation.slices import SLICES, slice_key
from dashboard import keys
from dashboard.components.addressed import read_from_address, unknown_names_text, write_to_address

LABEL = "Test images"

HELP = (
    "Choose several: an image must belong to all of them. *Leak-free* leaves out images with an exact "
    "copy among the Training images. FER2013 comes from a contest, which had two sets of test images: PublicTest for "
    "the leaderboard, and PrivateTest for the final ranking."
)


def slice_picker(place: DeltaGenerator | None = None) -> str:
    """Choose slices of the test images. Return their key, such as "leak_free,dark"; "test" if none is chosen.

    The address keeps the key. If the address names an unknown slice, say so and stop the page. `place` is the container
    of the widget alone, if the message belongs elsewhere.
    """
    in_address = st.query_params.get_all(keys.SLICE)
    unknown = [name for name in dict.fromkeys(_names(in_address)) if name not in _NAMES]
    given = read_from_address(keys.SLICE, [] if unknown else in_address)
    choice = st.session_state.get(keys.SLICE, []) if given is None else [_NAMES[name] for name in _names(given)]
    # Set even if unchanged: otherwise the widget of a newly opened page would start empty.
    st.session_state[keys.SLICE] = [name for name in dict.fromkeys(choice) if name in _OPTIONS]
    chosen = (place or st).multiselect(
        LABEL,
        _OPTIONS,
        format_func=slice_option,
        key=keys.SLICE,
        placeholder=SLICES["test"].title,
        persist_state="session",
        select_all=False,  # hardly any image belongs to all slices
        help=HELP,
    )
    if unknown and not chosen:  # a verdict on other images than the link promises would mislead
        known = ", ".join(map(slice_option, ["test", *_OPTIONS]))
        st.error(unknown_names_text("a slice", unknown, [known]), icon=":material/link_off:")
        st.stop()
    key = slice_key(chosen)
    write_to_address(keys.SLICE, [key], ["test"])
    return key


def slice_option(name: str) -> str:
    """Return a slice's name in the list, such as "Leak-free (without exact copies)"."""
    return SLICES[name].long_title


_OPTIONS = [name for name in SLICES if name != "test"]

_NAMES = {**{name: name for name in SLICES}, **{entry.title: name for name, entry in SLICES.items()}}
"""Name in an address -> key in `SLICES`. Older links contain titles."""


def _names(in_address: list[str]) -> list[str]:
    """Return the names in the values of an address, such as leak_free and dark in "leak_free,dark"."""
    return [name.strip() for value in in_address for name in value.split(",") if name.strip()]
